"""Checks the newest wheel of a folder: its tag, what it links, and that it works where no Swift is."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

PROGRAM = """
import interlock, sys
with interlock.Engine.open(sys.argv[1]) as engine:
    report = engine.check()
    print("opened", engine.info())
assert "interlock.langgraph" not in sys.modules
"""


def newest(folder: Path) -> Path:
    """The wheel that was built last."""
    return max(folder.glob("*.whl"), key=lambda path: path.stat().st_mtime)


def check_tag(wheel: Path) -> None:
    """auditwheel must agree with the platform tag, the system's SQLite left aside."""
    show = [sys.executable, "-m", "auditwheel", "show", str(wheel)]
    report = subprocess.run(show, check=True, capture_output=True, text=True).stdout
    print(report.strip())
    tag = wheel.stem.rsplit("-", 1)[1]
    with tempfile.TemporaryDirectory() as folder:
        repair = [
            *(sys.executable, "-m", "auditwheel", "repair", str(wheel), "-w", folder),
            *("--plat", tag, "--exclude", "libsqlite3.so.0"),
        ]
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        subprocess.run(repair, check=True, env={**os.environ, "PATH": path}, capture_output=True)
        repaired = newest(Path(folder))
        if tag not in repaired.name:
            sys.exit(f"auditwheel gives {repaired.name}, the wheel says {tag}")
    print(f"auditwheel accepts {tag}")


def check_install(wheel: Path) -> None:
    """Installs the wheel alone into an empty environment and opens an engine, without Swift on PATH."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder) / "bin/python")
        pip = [python, "-m", "pip", "install", "--quiet", "--no-index", str(wheel)]
        subprocess.run(pip, check=True)
        clean = {"PATH": "/usr/bin:/bin", "HOME": folder}
        database = str(Path(folder) / "wheel.db")
        subprocess.run([python, "-c", PROGRAM, database], check=True, env=clean, cwd=folder)
    print(f"{wheel.name}: {wheel.stat().st_size / 1e6:.2f} MB, works in an empty environment")


def main() -> None:
    """Checks the newest wheel of the folder that the command line names."""
    wheel = newest(Path(sys.argv[1]))
    check_tag(wheel)
    check_install(wheel)


if __name__ == "__main__":
    main()
