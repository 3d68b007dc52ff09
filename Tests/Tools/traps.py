"""Counts the trap instructions of the core, and fails when there are more than recorded.

What the compiler cannot prove safe ends in a trap, and a trap ends the host. Most of those counted
can never be reached; a new one is looked at, and then recorded with `traps.py --record`.
"""

from __future__ import annotations

import platform
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "Sources/InterlockCore"
OBJECTS = ROOT / ".build-dist/release/InterlockCore.build"
BUDGET = Path(__file__).with_name("traps.txt")

TRAP = re.compile(r"\t(ud2|brk)\b")


def compiler() -> str:
    """The compiler and the machine: another one lays out other traps."""
    text = subprocess.run(["swift", "--version"], capture_output=True, text=True).stdout
    version = re.search(r"Swift version (\S+)", text)
    return f"{version[1] if version else 'unknown'} {platform.machine()}"


def count() -> int:
    """Trap instructions of the module. (Which of its objects they end up in changes by inlining.)"""
    counted = 0
    for source in SOURCES.rglob("*.swift"):
        path = OBJECTS / f"{source.name}.o"
        code = subprocess.run(
            ["objdump", "-d", "--no-show-raw-insn", path],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        counted += len(TRAP.findall(code))
    return counted


def main() -> int:
    """Compares with the budget, or records it."""
    counted, made_by = count(), compiler()
    if "--record" in sys.argv[1:]:
        BUDGET.write_text(f"{made_by}\nInterlockCore {counted}\n")
        return 0
    recorded_by, line = BUDGET.read_text().splitlines()
    budget = int(line.split()[1])
    print(f"InterlockCore: {counted} trap instructions, {budget} recorded")
    if recorded_by != made_by:
        print(f"recorded with {recorded_by}, counted with {made_by}: not compared")
        return 0
    return 1 if counted > budget else 0


if __name__ == "__main__":
    sys.exit(main())
