"""Abuse of database files, one case per run: `python abuse_files.py CASE FOLDER`.

Every refusal leaves the file, byte by byte, and the folder as they were.
"""

from __future__ import annotations

import os
import random
import resource
import signal
import sqlite3
from contextlib import closing
from ctypes import byref, c_void_p
from pathlib import Path

from abuse_common import MIB, call, main
from interlock import (
    ChannelValue,
    DiskFullError,
    Engine,
    InterlockError,
    ReadOnlyError,
    Status,
)

NOBODY = 65534


def refused(path: Path | str, wanted: set[Status], **options: object) -> InterlockError:
    """Opening is refused with one of these statuses, and nothing has changed."""
    folder = next(parent for parent in Path(path).parents if parent.is_dir())
    before = {name: content(name) for name in sorted(folder.iterdir())}
    try:
        Engine.open(path, **options).close()  # type: ignore[arg-type]
    except InterlockError as error:
        assert error.code in wanted, f"{error!s}, wanted {wanted}"
        assert error.message
        after = {name: content(name) for name in sorted(folder.iterdir())}
        assert after == before, f"changed: {set(after) ^ set(before)}"
        return error
    raise AssertionError(f"{path} was opened")


def content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() and os.access(path, os.R_OK) else None


def stored(path: Path, count: int = 20) -> None:
    with Engine.open(path) as engine:
        fill(engine, count)


def fill(engine: Engine, count: int) -> None:
    dice = random.Random(1)
    for number in range(count):
        engine.checkpoints.put(
            "t",
            f"{number:05}",
            body=dice.randbytes(500),
            versions={"c": str(number)},
            values=[ChannelValue("c", str(number), "x", dice.randbytes(5000))],
        )


def not_a_file(folder: str) -> None:
    """A folder, a missing folder, a file as a folder, a NUL in the path, nothing at all."""
    here = Path(folder)
    (here / "f").write_bytes(b"not a folder")
    wanted = {Status.CANNOT_OPEN}
    refused(here, wanted)
    refused(here / "f" / "x.db", wanted)
    refused(here / "x.db", wanted, must_exist=True)
    refused(here / "x.db", wanted, read_only=True)
    refused(f"{here}/absent.db\0.db", {Status.INVALID_ARGUMENT})
    assert call("interlock_engine_open", b"", 0, None, byref(c_void_p()))[0] == (
        Status.INVALID_ARGUMENT
    )
    refused(here / "absent" / "x.db", wanted)
    assert os.listdir(here) == ["f"]


def foreign(folder: str) -> None:
    """Text, noise, a database of another program, one with another application id."""
    here = Path(folder)
    wanted = {Status.FOREIGN_FILE}
    dice = random.Random(2)
    (here / "text").write_text("dear diary\n" * 500)
    (here / "noise").write_bytes(dice.randbytes(20000))
    (here / "magic").write_bytes(b"SQLite format 3\0" + dice.randbytes(5000))
    for name, script in (
        ("tables.db", "CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)"),
        ("id.db", "PRAGMA application_id = 77; CREATE TABLE theirs (a)"),
        ("version.db", "PRAGMA user_version = 1; CREATE TABLE checkpoints (a)"),
    ):
        with closing(sqlite3.connect(here / name)) as connection:
            connection.executescript(script)
    for name in ("text", "noise", "tables.db", "id.db", "version.db"):
        for options in ({}, {"read_only": True}, {"must_exist": True}):
            refused(here / name, wanted, **options)
    refused(here / "magic", {Status.FOREIGN_FILE, Status.CORRUPT})


def newer(folder: str) -> None:
    """A database of a later release."""
    path = Path(folder) / "x.db"
    stored(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 1000")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    error = refused(path, {Status.NEWER_SCHEMA})
    assert "1000" in error.message


def truncated(folder: str) -> None:
    """A database cut at every sort of place: a status at open, or at use, never a crash."""
    path = Path(folder) / "x.db"
    stored(path)
    whole = path.read_bytes()
    for size in (15, 16, 99, 100, 4095, 4096, 4097, len(whole) // 2, len(whole) - 4096):
        for leftover in Path(folder).glob("x.db-*"):
            leftover.unlink()
        path.write_bytes(whole[:size])
        try:
            with Engine.open(path) as engine:
                try:
                    assert not engine.check().ok, f"{size} bytes of {len(whole)} are sound"
                finally:
                    list(engine.checkpoints.list())
        except InterlockError as error:
            assert error.code in {Status.CORRUPT, Status.FOREIGN_FILE, Status.IO}, (size, error)


def flipped(folder: str) -> None:
    """Every page with a few flipped bits: true values, or the check notices, or a status."""
    path = Path(folder) / "x.db"
    stored(path, 8)
    whole = path.read_bytes()
    with Engine.open(path) as engine:
        truth = {found.checkpoint_id: found.values for found in engine.checkpoints.list()}
    dice = random.Random(3)
    size = int.from_bytes(whole[16:18], "big")
    for page in range(len(whole) // size):
        damaged = bytearray(whole)
        for _ in range(5):
            damaged[page * size + dice.randrange(size)] ^= 1 << dice.randrange(8)
        for leftover in Path(folder).glob("x.db-*"):
            leftover.unlink()
        path.write_bytes(damaged)
        try:
            with Engine.open(path) as engine:
                sound = engine.check().ok
                for found in engine.checkpoints.list():
                    true = truth.get(found.checkpoint_id)
                    assert found.values == true or not sound, f"unnoticed damage in page {page}"
        except InterlockError as error:
            assert error.code in {
                Status.CORRUPT, Status.FOREIGN_FILE, Status.NEWER_SCHEMA, Status.IO,
                Status.CANNOT_OPEN,
            }, error  # fmt: skip


def no_permission(folder: str) -> None:
    """A user without rights: a file it may only read, one it may not, a folder it may not fill."""
    here = Path(folder)
    readable, secret = here / "readable.db", here / "secret.db"
    stored(readable)
    stored(secret)
    readable.chmod(0o444)
    secret.chmod(0)
    here.chmod(0o555)
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    refused(here / "made.db", {Status.CANNOT_OPEN, Status.READ_ONLY})
    refused(secret, {Status.CANNOT_OPEN})
    before = readable.read_bytes()
    try:
        with Engine.open(readable) as engine:
            assert len(list(engine.checkpoints.list())) == 20
            for change in (lambda: fill(engine, 1), lambda: engine.threads.delete("t")):
                try:
                    change()
                except ReadOnlyError:
                    continue
                raise AssertionError("a file without write permission was changed")
    except InterlockError as error:
        assert error.code in {Status.CANNOT_OPEN, Status.READ_ONLY}, error
    assert readable.read_bytes() == before


def quota(folder: str) -> None:
    """A full database: the call fails as a whole, reading goes on, and deleting makes room."""
    with Engine.open(Path(folder) / "x.db", max_database_bytes=MIB) as engine:
        exhaust(engine)
        engine.threads.delete("t")
        engine.checkpoints.put("t", "again", body=b"room")
        assert engine.check().ok
        assert (Path(folder) / "x.db").stat().st_size <= MIB


def tiny_disk(folder: str) -> None:
    """The same on a file system that is full, until somebody makes room on it."""
    ballast = Path(folder) / "ballast"
    ballast.write_bytes(bytes(MIB))
    with Engine.open(Path(folder) / "x.db") as engine:
        exhaust(engine)
        ballast.unlink()
        engine.threads.delete("t")
        engine.checkpoints.put("t", "again", body=b"room")
        assert engine.check().ok


def no_growth(folder: str) -> None:
    """The log may not grow: a commit that does not fit fails whole, and the next one goes on."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Engine.open(Path(folder) / "x.db") as engine:
        dice, kept = random.Random(9), []
        for number in range(40):
            size = dice.choice((10, 3000, 90_000, 400_000))
            limit = Path(folder, "x.db-wal").stat().st_size + dice.randrange(300_000)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, usual[1]))
            try:
                engine.checkpoints.put("t", f"{number:05}", body=dice.randbytes(size))
                kept.append(f"{number:05}")
            except InterlockError as error:
                assert error.code in {Status.IO, Status.DISK_FULL}, error
            resource.setrlimit(resource.RLIMIT_FSIZE, usual)
            found = [each.checkpoint_id for each in engine.checkpoints.list("t")]
            assert found == kept[::-1], (size, found, kept)
        assert 5 < len(kept) < 35, len(kept)
        engine.checkpoints.put("t", "last", body=bytes(400_000))
        assert engine.check().ok


def exhaust(engine: Engine) -> None:
    dice = random.Random(4)
    count = 0
    for _ in range(2000):
        before = count
        try:
            number = str(count)
            value = ChannelValue("c", number, "x", dice.randbytes(20000))
            engine.checkpoints.put(
                "t", f"{count:05}", versions={"c": number}, values=[value], body=b"b" * 1000
            )
            count += 1
        except DiskFullError as error:
            assert error.code == Status.DISK_FULL and error.hint
            break
    else:
        raise AssertionError("it never became full")
    assert before == count > 5
    assert len(list(engine.checkpoints.list("t"))) == count
    assert engine.check().ok


if __name__ == "__main__":
    cases = (
        not_a_file,
        foreign,
        newer,
        truncated,
        flipped,
        no_permission,
        quota,
        no_growth,
        tiny_disk,
    )
    main({case.__name__: case for case in cases})
