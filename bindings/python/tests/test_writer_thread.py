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
        with open(f"/proc/self/task/{task}/status") as file:
            status = dict(line.rstrip("\\n").split(":\\t", 1) for line in file)
        if status["Name"] == "interlock-write":
            found.append(status)
    return found

def no_more():
    end = time.monotonic() + 20
    while named():
        assert time.monotonic() < end
        time.sleep(0.05)

def together(engine, name, count=8, each=25, ready=lambda: None):
    start = threading.Barrier(count + 1)

    def work(number):
        start.wait()
        for step in range(each):
            engine.checkpoints.put(f"{name} {number}", f"{step:08}", body=b"x" * 1000)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    ready()
    start.wait()
    for thread in threads:
        thread.join()
    for number in range(count):
        assert len(list(engine.checkpoints.list(f"{name} {number}"))) == each
"""

ONLY_WHERE_NEEDED = """
with Engine.open(path) as engine:
    for step in range(50):
        engine.checkpoints.put("alone", f"{step:08}")
    assert named() == []
    together(engine, "first")
    assert len(named()) == 1
    no_more()
    together(engine, "second")
    assert len(named()) == 1
assert named() == []
with Engine.open(path) as engine, Engine.open(path) as other:
    together(engine, "third")
    together(other, "fourth")
    assert len(named()) == 2
assert named() == []
"""

GOES_WITHOUT_CLOSE = """
engine = Engine.open(path)
together(engine, "t")
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
    together(engine, "t")
    [status] = named()
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
    together(engine, "t", ready=most)
    assert named() == []
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    together(engine, "u")
    assert len(named()) == 1
"""

FORKS = """
with Engine.open(path) as engine:
    together(engine, "before")
    assert len(named()) == 1
    child = os.fork()
    if child == 0:
        code = 1
        try:
            with Engine.open(path) as own:
                together(own, "child")
                assert len(named()) == 1
            del engine
            assert named() == []
            code = 0
        finally:
            os._exit(code)
    together(engine, "beside")
    assert os.waitpid(child, 0)[1] == 0
    assert engine.check().ok
assert named() == []
"""


@pytest.mark.parametrize("script", [ONLY_WHERE_NEEDED, GOES_WITHOUT_CLOSE, TAKES_NO_SIGNALS, FORKS])
def test_a_thread_commits_for_several(child: Child, tmp_path: Path, script: str) -> None:
    child("-c", COMMON + script, str(tmp_path / "store.db"))


def test_without_a_thread_a_caller_commits_for_the_others(child: Child, tmp_path: Path) -> None:
    child("-c", COMMON + NO_THREAD_TO_BE_HAD, str(tmp_path / "store.db"))
