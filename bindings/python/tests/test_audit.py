"""The audit chain and the receipts: what was changed afterwards is found."""

from __future__ import annotations

import copy
import hashlib
import io
import itertools
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import interlock
from interlock import Engine, NotAuthorizedError, verify_receipt
from review_tools import APPROVE, REJECT, ask_id

SEED = bytes(range(32))


def decide(engine: Engine, count: int = 4) -> list[str]:
    ids = [ask_id(engine) for _ in range(count)]
    for n, id in enumerate(ids):
        engine.reviews.respond(id, actor=f"user {n}", response=REJECT if n % 2 else APPROVE)
    return ids


def test_the_audit_has_every_decision_and_refusal(engine: Engine) -> None:
    ids = decide(engine)
    with pytest.raises(interlock.AlreadyResolvedError):
        engine.reviews.respond(ids[0], actor="eve", response=REJECT)
    engine.reviews.cancel(ask_id(engine), actor="ana")
    engine.reviews.supersede(ask_id(engine), successor={"kind": "text", "payload": {}})
    records = [*engine.audit.list()]
    assert [record["seq"] for record in records] == [*range(1, len(records) + 1)]
    assert [record["action"] for record in records] == [
        *["decision"] * 4,
        "refusal",
        "cancellation",
        "supersession",
    ]
    assert records[0]["prev"] == "0" * 64
    for before, after in itertools.pairwise(records):
        assert after["prev"] == before["hash"]
    assert [record["review"] for record in engine.audit.list(review=ids[0])] == [ids[0]] * 2
    page = engine.audit.read(after=2, limit=2)
    assert (page["records"], page["next"], page["last"]) == (records[2:4], 4, len(records))
    report = engine.audit.verify()
    assert report.ok
    assert report.records == len(records)
    assert report.head == {"seq": len(records), "hash": records[-1]["hash"]}
    assert report.problems == ()


def test_an_empty_audit(engine: Engine, tmp_path: Path) -> None:
    assert [*engine.audit.list()] == []
    report = engine.audit.verify()
    assert (report.ok, report.records, report.head) == (True, 0, None)
    assert engine.audit.export(tmp_path / "audit.jsonl") == 0
    assert (tmp_path / "audit.jsonl").read_bytes() == b""


def test_an_export_can_be_verified_by_anybody(engine: Engine, tmp_path: Path) -> None:
    decide(engine, 3)
    path = tmp_path / "audit.jsonl"
    progress: list[int] = []
    assert engine.audit.export(path, progress=progress.append) == 3
    assert progress == [3]
    previous = "0" * 64
    for line, record in zip(path.read_bytes().splitlines(), engine.audit.list(), strict=True):
        stored: dict[str, Any] = json.loads(line)
        assert stored == record
        said = stored.pop("hash")
        assert stored["prev"] == previous
        canonical = json.dumps(stored, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert hashlib.sha256(canonical.encode()).hexdigest() == said
        previous = said
    file = io.BytesIO()
    assert engine.audit.export(file, after=1) == 3
    assert file.getvalue() == b"".join(path.read_bytes().splitlines(keepends=True)[1:])
    with pytest.raises(OSError):
        engine.audit.export(tmp_path / "no folder" / "audit.jsonl")


async def test_the_audit_beside_an_event_loop(engine: Engine, tmp_path: Path) -> None:
    decide(engine, 2)
    assert len([record async for record in engine.audit.alist()]) == 2
    assert (await engine.audit.aread(limit=1))["next"] == 1
    assert (await engine.audit.averify()).ok
    assert await engine.audit.aexport(tmp_path / "a") == 2


def tables(path: str) -> list[tuple[str, str]]:
    """The tables that hold audit records, with their columns of text or bytes."""
    with closing(sqlite3.connect(path)) as connection:
        names = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
            if "audit" in name
        ]
        assert names, "no table of the audit"
        return [
            (name, column[1])
            for name in names
            for column in connection.execute(f"PRAGMA table_info({name})")
        ]


def edited(path: str, target: Path, *statements: str) -> str:
    """A copy of a database, changed behind the engine's back."""
    shutil.copy(path, target)
    with closing(sqlite3.connect(target)) as connection:
        for name, sql in connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type='trigger'"
        ).fetchall():
            assert sql
            connection.execute(f"DROP TRIGGER {name}")  # whoever can write the file can do this
        changed = 0
        for statement in statements:
            changed += connection.execute(statement).rowcount
        connection.commit()
        assert changed > 0, statements
    return str(target)


def test_tampering_with_the_audit_is_found(path: str, tmp_path: Path) -> None:
    with Engine.open(path) as engine:
        decide(engine, 6)
        head = engine.audit.verify().head
    assert head is not None
    table = tables(path)[0][0]
    columns = [column for name, column in tables(path) if name == table]
    seq = "sequence"
    for number, statements in enumerate(
        (
            (f"DELETE FROM {table} WHERE {seq} = 3",),
            (f"DELETE FROM {table} WHERE {seq} = 1",),
            (
                f"UPDATE {table} SET {seq} = 100 WHERE {seq} = 2",
                f"UPDATE {table} SET {seq} = 2 WHERE {seq} = 3",
                f"UPDATE {table} SET {seq} = 3 WHERE {seq} = 100",
            ),
        )
    ):
        copied = edited(path, tmp_path / f"{number}.db", *statements)
        with Engine.open(copied) as engine:
            report = engine.audit.verify()
            assert not report.ok, statements
            assert report.problems[0]["message"]
            assert not engine.check().ok
    # content: every column that holds something of a record
    changed = 0
    for column in columns:
        if column == seq:
            continue
        with closing(sqlite3.connect(path)) as connection:
            (value,) = connection.execute(
                f"SELECT {column} FROM {table} WHERE {seq} = 4"
            ).fetchone()
        if value is None:
            continue
        if isinstance(value, int):
            new = f"{column} + 1"
        elif isinstance(value, bytes):
            new = "x'" + bytes([value[0] ^ 1, *value[1:]]).hex() + "'"
        else:
            letter = "a" if value[-3:-2] != "a" else "b"
            new = f"substr({column}, 1, length({column}) - 3) || '{letter}' || substr({column}, -2)"
        copied = edited(
            path, tmp_path / f"{column}.db", f"UPDATE {table} SET {column} = {new} WHERE {seq} = 4"
        )
        try:
            with Engine.open(copied) as engine:
                assert not engine.audit.verify().ok, column
        except interlock.CorruptError:
            pass
        changed += 1
    assert changed >= 1
    # cut off at the end: only who kept the head can know
    copied = edited(path, tmp_path / "cut.db", f"DELETE FROM {table} WHERE {seq} > 4")
    with Engine.open(copied) as engine:
        assert not engine.audit.verify(head=head).ok
    with Engine.open(path) as engine:
        assert engine.audit.verify(head=head).ok
        decide(engine, 1)
        assert engine.audit.verify(head=head).ok
        wrong: Any = {"seq": head["seq"], "hash": "0" * 64}
        assert not engine.audit.verify(head=wrong).ok


def test_receipts_are_verified_without_a_store(path: str) -> None:
    with Engine.open(path, signing_key=SEED) as engine:
        ids = decide(engine, 2)
        receipt = engine.reviews.receipt(ids[0])
        key = engine.info().public_key
        other = engine.reviews.receipt(ids[1])
        with pytest.raises(interlock.ConflictError):
            engine.reviews.receipt(ask_id(engine))
    assert key is not None
    assert receipt["key"] == key
    statement = verify_receipt(receipt, key)
    assert statement == receipt["receipt"]
    assert (statement["review"], statement["outcome"]) == (ids[0], "approved")
    assert statement["decisions"][0]["actor"]["value"] == "user 0"
    canonical = json.dumps(APPROVE, separators=(",", ":")).encode()
    assert statement["response_digest"] == hashlib.sha256(canonical).hexdigest()
    assert verify_receipt(json.dumps(receipt), key) == statement
    assert verify_receipt(json.dumps(receipt).encode(), key) == statement

    def changed(**members: Any) -> Any:
        forged: Any = copy.deepcopy(receipt)
        forged["receipt"].update(members)
        return forged

    forgeries: list[Any] = [
        changed(outcome="rejected"),
        changed(closed_at=statement["closed_at"] + 1),
        changed(review=ids[1]),
        changed(decisions=[]),
        changed(surprise=True),
        {**receipt, "signature": other["signature"]},
        {**other, "signature": receipt["signature"]},
    ]
    for forged in forgeries:
        with pytest.raises(NotAuthorizedError):
            verify_receipt(forged, key)
    for wrong in ({}, {"receipt": {}}, {**receipt, "signature": "?"}, []):
        with pytest.raises(interlock.InterlockError):
            verify_receipt(wrong, key)  # type: ignore[arg-type]
    for bad_key in ("", "AAAA", "not base64 at all"):
        with pytest.raises(interlock.InterlockError):
            verify_receipt(receipt, bad_key)
    with pytest.raises(interlock.InvalidJSONError):
        verify_receipt(b"{", key)


def test_a_forger_with_a_key_of_his_own_is_refused(path: str, tmp_path: Path) -> None:
    with Engine.open(path, signing_key=SEED) as engine:
        id = decide(engine, 1)[0]
        engine.reviews.receipt(id)
        trusted = engine.info().public_key
    with Engine.open(path, signing_key=bytes(32)) as forger:
        forged = forger.reviews.receipt(id)
    assert trusted is not None
    with pytest.raises(NotAuthorizedError):
        verify_receipt(forged, trusted)


def test_a_key_is_made_and_kept(url: str) -> None:
    with Engine.open(url) as engine:
        receipt = engine.reviews.receipt(decide(engine, 1)[0])
        key = engine.info().public_key
        assert key is not None
        assert verify_receipt(receipt, key)["outcome"] == "approved"
        assert receipt["key"] == key
    if url.endswith(".db"):
        with Engine.open(url) as engine:
            assert engine.info().public_key == key
