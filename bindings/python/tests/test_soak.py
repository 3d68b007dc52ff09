"""Issue 5, point 3: four processes resume many threads of one file and are killed at random."""

from __future__ import annotations

import collections
import random
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

from graph_tools import config, hear, spawn, tell
from interlock.langgraph import InterlockSaver
from workers_soak import build

WORKERS = 4
APPROVE = {"decisions": [{"type": "approve"}]}


class Crew:
    """Workers that are killed at random and started again."""

    def __init__(self, path: str, log: str, source: random.Random) -> None:
        self._given = (path, log)
        self._source = source
        self.processes = [self._start(number) for number in range(WORKERS)]
        self.killed = 0

    def _start(self, number: int) -> subprocess.Popen[str]:
        return spawn("workers_soak.py", *self._given, f"worker-{number}")

    def kill_one(self, within: float) -> None:
        """Kill one that is at work, at a random moment."""
        number = self._source.randrange(WORKERS)
        process = self.processes[number]
        assert hear(process) == "ready"
        time.sleep(self._source.random() * within)
        process.kill()
        process.communicate()
        assert process.returncode == -signal.SIGKILL
        self.processes[number] = self._start(number)
        self.killed += 1

    def stop(self) -> None:
        for process in self.processes:
            tell(process, "stop")
        for process in self.processes:
            assert process.wait(timeout=60) == 0

    def end(self) -> None:
        for process in self.processes:
            process.kill()
            process.communicate()


def soak(folder: Path, threads: int, kills: int, pace: float, seed: int) -> None:
    """`pace` is the pause of the people between two answers."""
    source = random.Random(seed)
    path, log = str(folder / "graph.db"), folder / "effects"
    log.touch()
    names = [f"thread-{number:03}" for number in range(threads)]
    began = time.monotonic()
    with InterlockSaver(path) as saver:
        graph, engine = build(saver, str(log)), saver.engine
        for name in names:
            graph.invoke({}, config(name))
        reviews = {each["thread"]: each["id"] for each in engine.reviews.list()}
        assert sorted(map(str, reviews)) == names

        def people() -> None:
            order = [*reviews.values()]
            source.shuffle(order)
            for review in order:
                engine.reviews.respond(review, actor="ana", response=APPROVE)
                time.sleep(pace)

        crew = Crew(path, str(log), random.Random(seed + 1))
        answering = threading.Thread(target=people)
        answering.start()
        try:
            for _ in range(kills):
                crew.kill_one(within=0.4)
            answering.join()
            left = set(names)
            deadline = time.monotonic() + 120
            while left and time.monotonic() < deadline:
                left = {
                    name
                    for name in left
                    if [each["status"] for each in engine.graphs.interrupts(name)] != ["applied"]
                }
                time.sleep(0.05)
            assert not left, {name: engine.graphs.interrupts(name) for name in left}
            crew.stop()
        finally:
            answering.join()
            crew.end()

        lines = [line.split() for line in log.read_text().splitlines()]
        counts = collections.Counter((what, review) for what, review in lines)
        begun, done, unknown = (
            {review for found, review in counts if found == what}
            for what in ("begun", "done", "unknown")
        )
        results = collections.Counter(
            graph.get_state(config(name)).values.get("first") for name in names
        )
        print(
            f"\n{threads} threads, {crew.killed} kills, {time.monotonic() - began:.1f} s: "
            f"{len(done)} effects done, {len(begun - done)} begun and not finished, "
            f"{len(unknown)} reported as unknown; results {dict(results)}"
        )
        twice = {key: count for key, count in counts.items() if count > 1}
        assert not {key for key in twice if key[0] != "unknown"}, "an effect happened twice"
        assert begun | unknown == set(reviews.values()), "an approved effect was left out"
        assert begun - done <= unknown, "a broken effect was not reported"
        for name in names:
            state = graph.get_state(config(name))
            assert state.next == (), f"{name} is left over"
            assert state.values["second"] == "after"
        after = {each["thread"]: each["id"] for each in engine.reviews.list()}
        assert after == reviews, "a question was asked twice"
        assert len([*engine.reviews.list()]) == threads
        assert engine.graphs.claim() is None
        assert engine.check().ok


def test_killed_workers_leave_nothing_and_repeat_nothing(tmp_path: Path) -> None:
    soak(tmp_path, threads=40, kills=3, pace=0.03, seed=5)


@pytest.mark.soak
@pytest.mark.parametrize("seed", [7])
def test_many_killed_workers_leave_nothing_and_repeat_nothing(tmp_path: Path, seed: int) -> None:
    soak(tmp_path, threads=500, kills=40, pace=0.05, seed=seed)
