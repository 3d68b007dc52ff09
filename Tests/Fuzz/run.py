"""Runs the fuzz targets one after the other: `run.py --seconds 600 [--target json_reader]`.

Inputs that find something are kept in .build-fuzz/findings, what a run has learnt in
.build-fuzz/corpus. Seeds, and what was found and mended, are in corpus/ beside this file.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BUILD = ROOT / ".build-fuzz"

TARGETS = [
    *("json_reader", "json_canonical", "schema", "pattern", "policy", "payload", "response"),
    *("review_request", "review_stored", "run_replay", "run_stored", "graph_question"),
    *("token", "webhook", "delivery"),
]
DICTIONARIES = {
    "json_reader": "json",
    "json_canonical": "json",
    "schema": "schema",
    "pattern": "pattern",
    "policy": "review",
    "payload": "review",
    "response": "review",
    "review_request": "review",
    "review_stored": "review",
    "run_replay": "run",
    "run_stored": "run",
    "graph_question": "graph",
    "token": "json",
    "webhook": "json",
    "delivery": "delivery",
}

SWIFT = [
    *("swiftc", "-swift-version", "6", "-O", "-g", "-wmo", "-parse-as-library"),
    *("-warnings-as-errors", "-enable-upcoming-feature", "InternalImportsByDefault"),
    *("-enable-upcoming-feature", "MemberImportVisibility"),
    *("-package-name", "Interlock", "-sanitize=fuzzer,address", "-use-ld=lld", "-I", str(BUILD)),
]
COVERAGE = re.compile(r"^#\d+\s+\w+\s+cov: (\d+) ft: (\d+) corp: (\d+)", re.MULTILINE)
PROGRESS = re.compile(r"^#\d+\s+[A-Za-z]+\s")
EXECUTIONS = re.compile(r"^stat::number_of_executed_units:\s+(\d+)", re.MULTILINE)


@dataclass
class Result:
    """What a run of one target has come to."""

    target: str
    executions: int
    coverage: int
    features: int
    inputs: int
    seconds: float
    findings: list[Path]
    succeeded: bool


def compile(output: Path, sources: list[Path], needs: list[Path], *arguments: str | Path) -> None:
    """Calls the compiler if something is newer than what it made of it."""
    newest = max(path.stat().st_mtime for path in [*sources, *needs, Path(__file__)])
    if output.exists() and output.stat().st_mtime > newest:
        return
    command = [*SWIFT, *arguments, "-o", output, *sources]
    subprocess.run([str(part) for part in command], check=True, cwd=ROOT)


def build() -> Path:
    """Builds the core and the targets as modules of their own, and one program for all targets."""
    BUILD.mkdir(exist_ok=True)
    objects: list[Path] = []
    for module, folder in [
        ("InterlockCore", ROOT / "Sources/InterlockCore"),
        ("FuzzTargets", HERE / "Targets"),
    ]:
        interface = BUILD / f"{module}.swiftmodule"
        output = BUILD / f"{module}.o"
        compile(
            output,
            sorted(folder.rglob("*.swift")),
            list(objects),
            *("-module-name", module, "-emit-module", "-emit-module-path", interface),
            "-emit-object",
        )
        objects.append(output)
    program = BUILD / "fuzz"
    entry = sorted((HERE / "Entry").glob("*.swift"))
    compile(program, entry, objects, "-module-name", "FuzzEntry", *objects)
    return program


def run(program: Path, target: str, seconds: int) -> Result:
    """Fuzzes one target."""
    learnt = BUILD / "corpus" / target
    findings = BUILD / "findings" / target
    log = BUILD / f"{target}.log"
    for folder in (learnt, findings):
        folder.mkdir(parents=True, exist_ok=True)
    known = set(findings.iterdir())
    # Swift's own crash handler would take the signal before libFuzzer sees it.
    environment = {
        **os.environ,
        "SWIFT_BACKTRACE": "enable=no",
        "INTERLOCK_FUZZ_TARGET": target,
        "ASAN_OPTIONS": "detect_leaks=0:allocator_may_return_null=1",
    }
    started = time.monotonic()
    with log.open("w") as output:
        code = subprocess.run(
            [
                *(program, f"-max_total_time={seconds}", "-print_final_stats=1", "-timeout=15"),
                *("-rss_limit_mb=2048", "-max_len=4096", f"-artifact_prefix={findings}/"),
                *(f"-dict={HERE}/dictionaries/{DICTIONARIES[target]}.dict", learnt),
                HERE / "corpus" / target,
            ],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        ).returncode
    text = log.read_text(errors="replace")
    coverage, features, inputs = map(int, (COVERAGE.findall(text) or [("0", "0", "0")])[-1])
    executions = EXECUTIONS.search(text)
    found = sorted(set(findings.iterdir()) - known)
    if code != 0:
        lines = [line for line in text.splitlines() if not PROGRESS.match(line)]
        print("\n".join(lines[-40:]), file=sys.stderr)
    return Result(
        target=target,
        executions=int(executions[1]) if executions else 0,
        coverage=coverage,
        features=features,
        inputs=inputs,
        seconds=time.monotonic() - started,
        findings=found,
        succeeded=code == 0,
    )


def main() -> int:
    """Fuzzes what is asked for; fails if anything was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--target", choices=["", *TARGETS], default="")
    options = parser.parse_args()
    program = build()
    failed = False
    for target in [options.target] if options.target else TARGETS:
        result = run(program, target, options.seconds)
        # A run that did nothing has found nothing either.
        failed = failed or not result.succeeded or result.executions == 0
        print(
            f"{target:<15} {result.executions:>10} executions {result.seconds:>5.0f} s"
            f"  coverage {result.coverage:>5}  features {result.features:>6}"
            f"  inputs {result.inputs:>5}  {'ok' if result.succeeded else 'FAILED'}",
            flush=True,
        )
        for path in result.findings:
            print(f"  {path.relative_to(ROOT)}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
