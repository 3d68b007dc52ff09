"""Nothing that comes through the interface brings the process down or changes what it should not.

Each case runs in a child process: `abuse_handles.py`, `abuse_arguments.py`, `abuse_texts.py` and
`abuse_files.py`.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import HERE, Child

SCRIPTS = {
    "handles": "abuse_handles.py",
    "nulls": "abuse_arguments.py",
    "empties": "abuse_arguments.py",
    "struct_sizes": "abuse_arguments.py",
    "utf8": "abuse_texts.py",
    "oversize": "abuse_arguments.py",
    "json": "abuse_texts.py",
    "documents": "abuse_texts.py",
    "cancels": "abuse_handles.py",
    "flags": "abuse_arguments.py",
    "results": "abuse_handles.py",
}
FILES = (
    "not_a_file", "foreign", "newer", "truncated", "flipped", "no_permission", "quota", "no_growth",
)  # fmt: skip


@pytest.mark.parametrize("case", SCRIPTS)
def test_arguments(case: str, child: Child) -> None:
    done = child(str(HERE / SCRIPTS[case]), case)
    assert done.stdout.strip() == "survived"


@pytest.fixture
def folder() -> Iterator[str]:
    """A folder that another user may enter, which those of pytest may not."""
    with tempfile.TemporaryDirectory() as made:
        os.chmod(made, 0o755)
        yield made
        os.chmod(made, 0o755)


@pytest.mark.parametrize("case", FILES)
def test_files(case: str, child: Child, folder: str) -> None:
    done = child(str(HERE / "abuse_files.py"), case, folder)
    assert done.stdout.strip() == "survived"


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[str]:
    """A file system of 3 MiB."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(tmp_path)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = f"no tmpfs can be mounted here: {done.stderr.strip()}"
        print(reason)
        pytest.skip(reason)
    yield str(tmp_path)
    subprocess.run(["umount", str(tmp_path)], check=True)


def test_a_full_disk(child: Child, tiny: str) -> None:
    done = child(str(HERE / "abuse_files.py"), "tiny_disk", tiny)
    assert done.stdout.strip() == "survived"


def test_stored_values(child: Child, tmp_path: Path) -> None:
    """Every fortieth of the changes."""
    done = child(str(HERE / "abuse_rows.py"), str(tmp_path), "40", "0")
    made, word = done.stdout.split()
    assert word == "survived"
    assert int(made) > 400


@pytest.mark.soak
@pytest.mark.parametrize("first", range(20))
def test_all_stored_values(child: Child, tmp_path: Path, first: int) -> None:
    """All of them, in twenty parts."""
    done = child(str(HERE / "abuse_rows.py"), str(tmp_path), "20", str(first))
    made, word = done.stdout.split()
    assert word == "survived"
    assert int(made) > 800
