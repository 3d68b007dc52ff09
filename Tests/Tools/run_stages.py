"""Runs every check of `make test`, shows its output, and adds up what passed and failed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHON = str(ROOT / ".venv/bin/python")
REPORTS = ROOT / ".build-reports"
LIBRARY = str(ROOT / "bindings/python/src/interlock/libinterlock.so.1")

SWIFT_COUNT = re.compile(r"Test run with (\d+) tests?(?: in \d+ suites?)? (passed|failed)")
SWIFT_SKIPPED = re.compile(r"^➜ Test .* skipped", re.MULTILINE)
SWIFT_FAILED = re.compile(r"^✘ Test .* failed after", re.MULTILINE)
PLAIN = re.compile(r"^(\d+) passed, (\d+) failed$", re.MULTILINE)
PYTEST = re.compile(r"(\d+) (passed|failed|errors?|skipped)\b")


@dataclass
class Stage:
    name: str
    command: list[str]
    # A stage whose tool prints no count is one check.
    counts: str


STAGES = [
    Stage("lint", ["make", "--no-print-directory", "lint"], "none"),
    Stage("swift", ["swift", "test"], "swift"),
    Stage("traps", [PYTHON, "Tests/Tools/traps.py"], "none"),
    Stage("c", ["Tests/ABI/run.sh", f"LIBRARY={LIBRARY}"], "plain"),
    Stage(
        "python",
        [PYTHON, "-m", "pytest", "bindings/python/tests", "-q", f"--junitxml={REPORTS}/pytest.xml"],
        "pytest",
    ),
    Stage("docs", ["make", "--no-print-directory", "docs"], "plain"),
    Stage("benchmarks", [PYTHON, "Tests/Benchmarks/run.py", "--quick"], "none"),
    Stage("wheel", ["make", "--no-print-directory", "wheel"], "none"),
    # The last: it reads what the others have left.
    Stage("requirements", [PYTHON, "Tests/Tools/requirements.py"], "plain"),
]


def count(kind: str, output: str, succeeded: bool) -> tuple[int, int]:
    """How many checks of a stage passed and failed, by its own closing line."""
    passed = failed = 0
    if kind == "swift":
        for number, _ in SWIFT_COUNT.findall(output):
            passed += int(number)
        failed = len(SWIFT_FAILED.findall(output))
        passed -= failed + len(SWIFT_SKIPPED.findall(output))
    elif kind == "plain":
        lines = PLAIN.findall(output)
        if lines:
            passed, failed = map(int, lines[-1])
    elif kind == "pytest":
        lines = output.strip().splitlines()
        for number, word in PYTEST.findall(lines[-1] if lines else ""):
            passed += int(number) if word == "passed" else 0
            failed += int(number) if word in ("failed", "error", "errors") else 0
    else:
        return (1, 0) if succeeded else (0, 1)
    if succeeded and passed == 0:
        return 0, 1  # A stage that ran nothing has not passed.
    return passed, failed if succeeded else max(failed, 1)


def run(stage: Stage) -> tuple[int, int, float]:
    """Runs a stage and returns what passed, what failed, and the seconds it took."""
    print(f"\n=== {stage.name}: {' '.join(stage.command)}", flush=True)
    started = time.monotonic()
    process = subprocess.Popen(
        stage.command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    lines: list[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line)
        # Swift prints a line for each test that starts and passes.
        if not line.startswith(("◇", "✔ Test ", "✔ Suite ")):
            print(line, end="", flush=True)
    succeeded = process.wait() == 0
    (REPORTS / f"{stage.name}.log").write_text("".join(lines))
    passed, failed = count(stage.counts, "".join(lines), succeeded)
    return passed, failed, time.monotonic() - started


def main() -> int:
    """Runs the stages named on the command line, or all."""
    wanted = sys.argv[1:] or [stage.name for stage in STAGES]
    os.environ["INTERLOCK_LIBRARY"] = LIBRARY
    os.environ["PYTHONPATH"] = str(ROOT / "bindings/python/src")
    REPORTS.mkdir(exist_ok=True)
    if not sys.argv[1:]:
        # Nothing of an earlier run is to pass for a result of this one.
        for report in REPORTS.iterdir():
            report.unlink()
    results = [(stage.name, *run(stage)) for stage in STAGES if stage.name in wanted]
    print("\nstage         passed  failed  seconds")
    for name, passed, failed, seconds in results:
        print(f"{name:<13} {passed:>6} {failed:>7} {seconds:>8.1f}")
    passed = sum(result[1] for result in results)
    failed = sum(result[2] for result in results)
    print(f"\n{passed} passed, {failed} failed")
    return 1 if failed or not results else 0


if __name__ == "__main__":
    sys.exit(main())
