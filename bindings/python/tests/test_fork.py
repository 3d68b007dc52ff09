"""fork() beside writing threads: the child starts anew, the parent goes on, nothing is lost."""

from __future__ import annotations

import pytest

from conftest import Child

COMMON = """
import gc, os, sys, threading
from interlock import Engine, ForkedError

path, rounds = sys.argv[1], int(sys.argv[2])
"""

BESIDE_WRITERS = (
    COMMON
    + """
engine = Engine.open(path)
stop = threading.Event()
counts = [0, 0, 0]

def write(thread):
    while not stop.is_set():
        engine.checkpoints.put(f"parent-{thread}", f"{counts[thread]:08}", body=b"x" * 2000)
        counts[thread] += 1

threads = [threading.Thread(target=write, args=(number,)) for number in range(3)]
for thread in threads:
    thread.start()

def in_child(number):
    try:
        engine.checkpoints.get("t")
    except ForkedError:
        pass
    else:
        return 3
    own = Engine.open(path)
    for step in range(5):
        own.checkpoints.put(f"child-{number}", f"{step:08}", body=b"y" * 3000)
    assert own.check().ok
    own.close()
    globals().pop("engine")
    gc.collect()
    return 0

for number in range(rounds):
    child = os.fork()
    if child == 0:
        try:
            code = in_child(number)
        except BaseException as error:
            print(repr(error), flush=True)
            code = 4
        os._exit(code)
    _, status = os.waitpid(child, 0)
    assert status == 0, (number, status)
stop.set()
for thread in threads:
    thread.join()
for thread in range(3):
    assert len(list(engine.checkpoints.list(f"parent-{thread}"))) == counts[thread]
for number in range(rounds):
    assert len(list(engine.checkpoints.list(f"child-{number}"))) == 5
assert engine.check().ok
print(sum(counts), "rows beside", rounds, "forks")
"""
)

OUTLIVES_ITS_PARENT = (
    COMMON
    + """
engine = Engine.open(path)
engine.checkpoints.put("t", "parent")
ready_read, ready_write = os.pipe()
go_read, go_write = os.pipe()
middle = os.fork()
if middle == 0:
    inner = Engine.open(path)
    inner.checkpoints.put("t", "middle")
    if os.fork() == 0:
        own = Engine.open(path)
        own.checkpoints.put("t", "child-before")
        os.write(ready_write, b"1")
        os.read(go_read, 1)
        for step in range(200):
            own.checkpoints.put("late", f"{step:08}", body=b"z" * 3000)
        assert own.check().ok
        own.close()
        os.write(ready_write, b"2")
        os._exit(0)
    os._exit(0)
os.waitpid(middle, 0)
assert os.read(ready_read, 1) == b"1"
engine.close()
os.write(go_write, b"1")
# Others come and go while the grandchild writes on.
for step in range(20):
    with Engine.open(path) as visitor:
        visitor.checkpoints.put("visitor", f"{step:08}", body=b"v" * 3000)
assert os.read(ready_read, 1) == b"2"
with Engine.open(path) as last:
    assert {found.checkpoint_id for found in last.checkpoints.list("t")} == {
        "parent", "middle", "child-before"}
    assert len(list(last.checkpoints.list("late"))) == 200
    assert len(list(last.checkpoints.list("visitor"))) == 20
    assert last.check().ok
"""
)

MULTIPROCESSING = (
    COMMON
    + """
import multiprocessing

def work(number):
    with Engine.open(path) as own:
        own.checkpoints.put("pool", f"{number:08}")
    return number

if __name__ == "__main__":
    engine = Engine.open(path)
    engine.checkpoints.put("pool", "first")
    with multiprocessing.get_context("fork").Pool(4) as pool:
        assert sorted(pool.map(work, range(rounds))) == list(range(rounds))
    assert len(list(engine.checkpoints.list("pool"))) == rounds + 1
    assert engine.check().ok
"""
)


REFUSED = (
    COMMON
    + """
from interlock.langgraph import InterlockSaver

engine = Engine.open(path)
saver = InterlockSaver(engine)
engine.checkpoints.put("t", "parent")
where = {"configurable": {"thread_id": "t", "checkpoint_ns": ""}}

def refused(call, *arguments, **named):
    try:
        call(*arguments, **named)
    except ForkedError:
        return
    raise AssertionError(f"{call} was not refused")

def in_child(number):
    checkpoints, threads = engine.checkpoints, engine.threads
    refused(engine.info)
    refused(engine.check)
    refused(engine.close)
    refused(checkpoints.put, "t", "child")
    refused(checkpoints.put_writes, "t", "child", [("c", "t", b"")], task_id="k")
    refused(checkpoints.get, "t")
    refused(lambda: list(checkpoints.list("t")))
    refused(checkpoints.history, "t", ["c"])
    refused(checkpoints.delete_for_runs, ["r"])
    refused(threads.delete, "t")
    refused(threads.copy, "t", "u")
    refused(threads.prune, ["t"])
    refused(lambda: list(threads.list()))
    refused(threads.storage, "t")
    refused(saver.get_tuple, where)
    refused(saver.delete_thread, "t")
    with Engine.open(path) as own:
        own.checkpoints.put("t", f"child-{number}")

for number in range(rounds):
    pid = os.fork()
    if pid == 0:
        in_child(number)
        del engine, saver
        gc.collect()
        sys.exit(0)  # the usual way out, with its finalizers
    assert os.waitpid(pid, 0)[1] == 0
    engine.checkpoints.put("t", f"parent-{number}")

assert len(list(engine.checkpoints.list("t"))) == 1 + 2 * rounds
assert engine.check().ok
engine.close()
"""
)

IN_A_THREAD = (
    COMMON
    + """
engine = Engine.open(path)
engine.checkpoints.put("t", "parent")
codes = []

def fork_here(thread):
    for number in range(rounds):
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                engine.checkpoints.get("t")
            except ForkedError:
                with Engine.open(path) as own:
                    own.checkpoints.put("t", f"{thread}-{number:04}", body=b"x" * 2000)
                code = 0
            finally:
                os._exit(code)
        engine.checkpoints.put("beside", f"{thread}-{number:04}", body=b"y" * 2000)
        codes.append(os.waitpid(pid, 0)[1])

threads = [threading.Thread(target=fork_here, args=(number,)) for number in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert codes == [0] * (3 * rounds), codes
assert len(list(engine.checkpoints.list("t"))) == 1 + 3 * rounds
assert len(list(engine.checkpoints.list("beside"))) == 3 * rounds
assert engine.check().ok
engine.close()
"""
)

ALL_AT_ONCE = (
    COMMON
    + """
engine = Engine.open(path)
children = []
for number in range(rounds):
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            with Engine.open(path) as own:
                for step in range(3):
                    own.checkpoints.put(f"child-{number}", f"{step:04}", body=b"x" * 2000)
            code = 0
        finally:
            os._exit(code)
    children.append(pid)
    engine.checkpoints.put("parent", f"{number:04}", body=b"y" * 2000)
assert [os.waitpid(pid, 0)[1] for pid in children] == [0] * rounds
for number in range(rounds):
    assert len(list(engine.checkpoints.list(f"child-{number}"))) == 3
assert len(list(engine.checkpoints.list("parent"))) == rounds
assert engine.check().ok
engine.close()
"""
)

BESIDE_A_CLOSE = (
    COMMON
    + """
import random, time
from interlock import ClosedError

def write(engine, thread):
    step = 0
    try:
        while True:
            engine.checkpoints.put(f"t-{thread}", f"{step:08}", body=b"x" * 2000)
            step += 1
    except ClosedError:
        return

forks = 0
for _ in range(rounds):
    engine = Engine.open(path)
    threads = [threading.Thread(target=write, args=(engine, number)) for number in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(random.random() * 0.002)
    closer = threading.Thread(target=engine.close)
    closer.start()
    while closer.is_alive() or any(thread.is_alive() for thread in threads):
        child = os.fork()
        if child == 0:
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        forks += 1
    closer.join()
with Engine.open(path) as engine:
    assert engine.check().ok
assert forks >= rounds / 2
print(forks, "forks beside", rounds, "closes")
"""
)


def test_fork_beside_writing_threads(child: Child, path: str) -> None:
    done = child("-c", BESIDE_WRITERS, path, "30")
    print(done.stdout)


def test_fork_beside_a_close_beside_requests(child: Child, path: str) -> None:
    done = child("-c", BESIDE_A_CLOSE, path, "200")
    print(done.stdout)


@pytest.mark.soak
def test_many_forks_beside_closes(child: Child, path: str) -> None:
    """A close that held a lock at the fork gate hung in one of thousands of rounds."""
    for _ in range(20):
        child("-c", BESIDE_A_CLOSE, path, "1000")


def test_a_grandchild_outlives_its_parents(child: Child, path: str) -> None:
    child("-c", OUTLIVES_ITS_PARENT, path, "0")


def test_multiprocessing_by_fork(child: Child, path: str) -> None:
    child("-c", MULTIPROCESSING, path, "40")


def test_every_call_in_the_child_is_refused_and_its_exit_harms_nothing(
    child: Child, path: str
) -> None:
    child("-W", "error", "-c", REFUSED, path, "5")


def test_fork_in_a_thread(child: Child, path: str) -> None:
    child("-c", IN_A_THREAD, path, "20")


def test_children_that_write_beside_each_other(child: Child, path: str) -> None:
    child("-c", ALL_AT_ONCE, path, "30")
