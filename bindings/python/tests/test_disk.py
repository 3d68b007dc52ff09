"""What a machine can do to us: disks that fail, power that goes, memory that runs out.

The disk is a VFS of SQLite, `Tests/Disk`, beneath that of the library; the memory is what SQLite
asks for. Each case runs in a child process: `workers_power.py`, `workers_faults.py`,
`workers_batches.py` and `workers_reads.py`.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from conftest import HERE, Child

SOURCES = HERE.parents[2] / "Tests" / "Disk"
STRICT = ("-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-g", "-fPIC")
OLD = HERE.parents[2] / "Tests" / "EngineTests" / "fixtures" / "schema-1.db"
ERRORS = ("once", "for_ever", "full")
DURABILITIES = ("full", "normal")


@pytest.fixture(scope="session")
def disk(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The disk as a shared library."""
    library = tmp_path_factory.mktemp("disk") / "libdisk.so"
    sources = sorted(map(str, SOURCES.glob("*.c")))
    command = ["cc", *STRICT, "-shared", *sources, "-lsqlite3", "-pthread", "-o", str(library)]
    subprocess.run(command, check=True)
    return str(library)


def run(child: Child, script: str, disk: str, folder: Path, *arguments: object) -> int:
    """Runs a case and returns how often it looked."""
    done = child(str(HERE / script), disk, str(folder), *map(str, arguments))
    return int(done.stdout.splitlines()[-1].split()[0])


@pytest.mark.parametrize("durability", DURABILITIES)
def test_loss_of_power(child: Child, disk: str, tmp_path: Path, durability: str) -> None:
    """What was acknowledged is there, whole; the file is sound, and work goes on."""
    images = run(child, "workers_power.py", disk, tmp_path, "changes", durability, 9, 0)
    assert images > 200


@pytest.mark.parametrize("durability", DURABILITIES)
def test_loss_of_power_as_the_log_begins_again(
    child: Child, disk: str, tmp_path: Path, durability: str
) -> None:
    images = run(child, "workers_power.py", disk, tmp_path, "growth", durability, 67, 0)
    assert images > 200


def test_loss_of_power_during_a_migration(child: Child, disk: str, tmp_path: Path) -> None:
    shutil.copy(OLD, tmp_path / "a.db")
    images = run(child, "workers_power.py", disk, tmp_path, "migration", "full", 1, 4)
    assert images > 100


def test_a_disk_that_is_not_synchronised_is_found_out(
    child: Child, disk: str, tmp_path: Path
) -> None:
    """The same check, of checkpoints that only pretend to be durable."""
    script = str(HERE / "workers_power.py")
    done = child(script, disk, str(tmp_path), "growth", "pretended", "67", "0", code=1)
    assert "AssertionError: after" in done.stderr


@pytest.mark.parametrize("durability", DURABILITIES)
@pytest.mark.parametrize("error", ERRORS)
def test_a_failing_disk(
    child: Child, disk: str, tmp_path: Path, durability: str, error: str
) -> None:
    """The call that fails changes nothing, also if the process is killed then."""
    runs = run(child, "workers_faults.py", disk, tmp_path, "changes", durability, error, 37, 0)
    assert runs > 20


@pytest.mark.parametrize(("durability", "every"), [("full", 1499), ("normal", 1501)])
def test_memory_runs_out(
    child: Child, disk: str, tmp_path: Path, durability: str, every: int
) -> None:
    """The call that gets no memory changes nothing, and comes to the same when it is repeated."""
    arguments = ("changes", durability, "memory", every, 0)
    assert run(child, "workers_faults.py", disk, tmp_path, *arguments) > 15


@pytest.mark.parametrize("error", ["once", "memory"])
def test_what_is_read_is_whole(child: Child, disk: str, tmp_path: Path, error: str) -> None:
    """Each operation and each request for memory fails in its turn."""
    assert run(child, "workers_reads.py", disk, tmp_path, error, 1, 0) > 100


@pytest.mark.parametrize("trouble", ["power", "once", "for_ever"])
def test_calls_that_share_a_transaction(
    child: Child, disk: str, tmp_path: Path, trouble: str
) -> None:
    times = run(child, "workers_batches.py", disk, tmp_path, trouble, 23, 0)
    assert times > 30


@pytest.mark.soak
@pytest.mark.parametrize("durability", DURABILITIES)
def test_loss_of_power_after_each_step(
    child: Child, disk: str, tmp_path: Path, durability: str
) -> None:
    images = run(child, "workers_power.py", disk, tmp_path, "changes", durability, 1, 0)
    assert images > 1900


@pytest.mark.soak
@pytest.mark.parametrize("first", range(8))
@pytest.mark.parametrize("durability", DURABILITIES)
def test_loss_of_power_after_each_step_as_the_log_begins_again(
    child: Child, disk: str, tmp_path: Path, durability: str, first: int
) -> None:
    images = run(child, "workers_power.py", disk, tmp_path, "growth", durability, 8, first)
    assert images > 2000


@pytest.mark.soak
@pytest.mark.parametrize("first", range(4))
@pytest.mark.parametrize("durability", DURABILITIES)
@pytest.mark.parametrize("error", ERRORS)
def test_each_operation_fails(
    child: Child, disk: str, tmp_path: Path, durability: str, error: str, first: int
) -> None:
    runs = run(child, "workers_faults.py", disk, tmp_path, "changes", durability, error, 4, first)
    assert runs > 200


@pytest.mark.soak
@pytest.mark.parametrize("first", range(12))
def test_memory_runs_out_anywhere(child: Child, disk: str, tmp_path: Path, first: int) -> None:
    """Every seventh time."""
    arguments = ("changes", "full", "memory", 84, 7 * first)
    assert run(child, "workers_faults.py", disk, tmp_path, *arguments) > 300


@pytest.mark.soak
@pytest.mark.parametrize("durability", DURABILITIES)
@pytest.mark.parametrize("error", ERRORS)
def test_operations_fail_as_the_log_begins_again(
    child: Child, disk: str, tmp_path: Path, durability: str, error: str
) -> None:
    runs = run(child, "workers_faults.py", disk, tmp_path, "growth", durability, error, 97, 0)
    assert runs > 20


@pytest.mark.soak
@pytest.mark.parametrize("trouble", ["power", "once", "for_ever"])
def test_each_step_of_shared_transactions(
    child: Child, disk: str, tmp_path: Path, trouble: str
) -> None:
    times = run(child, "workers_batches.py", disk, tmp_path, trouble, 1, 0)
    assert times > 300
