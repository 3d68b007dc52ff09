"""Abuse of what is stored: `python abuse_rows.py FOLDER EVERY FIRST`.

Every column of every row of a database is changed behind the library's back, one after the other;
then everything is asked that can be asked. Of all the changes, each EVERYth is made from the
FIRST. The last line before a crash says which it was.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from damage_world import NOON, World, build, operations
from interlock import Engine, InterlockError, Status

Stored = int | float | str | bytes | None
INTEGERS: list[Stored] = [0, -1, 7, 2**52, 2**62, 2**63 - 1, -(2**63)]
REALS: list[Stored] = [0.0, -1.5, 1e308, float("inf")]
TEXTS: list[Stored] = ["", "x", "{}", "[]", "null", "{", "9" * 30, "\0"]
LEAVES: list[Any] = [None, True, 2**63 - 1, -(2**63), 0.5, "", "x", [], {}, [[{}]]]
# No SQLite gives these back as text; they are what a flipped bit leaves of one.
NO_UTF8 = "CAST(x'61ff' AS TEXT)"


def changes(path: Path) -> Iterator[str]:
    """SQL, one row of one table each."""
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
        for (table,) in tables.fetchall():
            yield from changes_of_table(connection, table)


def changes_of_table(connection: sqlite3.Connection, table: str) -> Iterator[str]:
    # Generated columns cannot be set.
    described = connection.execute(f"PRAGMA table_xinfo ({table})").fetchall()
    columns = [f'"{name}"' for _, name, _, _, _, _, hidden in described if not hidden]
    keys = [f'"{name}"' for _, name, _, _, _, place, _ in described if place]
    for row in connection.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall():
        stored = dict(zip(columns, row, strict=True))
        where = " AND ".join(f"{key} = {literal(stored[key])}" for key in keys)
        yield f"DELETE FROM {table} WHERE {where}"
        for column, value in stored.items():
            for other in others(value):
                yield f"UPDATE {table} SET {column} = {other} WHERE {where}"


def literal(value: Stored) -> str:
    """As SQL has it."""
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return f"x'{value.hex()}'"
    if isinstance(value, str):
        return f"CAST(x'{value.encode().hex()}' AS TEXT)"
    return {float("inf"): "9e999", float("-inf"): "-9e999"}.get(value, repr(value))


def others(value: Stored) -> Iterator[str]:
    """What may stand there instead, of the same type: tables are strict."""
    yield "NULL"
    if isinstance(value, bool | int):
        yield from map(literal, [*INTEGERS, value + 1])
    elif isinstance(value, float):
        yield from map(literal, REALS)
    elif isinstance(value, bytes):
        yield from map(literal, bytes_instead_of(value))
    elif isinstance(value, str):
        yield from map(literal, TEXTS)
        yield NO_UTF8
        yield from (literal(text) for text in documents_instead_of(value))


def bytes_instead_of(value: bytes) -> Iterator[bytes]:
    """Cut off, longer, with bits flipped, with a count that is too large."""
    yield from (b"", b"\0", b"\xff" * 9, value[:-1], value[: len(value) // 2], value + b"\0")
    for place in range(min(len(value), 24)):
        for byte in (value[place] ^ 1, value[place] ^ 0x80, 0xFF):
            yield value[:place] + bytes([byte]) + value[place + 1 :]


def documents_instead_of(value: str) -> Iterator[str]:
    """The same document with one of its values changed, or gone."""
    try:
        document = json.loads(value)
    except ValueError:
        return
    if isinstance(document, dict | list):
        for changed in variants(document):
            yield json.dumps(changed)


def variants(value: Any) -> Iterator[Any]:
    """Of a JSON value, all that differ from it in one place."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield {other: kept for other, kept in value.items() if other != name}
            yield from ({**value, name: changed} for changed in variants(member))
    elif isinstance(value, list):
        for number, item in enumerate(value[:2]):
            yield value[:number] + value[number + 1 :]
            yield from (
                [*value[:number], changed, *value[number + 1 :]] for changed in variants(item)
            )
        yield value * 2
    yield from (leaf for leaf in LEAVES if leaf != value)


def survive(path: Path, world: World) -> None:
    """Anything may be refused; nothing may crash, and no defect of the library may show."""
    try:
        with Engine.open(path, clock=NOON, durability="normal") as engine:
            for operation in operations(world):
                try:
                    operation(engine)
                except InterlockError as error:
                    assert error.code != Status.INTERNAL, error
    except InterlockError as error:
        assert error.code != Status.INTERNAL, error


def main(folder: str, every: str, first: str) -> None:
    """Make the changes, each to the same database."""
    path = Path(folder) / "x.db"
    world = build(path)
    whole = path.read_bytes()
    made = 0
    for change in list(changes(path))[int(first) :: int(every)]:
        for leftover in Path(folder).glob("x.db-*"):
            leftover.unlink()
        path.write_bytes(whole)
        print(change[:500], file=sys.stderr, flush=True)
        if apply(path, change):
            made += 1
            survive(path, world)
    print(made, "survived")


def apply(path: Path, change: str) -> bool:
    """Whether the tables themselves allow it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        try:
            return connection.execute(change).rowcount == 1
        except sqlite3.IntegrityError:
            return False


if __name__ == "__main__":
    main(*sys.argv[1:])
