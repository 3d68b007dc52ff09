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


def shares(brief: tuple[int, ...], *whole: tuple[int, ...]) -> pytest.MarkDecorator:
    """Each EVERYth from the FIRST, and how many that is at least; `make soak` takes the whole."""
    soak = [pytest.param(*share, marks=pytest.mark.soak) for share in whole]
    return pytest.mark.parametrize(("every", "first", "least"), [brief, *soak])


@pytest.mark.parametrize("durability", DURABILITIES)
@shares((9, 0, 200), (1, 0, 1900))
def test_loss_of_power(
    child: Child, disk: str, tmp_path: Path, durability: str, every: int, first: int, least: int
) -> None:
    """What was acknowledged is there, whole; the file is sound, and work goes on."""
    images = run(child, "workers_power.py", disk, tmp_path, "changes", durability, every, first)
    assert images > least


@pytest.mark.parametrize("durability", DURABILITIES)
@shares((67, 0, 200), *((8, first, 2000) for first in range(8)))
def test_loss_of_power_as_the_log_begins_again(
    child: Child, disk: str, tmp_path: Path, durability: str, every: int, first: int, least: int
) -> None:
    images = run(child, "workers_power.py", disk, tmp_path, "growth", durability, every, first)
    assert images > least


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
@shares((37, 0, 20), *((4, first, 200) for first in range(4)))
def test_a_failing_disk(
    child: Child, disk: str, tmp_path: Path,
    durability: str, error: str, every: int, first: int, least: int,
) -> None:  # fmt: skip
    """The call that fails changes nothing, also if the process is killed then."""
    arguments = ("changes", durability, error, every, first)
    assert run(child, "workers_faults.py", disk, tmp_path, *arguments) > least


@pytest.mark.soak
@pytest.mark.parametrize("durability", DURABILITIES)
@pytest.mark.parametrize("error", ERRORS)
def test_a_disk_that_fails_as_the_log_begins_again(
    child: Child, disk: str, tmp_path: Path, durability: str, error: str
) -> None:
    runs = run(child, "workers_faults.py", disk, tmp_path, "growth", durability, error, 97, 0)
    assert runs > 20


@pytest.mark.parametrize("durability", DURABILITIES)
@shares((1499, 0, 10), *((84, 7 * part, 300) for part in range(12)))
def test_memory_runs_out(
    child: Child, disk: str, tmp_path: Path, durability: str, every: int, first: int, least: int
) -> None:
    """The call that gets no memory changes nothing, and comes to the same when it is repeated.

    How often memory is asked for is SQLite's affair: 3.37 comes to fewer cases than 3.40.
    """
    arguments = ("changes", durability, "memory", every, first)
    assert run(child, "workers_faults.py", disk, tmp_path, *arguments) > least


@pytest.mark.parametrize("error", ["once", "memory"])
def test_what_is_read_is_whole(child: Child, disk: str, tmp_path: Path, error: str) -> None:
    """Each operation and each request for memory fails in its turn."""
    assert run(child, "workers_reads.py", disk, tmp_path, error, 1, 0) > 100


@pytest.mark.parametrize("trouble", ["power", "once", "for_ever"])
@shares((23, 0, 30), (1, 0, 300))
def test_calls_that_share_a_transaction(
    child: Child, disk: str, tmp_path: Path, trouble: str, every: int, first: int, least: int
) -> None:
    assert run(child, "workers_batches.py", disk, tmp_path, trouble, every, first) > least
