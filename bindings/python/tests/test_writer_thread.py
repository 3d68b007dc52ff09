"""The thread that commits for several others: when it is there, and that nobody needs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import Child

COMMON = """
import os, resource, signal, sys, threading, time
from interlock import Engine

path = sys.argv[1]

def named():
    found = []
    for task in os.listdir("/proc/self/task"):
        try:
            with open(f"/proc/self/task/{task}/status") as file:
                status = dict(line.rstrip("\\n").split(":\\t", 1) for line in file)
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has just ended
        if status["Name"] == "interlock-write":
            found.append(status)
    return found

def no_more():
    end = time.monotonic() + 20
    while named():
        assert time.monotonic() < end
        time.sleep(0.05)

def together(*engines, name="t", seen=1, ready=lambda: None):
    # A thread that has ended, because the machine stood still for a second, is not missed.
    start, enough = threading.Barrier(9), threading.Event()
    counts = [0] * 8

    def work(number):
        start.wait()
        while counts[number] < 25 or not enough.is_set():
            place = f"{name} {number}", f"{counts[number]:08}"
            engines[number % len(engines)].checkpoints.put(*place, body=b"x" * 1000)
            counts[number] += 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    ready()
    start.wait()
    end = time.monotonic() + 20
    while len(found := named()) < seen and time.monotonic() < end:
        time.sleep(0.005)
    enough.set()
    for thread in threads:
        thread.join()
    for number in range(8):
        stored = engines[0].checkpoints.list(f"{name} {number}")
        assert len(list(stored)) == counts[number]
    return found
"""

ONLY_WHERE_NEEDED = """
with Engine.open(path) as engine:
    for step in range(50):
        engine.checkpoints.put("alone", f"{step:08}")
    assert named() == []
    assert len(together(engine, name="first")) == 1
    no_more()
    assert len(together(engine, name="second")) == 1
assert named() == []
with Engine.open(path) as engine, Engine.open(path) as other:
    assert len(together(engine, other, name="third", seen=2)) == 2
assert named() == []
"""

GOES_WITHOUT_CLOSE = """
engine = Engine.open(path)
together(engine)
files = len(os.listdir("/proc/self/fd"))
del engine
no_more()
end = time.monotonic() + 20
while len(os.listdir("/proc/self/fd")) >= files:
    assert time.monotonic() < end
    time.sleep(0.05)
"""

TAKES_NO_SIGNALS = """
mask = signal.pthread_sigmask(signal.SIG_BLOCK, [])
with Engine.open(path) as engine:
    [status] = together(engine)
    blocked = int(status["SigBlk"], 16)
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD, signal.SIGUSR1, signal.SIGALRM):
        assert blocked >> (each - 1) & 1, each
    for each in (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT):
        assert not blocked >> (each - 1) & 1, each
assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == mask
"""

NO_THREAD_TO_BE_HAD = """
# Threads get stacks that are as large as this limit when a process begins.
if len(sys.argv) == 2:
    resource.setrlimit(resource.RLIMIT_STACK, (64 << 20, resource.RLIM_INFINITY))
    os.execv(sys.executable, [*sys.orig_argv, "again"])
threading.stack_size(256 << 10)

def most():
    with open("/proc/self/statm") as file:
        pages = int(file.read().split()[0])
    limit = pages * resource.getpagesize() + (32 << 20)
    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))

with Engine.open(path) as engine:
    assert together(engine, seen=0, ready=most) == []
    assert named() == []
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert len(together(engine, name="u")) == 1
"""

FORKS = """
with Engine.open(path) as engine:
    assert len(together(engine, name="before")) == 1
    child = os.fork()
    if child == 0:
        code = 1
        try:
            with Engine.open(path) as own:
                assert len(together(own, name="child")) == 1
            del engine
            assert named() == []
            code = 0
        finally:
            os._exit(code)
    together(engine, name="beside")
    assert os.waitpid(child, 0)[1] == 0
    assert engine.check().ok
assert named() == []
"""


@pytest.mark.parametrize("script", [ONLY_WHERE_NEEDED, GOES_WITHOUT_CLOSE, TAKES_NO_SIGNALS, FORKS])
def test_a_thread_commits_for_several(child: Child, tmp_path: Path, script: str) -> None:
    child("-c", COMMON + script, str(tmp_path / "store.db"))


def test_without_a_thread_a_caller_commits_for_the_others(child: Child, tmp_path: Path) -> None:
    child("-c", COMMON + NO_THREAD_TO_BE_HAD, str(tmp_path / "store.db"))
