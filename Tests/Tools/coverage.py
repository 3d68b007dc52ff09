"""Which lines of Sources no test reaches: `coverage.py`, a quarter of an hour.

The Swift tests run on their own build; the C client and the Python tests run on the shared library,
built so that it counts. A line that neither has reached is printed. What a process that is killed
has reached does not count.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile, which

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / ".build-coverage"
SWIFT = Path(os.path.realpath(which("swift") or "swift")).parent
LINE = re.compile(r"^ *(\d+)\| *([0-9.kMG]+)\|(.*)$", re.MULTILINE)

# Of a binary and what it has counted.
Counted = tuple[Path, Path]


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
    run("swift", "build", "--product", "interlock", "--scratch-path", place, *flags, INTERLOCK_DIST="1")
    library = BUILD / "libinterlock.so.1"
    copyfile(place / "debug" / "libinterlock.so", library)
    counting = {"INTERLOCK_LIBRARY": str(library), "LLVM_PROFILE_FILE": f"{BUILD}/%m.profraw"}
    run("Tests/ABI/run.sh", f"LIBRARY={library}", check=False, **counting)
    run(sys.executable, "-m", "pytest", "bindings/python/tests", "-q", check=False, **counting)
    counted = BUILD / "library.profdata"
    run(SWIFT / "llvm-profdata", "merge", "-o", counted, *BUILD.glob("*.profraw"))
    return library, counted


def lines(of: Counted, source: Path) -> Iterator[tuple[int, bool, str]]:
    """Number, whether it was reached, and text of each line that something can reach."""
    binary, counted = of
    command = [SWIFT / "llvm-cov", "show", binary, "-instr-profile", counted, source]
    shown = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    for number, count, text in LINE.findall(shown.stdout):
        yield int(number), count != "0", text


def main() -> None:
    sides = [swift_tests(), library_tests()]
    total = missed = 0
    for source in sorted((ROOT / "Sources").rglob("*.swift")):
        texts: dict[int, str] = {}
        reached: set[int] = set()
        for side in sides:
            for number, is_reached, text in lines(side, source):
                texts[number] = text
                if is_reached:
                    reached.add(number)
        total += len(texts)
        for number in sorted(texts.keys() - reached):
            print(f"{source.relative_to(ROOT)}:{number}: {texts[number].strip()}")
            missed += 1
    if not total:
        sys.exit("nothing was counted")
    print(f"{total - missed} of {total} lines were reached")


if __name__ == "__main__":
    main()
