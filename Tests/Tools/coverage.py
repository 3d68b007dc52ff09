"""Which lines of Sources no test reaches: `coverage.py`, a quarter of an hour.

The Swift tests run on their own build; the C client and the Python tests run on the shared library,
built so that it counts. A line that neither has reached is printed. What a process that is killed
has reached does not count.

A line behind `for ... where` whose body leaves the function has no count: the compiler subtracts,
and comes to less than nothing, which reads as 18.4E. Such a line is printed with a question mark.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from enum import IntEnum
from pathlib import Path
from shutil import copyfile, which

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / ".build-coverage"
SWIFT = Path(os.path.realpath(which("swift") or "swift")).parent
LINE = re.compile(r"^ *(\d+)\| *([0-9.]+[kMGTPE]?)\|(.*)$", re.MULTILINE)

# Of a binary and what it has counted.
Counted = tuple[Path, Path]


class Count(IntEnum):
    """How often a line was reached; of two sides the greater counts."""

    NONE = 0
    UNKNOWN = 1
    SOME = 2


def run(*command: str | Path, check: bool = True, **environment: str) -> None:
    """Run a command. One that only tests need not succeed: what it has reached counts."""
    print("$", *command, flush=True)
    environment = {**os.environ, **environment}
    subprocess.run(list(map(str, command)), cwd=ROOT, check=check, env=environment)


def swift_tests() -> Counted:
    """Of the Swift tests."""
    run("swift", "test", "--enable-code-coverage", "--scratch-path", BUILD / "tests", check=False)
    counted = next(BUILD.glob("tests/**/default.profdata"))
    return next(path for path in BUILD.glob("tests/**/*.xctest") if path.is_file()), counted


def library_tests() -> Counted:
    """Of the C client and the Python tests."""
    place = BUILD / "library"
    flags = ("-Xswiftc", "-profile-generate", "-Xswiftc", "-profile-coverage-mapping")
    build = ("swift", "build", "--product", "interlock", "--scratch-path", place)
    run(*build, *flags, INTERLOCK_DIST="1")
    library = BUILD / "libinterlock.so.1"
    copyfile(place / "debug" / "libinterlock.so", library)
    counting = {"INTERLOCK_LIBRARY": str(library), "LLVM_PROFILE_FILE": f"{BUILD}/%m.profraw"}
    run("Tests/ABI/run.sh", f"LIBRARY={library}", check=False, **counting)
    run(sys.executable, "-m", "pytest", "bindings/python/tests", "-q", check=False, **counting)
    counted = BUILD / "library.profdata"
    run(SWIFT / "llvm-profdata", "merge", "-o", counted, *BUILD.glob("*.profraw"))
    return library, counted


def lines(of: Counted, source: Path) -> Iterator[tuple[int, Count, str]]:
    """Number, count and text of each line that something can reach."""
    binary, counted = of
    command = [SWIFT / "llvm-cov", "show", binary, "-instr-profile", counted, source]
    shown = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    for number, count, text in LINE.findall(shown.stdout):
        yield int(number), count_of(count), text


def count_of(shown: str) -> Count:
    """What llvm-cov shows of a line: 0, 17, 1.2k; 18.4E is less than nothing."""
    if shown.endswith("E"):
        return Count.UNKNOWN
    return Count.NONE if shown == "0" else Count.SOME


def report(sides: list[Counted]) -> Counter[Count]:
    """Print what was not reached; how many lines there are of each kind."""
    total: Counter[Count] = Counter()
    for source in sorted((ROOT / "Sources").rglob("*.swift")):
        texts: dict[int, str] = {}
        counts: dict[int, Count] = {}
        for side in sides:
            for number, count, text in lines(side, source):
                texts[number] = text
                counts[number] = max(count, counts.get(number, Count.NONE))
        total.update(counts.values())
        for number, count in sorted(counts.items()):
            if count != Count.SOME:
                mark = "?" if count == Count.UNKNOWN else ""
                print(f"{source.relative_to(ROOT)}:{number}:{mark} {texts[number].strip()}")
    return total


def main() -> None:
    """Test, print, sum up."""
    total = report([swift_tests(), library_tests()])
    if not total:
        sys.exit("nothing was counted")
    unknown = f", {total[Count.UNKNOWN]} have no count" if total[Count.UNKNOWN] else ""
    print(f"{total[Count.SOME]} of {total.total()} lines were reached{unknown}")


if __name__ == "__main__":
    main()
