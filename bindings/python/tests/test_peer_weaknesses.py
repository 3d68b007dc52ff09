"""W1 to W10: weaknesses measured in the stock SQLite savers, each shown there and absent here."""

from __future__ import annotations

import asyncio
import sqlite3
import statistics
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from interlock import Engine, InterlockError
from interlock.langgraph import InterlockSaver
from peer_tools import fill, finishes, fresh, plan, python

ROOT_OF: Any = {"configurable": {"thread_id": "t", "checkpoint_ns": ""}}


def size_after(path: Path, turns: int, kind: Any) -> int:
    """Bytes of a database after a list channel grew by one kilobyte a turn."""
    log: list[str] = []
    config: Any = ROOT_OF
    with kind.from_conn_string(str(path)) as saver:
        for number in range(turns):
            log.append(f"{number} " + f"{number * 7919:08}" * 128)
            checkpoint, versions = fresh({"log": log}, number)
            config = saver.put(config, checkpoint, {"step": number}, versions)
    return path.stat().st_size


def test_w1_storage_grows_with_the_conversation_not_its_square(tmp_path: Path) -> None:
    stock = [size_after(tmp_path / f"s{n}.db", n, SqliteSaver) for n in (60, 120)]
    ours = [size_after(tmp_path / f"i{n}.db", n, InterlockSaver) for n in (60, 120)]
    assert stock[1] > 3.3 * stock[0]
    assert ours[1] < 2.3 * ours[0]
    empty = size_after(tmp_path / "i0.db", 0, InterlockSaver)
    assert ours[1] - empty < stock[1] / 10


def test_w2_deleting_a_thread_shrinks_the_file(tmp_path: Path) -> None:
    sizes: dict[str, list[int]] = {}
    for kind in (SqliteSaver, InterlockSaver):
        path = tmp_path / f"{kind.__name__}.db"
        sizes[kind.__name__] = []
        with kind.from_conn_string(str(path)) as saver:
            fill(saver, "t", 200, size=9000)
        sizes[kind.__name__].append(path.stat().st_size)
        with kind.from_conn_string(str(path)) as saver:
            saver.delete_thread("t")
        sizes[kind.__name__].append(path.stat().st_size)
    assert sizes["SqliteSaver"][1] >= sizes["SqliteSaver"][0]
    assert sizes["InterlockSaver"][1] < sizes["InterlockSaver"][0] / 2


def test_w3_durability_can_be_chosen(tmp_path: Path) -> None:
    def median(saver: Any) -> float:
        times = []
        config: Any = ROOT_OF
        for number in range(300):
            checkpoint, versions = fresh({"text": "x" * 500}, number)
            started = time.perf_counter()
            config = saver.put(config, checkpoint, {"step": number}, versions)
            times.append(time.perf_counter() - started)
        return statistics.median(times)

    with SqliteSaver.from_conn_string(str(tmp_path / "s.db")) as stock:
        stock.setup()
        assert stock.conn.execute("PRAGMA synchronous").fetchone() == (2,)
        slow = median(stock)
    with Engine.open(tmp_path / "i.db", durability="normal") as engine:
        assert engine.info().durability == "normal"
        assert median(InterlockSaver(engine)) < slow


NESTED = """
import sys, time
sys.path.insert(0, sys.argv[3])
from peer_tools import fill
from interlock.langgraph import InterlockSaver
from langgraph.checkpoint.sqlite import SqliteSaver
kind = {"stock": SqliteSaver, "ours": InterlockSaver}[sys.argv[1]]
with kind.from_conn_string(sys.argv[2]) as saver:
    fill(saver, "t", 5)
    where = {"configurable": {"thread_id": "t", "checkpoint_ns": ""}}
    print(sum(saver.get_tuple(found.config) is not None for found in saver.list(where)))
"""


def test_w4_a_saver_may_be_called_inside_its_own_list(tmp_path: Path) -> None:
    here = str(Path(__file__).parent)
    stock = python(NESTED, "stock", str(tmp_path / "s.db"), here, seconds=6)
    assert stock.returncode == -9, "the stock saver was expected to deadlock"
    ours = python(NESTED, "ours", str(tmp_path / "i.db"), here)
    assert (ours.returncode, ours.stdout) == (0, "5\n"), ours.stderr


async def test_w4_asynchronously_too(tmp_path: Path) -> None:
    async def nested(saver: Any) -> int:
        checkpoint, versions = fresh({"a": 1}, 1)
        await saver.aput(ROOT_OF, checkpoint, {}, versions)
        return len([await saver.aget_tuple(f.config) async for f in saver.alist(ROOT_OF)])

    async with AsyncSqliteSaver.from_conn_string(str(tmp_path / "s.db")) as stock:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(nested(stock), 2)
    with InterlockSaver(str(tmp_path / "i.db")) as ours:
        assert await asyncio.wait_for(nested(ours), 10) == 1


def test_w5_a_failed_request_leaves_nothing_behind(tmp_path: Path) -> None:
    """Both databases refuse the second row of a call."""
    fault = (
        "CREATE TRIGGER fault BEFORE INSERT ON writes WHEN NEW.{} = 1"
        " BEGIN SELECT RAISE(ABORT, 'half way'); END"
    )
    where: Any = {"configurable": {**ROOT_OF["configurable"], "checkpoint_id": "c"}}
    two = [("a", 1), ("b", 2)]
    with SqliteSaver.from_conn_string(str(tmp_path / "s.db")) as stock:
        stock.setup()
        stock.conn.execute(fault.format("idx"))
        with pytest.raises(sqlite3.IntegrityError, match="half way"):
            stock.put_writes(where, two, "task")
        assert stock.conn.execute("SELECT channel FROM writes").fetchall() == [("a",)]

    path = tmp_path / "i.db"
    Engine.open(path).close()
    with closing(sqlite3.connect(path)) as database:
        database.execute(fault.format("position"))
    with InterlockSaver(path) as ours:
        with pytest.raises(InterlockError, match="half way"):
            ours.put_writes(where, two, "task")
        report = ours.engine.check()
        assert (report.ok, report.threads, report.writes) == (True, 0, 0)
        ours.put_writes(where, two[:1], "task")
        assert ours.engine.check().writes == 1


async def test_w6_a_fresh_database_can_be_deleted_from(tmp_path: Path) -> None:
    async with AsyncSqliteSaver.from_conn_string(str(tmp_path / "s.db")) as stock:
        with pytest.raises(sqlite3.OperationalError, match="no such table"):
            await stock.adelete_thread("t")
    with InterlockSaver(str(tmp_path / "i.db")) as ours:
        await ours.adelete_thread("t")


def test_w7_one_class_is_synchronous_and_asynchronous_on_any_loop(tmp_path: Path) -> None:
    async def put(saver: Any, number: int) -> None:
        checkpoint, versions = fresh({"a": number}, number)
        await saver.aput(ROOT_OF, checkpoint, {}, versions)

    async def put_from_the_loop(saver: Any, number: int) -> None:
        checkpoint, versions = fresh({"a": number}, number)
        saver.put(ROOT_OF, checkpoint, {}, versions)

    with (
        SqliteSaver.from_conn_string(str(tmp_path / "s.db")) as stock,
        pytest.raises(NotImplementedError),
    ):
        asyncio.run(put(stock, 1))

    async def hang() -> None:
        async with AsyncSqliteSaver.from_conn_string(str(tmp_path / "a.db")) as stock:
            await put_from_the_loop(stock, 1)

    assert not finishes(lambda: asyncio.run(hang()), 3), "the stock saver was expected to hang"

    with InterlockSaver(str(tmp_path / "i.db")) as ours:
        asyncio.run(put(ours, 1))
        asyncio.run(put(ours, 2))  # another loop
        asyncio.run(put_from_the_loop(ours, 3))
        assert len(list(ours.list(ROOT_OF))) == 3


OPEN = """
import sys, time
from interlock.langgraph import InterlockSaver
from langgraph.checkpoint.sqlite import SqliteSaver
kind = {"stock": SqliteSaver, "ours": InterlockSaver}[sys.argv[1]]
failures = 0
for path in sys.argv[2:]:
    sys.stdin.readline()
    print("ready", flush=True)
    start = float(sys.stdin.readline())
    time.sleep(max(0.0, start - time.time() - 0.002))
    while time.time() < start:
        pass
    try:
        with kind.from_conn_string(path) as saver:
            saver.setup()
    except Exception as error:
        failures += "locked" in str(error) or kind is InterlockSaver
print(failures)
"""


def open_at_once(kind: str, paths: list[str], processes: int = 6) -> int:
    """Opens each new file in several processes at the same moment; returns the failures."""
    running = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, kind, *paths],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(processes)
    ]

    def tell(line: str) -> None:
        for process in running:
            assert process.stdin is not None
            process.stdin.write(line + "\n")
            process.stdin.flush()

    for _ in paths:
        tell("")
        for process in running:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        tell(str(time.time() + 0.01))
    return sum(int(process.communicate(timeout=120)[0]) for process in running)


def test_w8_first_opens_may_race(tmp_path: Path) -> None:
    rounds = 40
    seen = 0
    for attempt in range(10):
        paths = [str(tmp_path / f"s{attempt}-{number}.db") for number in range(rounds)]
        seen += open_at_once("stock", paths)
        if seen:
            break
    assert seen > 0, "the stock saver was expected to fail at least once in 400 rounds"
    paths = [str(tmp_path / f"i{number}.db") for number in range(rounds)]
    assert open_at_once("ours", paths) == 0


WRITE = """
import sys, time
sys.path.insert(0, sys.argv[4])
from peer_tools import fresh
from interlock.langgraph import InterlockSaver
from langgraph.checkpoint.sqlite import SqliteSaver
kind = {"stock": SqliteSaver, "ours": InterlockSaver}[sys.argv[1]]
with kind.from_conn_string(sys.argv[2]) as saver:
    config = {"configurable": {"thread_id": sys.argv[3], "checkpoint_ns": ""}}
    saver.setup()
    print("ready", flush=True)
    sys.stdin.readline()
    end, number, slowest = time.monotonic() + 3, 0, 0.0
    while time.monotonic() < end:
        checkpoint, versions = fresh({"a": "x" * 500}, number)
        started = time.monotonic()
        config = saver.put(config, checkpoint, {"step": number}, versions)
        slowest = max(slowest, time.monotonic() - started)
        number += 1
print(number, slowest)
"""


def write_at_once(kind: str, path: str, processes: int = 8) -> list[tuple[int, float]]:
    """Cycles and slowest operation of each of several writing processes."""
    here = str(Path(__file__).parent)
    running = [
        subprocess.Popen(
            [sys.executable, "-c", WRITE, kind, path, f"t{number}", here],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(processes)
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    results = []
    for process in running:
        cycles, slowest = process.communicate(timeout=60)[0].split()
        results.append((int(cycles), float(slowest)))
    return results


def test_w9_processes_take_fair_turns(tmp_path: Path) -> None:
    stock = write_at_once("stock", str(tmp_path / "s.db"))
    ours = write_at_once("ours", str(tmp_path / "i.db"))

    def unfairness(results: list[tuple[int, float]]) -> float:
        cycles = [cycle for cycle, _ in results]
        return max(cycles) / max(1, min(cycles))

    for name, results in (("stock", stock), ("ours", ours)):
        print(
            f"\n{name}: slowest {max(slow for _, slow in results) * 1e3:.0f} ms, cycles per process"
            f" {min(cycle for cycle, _ in results)} to {max(cycle for cycle, _ in results)}"
        )
    slowest = max(slow for _, slow in ours)
    assert slowest < 0.5
    assert slowest < max(slow for _, slow in stock)
    assert unfairness(ours) < 4


def test_w10_a_filter_across_threads_walks_an_index(tmp_path: Path) -> None:
    def fill_and_find(saver: Any) -> float:
        """Seconds to find the newest match among many checkpoints, at best."""
        for number in range(60):
            fill(saver, f"t{number}", 20, size=2000, team="red" if number % 10 == 9 else "blue")
        times = []
        for _ in range(5):
            started = time.perf_counter()
            found = [f.metadata["team"] for f in saver.list(None, filter={"team": "red"}, limit=5)]
            times.append(time.perf_counter() - started)
            assert found == ["red"] * 5
        return min(times)

    path = tmp_path / "s.db"
    with SqliteSaver.from_conn_string(str(path)) as stock:
        stock_seconds = fill_and_find(stock)
    sql = "SELECT * FROM checkpoints WHERE json_extract(CAST(metadata AS TEXT), '$.team') = 'red'"
    stock_plan = plan(path, f"{sql} ORDER BY checkpoint_id DESC LIMIT 5")
    assert "SCAN checkpoints" in stock_plan
    assert "TEMP B-TREE" in stock_plan

    path = tmp_path / "i.db"
    with InterlockSaver(str(path)) as ours:
        our_seconds = fill_and_find(ours)
    ours_plan = plan(path, "SELECT * FROM checkpoints ORDER BY id DESC, sequence DESC LIMIT 5")
    assert "checkpoints_by_id" in ours_plan
    assert "TEMP B-TREE" not in ours_plan
    print(f"\nnewest match: stock {stock_seconds * 1e3:.2f} ms, ours {our_seconds * 1e3:.2f} ms")
    assert our_seconds < stock_seconds / 2
