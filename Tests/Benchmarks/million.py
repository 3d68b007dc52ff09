"""A million pending reviews: pages of them, and single ones beside a store of a thousand.

To ask a million times takes too long. A few hundred reviews are opened through the library, all
different, and their rows are copied by SQL with other ids, keys and threads, until there are
enough, with their events. The small store is made in the same way, and the library's own check has
to find it sound. The large one is kept in .build-bench for the next run; it then also has the
reviews that were answered in runs before.
"""

from __future__ import annotations

import json
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

import abi
import native
from common import (
    REPOSITORY,
    Bar,
    Context,
    in_rounds,
    progress,
    run_python,
)
from native import PEER

TEMPLATES = 400
CHANNELS, PERSONS = 100, 200
SMALL = 1000
CALLS = 25
PAGES = (
    "status",
    "channel and status",
    "assignee and status",
    "assignee",
    "due_before",
    "due_before and status",
)
ACTIONS = ("open", "get", "respond")
PAGE_BAR = Bar(1.0)
GROWTH_BAR = Bar(1.5)

COPY = """
import sqlite3, sys
path, count = sys.argv[1], int(sys.argv[2])
c = sqlite3.connect(path, isolation_level=None)
c.execute("PRAGMA journal_mode = MEMORY")
c.execute("PRAGMA synchronous = OFF")
c.execute("PRAGMA cache_size = -200000")
templates = c.execute("SELECT max(sequence) FROM reviews").fetchone()[0]
events = c.execute("SELECT max(sequence) FROM events").fetchone()[0]
assert events == templates, "one event each"
assert not c.execute("SELECT count(*) FROM definitions").fetchone()[0], "all are small"
columns = [row[1] for row in c.execute("PRAGMA table_info(reviews)")]
changed = {
    "sequence": "n.n",
    "id": "printf('rev_%012x', created_at + n.n) || lower(hex(randomblob(10)))",
    "thread": "replace(thread, t.marker, n.marker)",
    "external_id": "replace(external_id, t.marker, n.marker)",
    "key": "replace(key, t.marker, n.marker)",
    "definition": "replace(definition, t.marker, n.marker)",
}
chosen = ", ".join(changed.get(column, column) for column in columns)
c.execute("BEGIN")
c.execute(f'''
    WITH RECURSIVE numbers(n) AS (
      SELECT {templates + 1} UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})
    INSERT INTO reviews ({", ".join(columns)})
    SELECT {chosen} FROM (SELECT n, printf('n%08d', n) AS marker FROM numbers) AS n
    CROSS JOIN (SELECT *, printf('n%08d', sequence) AS marker FROM reviews) AS t
    WHERE t.sequence = 1 + n.n % {templates}''')
# A head begins with the id of its review.
c.execute(f'''
    UPDATE reviews SET head = replace(head, substr(head, 8, length(id)), id)
    WHERE sequence > {templates}''')
c.execute(f'''
    INSERT INTO events (sequence, type, at, review, thread, channel, body)
    SELECT r.sequence, e.type, e.at, r.id, r.thread, r.channel, e.body
    FROM reviews AS r CROSS JOIN events AS e
    WHERE r.sequence > {templates} AND e.sequence = 1 + r.sequence % {templates}''')
c.execute("COMMIT")
c.execute("PRAGMA journal_mode = WAL")
"""


def measure(context: Context) -> None:
    """Pages, and opening, reading and answering."""
    count = context.pick(1_000_000, 20_000)
    small = context.path("reviews.db")
    _build(small, SMALL)
    with abi.opened(small) as engine:
        engine.check()
    sizes = (str(context.pick(40, 3)), str(CALLS))
    program = native.build(context, "c_million")
    found = json.loads(native.run(program, str(small), str(_kept(count, small)), *sizes))
    times = {name: in_rounds(values, CALLS) for name, values in found.items()}
    for page in PAGES:
        name = f"page of 50 of {count}, by {page}, p50"
        each = {PEER: times[f"{page} plain"], "interlock": times[f"{page} large"]}
        context.compare("million", name, each, "interlock", PEER, PAGE_BAR, absolute=True)
    for action in ACTIONS:
        name = f"{action} with {count} pending, p50"
        small_peer = f"with {SMALL}"
        each = {small_peer: times[f"{action} small"], "interlock": times[f"{action} large"]}
        context.compare("million", name, each, "interlock", small_peer, GROWTH_BAR)


def _build(path: Path, count: int) -> None:
    """A database of so many pending reviews."""
    now = time.time_ns() // 1_000_000
    with abi.opened(path) as engine:
        for number in range(1, TEMPLATES + 1):
            engine.document("review_open", _request(number, now))
    run_python(COPY, str(path), str(count))


def _kept(count: int, small: Path) -> Path:
    """The large database, built if there is none of this schema, or none that can be read."""
    schema = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]);"
    schema += "print(c.execute('PRAGMA page_size').fetchall());"
    schema += "print(c.execute('SELECT sql FROM sqlite_schema').fetchall())"
    made = sha256((COPY + run_python(schema, str(small))).encode()).hexdigest()
    path = REPOSITORY / ".build-bench" / f"reviews-{count}-{made[:12]}.db"
    if path.exists():
        try:
            with abi.opened(path) as engine:
                engine.document("review_list", {"limit": 1000})
            _warm(path)
            return path
        except RuntimeError as error:
            progress(f"built again: {error}")
    progress(f"building {count} reviews, for this run and the next ones ...")
    new = path.with_suffix(".new")
    for file in path.parent.glob(f"{new.name}*"):
        file.unlink()
    for file in path.parent.glob(f"reviews-{count}-*"):
        file.unlink()
    _build(new, count)
    new.rename(path)
    Path(f"{new}-wake").unlink(missing_ok=True)
    return path


def _warm(path: Path) -> None:
    """A file that was just built is in memory; so is one that is used again."""
    with path.open("rb") as file:
        while file.read(1 << 24):
            pass


def _request(number: int, now: int) -> dict[str, Any]:
    marker = f"n{number:08}"
    request: dict[str, Any] = {
        "kind": "approval",
        "title": f"Refund of order {number % 7919}",
        "summary": "The customer sent the goods back, and they have arrived undamaged.",
        "payload": {
            "tool": "payments.refund",
            "arguments": {"order": marker, "amount": "129.90", "reason": "returned in time"},
        },
        "thread": f"thread-{marker}",
        "channel": f"channel-{number % CHANNELS}",
        "assignee": f"person-{number % PERSONS}",
        "key": f"key-{marker}",
        "external_id": f"ticket-{marker}",
        "requester": {"type": "agent", "value": "billing"},
    }
    if number % 2:
        request["deadline"] = now + (365 * 24 * 3600 + number * 3600) * 1000
    return request
