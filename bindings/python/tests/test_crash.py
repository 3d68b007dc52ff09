"""kill -9 at random moments: what was acknowledged is there, the file is sound, work goes on."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine_tools import assert_sound
from interlock import Engine
from workers_crash import Step, put

WORKER = str(Path(__file__).with_name("workers_crash.py"))
SEED = 20261121


def killed_writer(path: str, number: int, source: random.Random) -> list[tuple[str, Step]]:
    """Run a writer, kill it at a random moment, and return what it acknowledged, in order."""
    durability = source.choice(["full", "normal"])
    process = subprocess.Popen(
        [sys.executable, WORKER, path, str(number), durability], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    heard: list[str] = []
    # Some die while they open the file, the others while they write: the moment is counted in
    # acknowledged calls, so that a slow disk does not make the test an empty one.
    if number % 5 == 4:
        time.sleep(source.uniform(0.01, 0.08))
    else:
        heard = [process.stdout.readline() for _ in range(source.randint(1, 80))]
        time.sleep(source.uniform(0, 0.01))
    os.kill(process.pid, signal.SIGKILL)
    rest, _ = process.communicate(timeout=30)
    assert process.returncode == -signal.SIGKILL
    fields = [line.split() for line in "".join([*heard, rest]).splitlines() if line != "open"]
    return [(kind, Step(int(a), int(b), int(c))) for kind, a, b, c in fields]


def assert_kept(engine: Engine, acknowledged: list[tuple[str, Step]]) -> None:
    for kind, step in acknowledged:
        if kind == "delete":
            assert engine.checkpoints.get(step.scratch) is None, f"{step} came back"
            continue
        found = engine.checkpoints.get(step.thread, step.checkpoint)
        assert found is not None, f"{kind} of {step} is lost"
        assert found.body == step.write
        assert found.values["messages"].data == step.data
        if kind == "write":
            assert [write.data for write in found.writes] == [step.write]


def assert_sound_and_alive(path: str, acknowledged: list[tuple[str, Step]], number: int) -> None:
    with Engine.open(path) as engine:
        assert_kept(engine, acknowledged)
        report = engine.check()
        assert report.ok, report.problems
        after = Step(number, 99, 0)
        put(engine, "survivors", after)
        assert engine.checkpoints.get("survivors", after.checkpoint) is not None
    assert_sound(path)


def crash(path: str, rounds: int) -> None:
    source = random.Random(SEED)
    everything: list[tuple[str, Step]] = []
    busy_rounds = 0
    for number in range(rounds):
        acknowledged = killed_writer(path, number, source)
        assert_sound_and_alive(path, acknowledged, number)
        busy_rounds += bool(acknowledged)
        everything += acknowledged
    with Engine.open(path, must_exist=True) as engine:
        assert_kept(engine, everything)
        assert len(list(engine.checkpoints.list("survivors"))) == rounds
    print(f"\n{rounds} kills, {len(everything)} acknowledged calls, none lost")
    assert busy_rounds >= rounds // 2, "the kills came too early to prove anything"


def test_acknowledged_calls_survive_kill(path: str) -> None:
    crash(path, 20)


@pytest.mark.soak
def test_acknowledged_calls_survive_many_kills(path: str) -> None:
    crash(path, 200)
