"""The starts of README.md, run as they stand there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
README = (ROOT / "README.md").read_text()
LIBRARY = os.environ.get("INTERLOCK_LIBRARY") or str(
    ROOT / "bindings/python/src/interlock/libinterlock.so.1"
)


def block(language: str) -> str:
    """The first code block of a language."""
    found = re.search(rf"```{language}\n(.*?)```", README, re.DOTALL)
    assert found, f"README.md has no {language} block"
    return found[1]


def test_python_start(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", block("python")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "delete old.log?" in done.stdout
    assert "'done': True" in done.stdout


def test_c_start(tmp_path: Path) -> None:
    (tmp_path / "start.c").write_text(block("c"))
    flags = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", f"-I{ROOT / 'include'}"]
    command = ["cc", *flags, "start.c", LIBRARY, "-o", "start"]
    subprocess.run(command, cwd=tmp_path, check=True)
    (tmp_path / "libinterlock.so.1").symlink_to(LIBRARY)
    done = subprocess.run(
        ["./start"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "LD_LIBRARY_PATH": str(tmp_path)},
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "state\n"), done.stderr


def test_swift_start_is_the_one_that_is_compiled() -> None:
    """The Swift tests compile and run it; here it must be the same text."""
    source = (ROOT / "Tests/EngineTests/ReadmeTests.swift").read_text()
    for line in block("swift").splitlines():
        if line and not line.startswith("import "):
            assert line in source, f"{line!r} is not compiled by the tests"


@pytest.mark.parametrize("path", re.findall(r"`((?:bindings|include|Sources)/[\w./]+)`", README))
def test_named_files_exist(path: str) -> None:
    assert (ROOT / path).exists()
