"""Counts the trap instructions of the core, and fails when there are more than recorded.

What the compiler cannot prove safe ends in a trap, and a trap ends the host. Most of those counted
can never be reached; a new one is looked at, and then recorded with `traps.py --record`.
"""

from __future__ import annotations

import platform
import re
import subprocess
import sys
from collections import Counter
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


def count() -> Counter[str]:
    """Trap instructions by folder of the sources."""
    counts: Counter[str] = Counter()
    for source in SOURCES.rglob("*.swift"):
        path = OBJECTS / f"{source.name}.o"
        code = subprocess.run(
            ["objdump", "-d", "--no-show-raw-insn", path],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        counts[source.parent.relative_to(SOURCES.parent).as_posix()] += len(TRAP.findall(code))
    return counts


def main() -> int:
    """Compares with the budget, or records it."""
    counts, made_by = count(), compiler()
    if "--record" in sys.argv[1:]:
        lines = [f"{folder} {number}" for folder, number in sorted(counts.items())]
        BUDGET.write_text("\n".join([made_by, *lines, ""]))
        return 0
    recorded_by, *lines = BUDGET.read_text().splitlines()
    print(f"{sum(counts.values())} trap instructions in {len(counts)} folders of the core")
    if recorded_by != made_by:
        print(f"recorded with {recorded_by}, counted with {made_by}: not compared")
        return 0
    budget = {folder: int(number) for folder, number in (line.split() for line in lines)}
    grown = {folder for folder, number in counts.items() if number > budget.get(folder, 0)}
    for folder in sorted(grown):
        print(f"{folder}: {counts[folder]} traps, {budget.get(folder, 0)} recorded")
    return 1 if grown else 0


if __name__ == "__main__":
    sys.exit(main())
