"""Many processes on one file: no errors, nothing lost, nobody waits long, safe first opens."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pytest

from engine_tools import assert_sound
from interlock import Engine
from workers_processes import SHARED, Report, content, place

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKER = str(Path(__file__).with_name("workers_processes.py"))
WRITERS = 16
RACERS = 9
SLOWEST_ALLOWED = 0.5
Process = subprocess.Popen[str]


def stream(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


@contextmanager
def processes(commands: list[list[str]]) -> Iterator[list[Process]]:
    """Worker processes that take lines and answer with lines; none outlives the block."""
    running = [
        subprocess.Popen(
            [sys.executable, WORKER, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for command in commands
    ]
    try:
        yield running
    finally:
        for process in running:
            process.kill()
            process.communicate()


def tell(process: Process, line: str) -> None:
    stream(process.stdin).write(line + "\n")
    stream(process.stdin).flush()


def answer(process: Process) -> str:
    return stream(process.stdout).readline().strip()


def assert_complete(path: str, reports: list[Report]) -> None:
    """Every acknowledged checkpoint and write is there, with its content, and nothing else."""
    expected = {
        place(report.name, number): content(report.name, number)
        for report in reports
        for number in range(report.cycles)
    }
    with Engine.open(path, must_exist=True) as engine:
        for thread in [SHARED, *(report.name for report in reports)]:
            for found in engine.checkpoints.list(thread):
                data = expected.pop((thread, found.checkpoint_id))
                assert found.values["messages"].data == data
                assert found.body == data[:16]
                assert [write.data for write in found.writes] == [data[:99]]
    assert not expected, f"{len(expected)} lost, for example {next(iter(expected))}"


def write_together(path: str, seconds: float) -> None:
    names = [f"writer-{number:02}" for number in range(WRITERS)]
    with processes([["write", path, name, str(seconds)] for name in names]) as running:
        assert [answer(process) for process in running] == ["ready"] * WRITERS
        for process in running:
            tell(process, "go")
        reports = [Report(**json.loads(answer(process))) for process in running]
    cycles = [report.cycles for report in reports]
    slowest = max(report.slowest for report in reports)
    operations = sum(report.operations for report in reports)
    print(
        f"\n{WRITERS} processes, {seconds:g} s: {operations} operations "
        f"({operations / seconds:.0f}/s), slowest {slowest * 1000:.0f} ms, "
        f"cycles per process {min(cycles)} to {max(cycles)}"
    )
    assert [error for report in reports for error in report.errors] == []
    assert min(cycles) > 0
    assert_complete(path, reports)
    assert_sound(path)
    assert slowest < SLOWEST_ALLOWED


def race_to_open(folder: Path, rounds: int) -> None:
    """Each racer opens, puts one checkpoint and closes, all at one moment."""
    failures: list[str] = []
    with processes([["race"]] * RACERS) as running:
        for number in range(rounds):
            path = str(folder / f"race-{number}.db")
            moment = time.monotonic() + (0.3 if number == 0 else 0.02)
            for process in running:
                tell(process, json.dumps([path, moment]))
            failures += [said for process in running if (said := answer(process)) != "opened"]
            with Engine.open(path, must_exist=True) as engine:
                assert len(list(engine.checkpoints.list("first"))) == RACERS
            assert_sound(path)
    print(f"\n{rounds} rounds of {RACERS} first opens: {len(failures)} failures")
    assert failures == []


def test_sixteen_processes_write_one_file(path: str) -> None:
    write_together(path, 3)


def test_simultaneous_first_opens(tmp_path: Path) -> None:
    race_to_open(tmp_path, 10)


@pytest.mark.soak
def test_sixteen_processes_write_one_file_for_long(path: str) -> None:
    write_together(path, 10)


@pytest.mark.soak
def test_many_simultaneous_first_opens(tmp_path: Path) -> None:
    race_to_open(tmp_path, 40)
