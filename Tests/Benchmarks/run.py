"""Measure Interlock against the savers of LangGraph, DBOS, and plain SQLite.

make bench [FOLDER=DIR], or: .venv/bin/python Tests/Benchmarks/run.py [--quick] [--only NAME]
[--folder DIR] [--json] [--strict]

Writes .build-bench/results.json and .build-bench/plot.png. Figures of a machine that does
something else meanwhile are worth little; ratios suffer less, since the contenders take turns.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import conversation
import graphs
import million
import native
import put
import read
import resuming
import reviews
import runs
import startup
import threads
import validate
import waiting
from common import REPOSITORY, Context, Result, progress

Row = tuple[str, str, str, str, str, str, str]

OUTPUT = REPOSITORY / ".build-bench"
BENCHMARKS: dict[str, Callable[[Context], None]] = {
    "conversation": conversation.measure,
    "put": put.measure,
    "read": read.measure,
    "c_put": native.measure_put,
    "threads": threads.measure,
    "c_threads": native.measure_threads,
    "startup": startup.measure,
    "review": reviews.measure,
    "wait": waiting.measure_answers,
    "idle": waiting.measure_idle,
    "validate": validate.measure,
    "events": reviews.measure_events,
    "runs": runs.measure,
    "replay": runs.measure_replay,
    "permit": runs.measure_permit,
    "graph": graphs.measure,
    "resumer": resuming.measure,
    "million": million.measure,
}


def main() -> int:
    """Measure, print, write."""
    options = _options()
    OUTPUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        context = Context(Path(folder), options.quick)
        for name, measure in BENCHMARKS.items():
            if options.only and name not in options.only:
                continue
            progress(f"{name} ...")
            start = time.perf_counter()
            measure(context)
            progress(f"{name}: {time.perf_counter() - start:.0f} s")
    report = _report(context, options.folder.resolve())
    (OUTPUT / "results.json").write_text(json.dumps(report, indent=1) + "\n")
    print(json.dumps(report, indent=1) if options.json else _table(context.results))
    for what, reason in context.skipped.items():
        progress(f"not measured: {what}: {reason}")
    _draw(context)
    missed = any(result.met is False for result in context.results)
    return 1 if options.strict and missed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="less of everything; judges no bar")
    parser.add_argument("--only", action="append", choices=BENCHMARKS, help="may be repeated")
    parser.add_argument(
        "--folder", type=Path, default=OUTPUT, help="for the databases: its file system counts"
    )
    parser.add_argument("--json", action="store_true", help="print results.json, not the table")
    parser.add_argument("--strict", action="store_true", help="exit with 1 if a bar is missed")
    return parser.parse_args()


def _draw(context: Context) -> None:
    try:
        from plot import draw
    except ImportError:
        progress("no plot: matplotlib is not installed")
        return
    draw(context, OUTPUT / "plot.png")


def _file_system(folder: Path) -> str:
    lines = Path("/proc/self/mounts").read_text().splitlines()
    mounts = [(point, kind) for _, point, kind, *_ in map(str.split, lines)]
    return max((len(point), kind) for point, kind in mounts if folder.is_relative_to(point))[1]


def _report(context: Context, folder: Path) -> dict[str, Any]:
    packages = ("langgraph", "langgraph-checkpoint", "langgraph-checkpoint-sqlite")
    return {
        "quick": context.quick,
        "machine": {
            "cpus": os.cpu_count(),
            "system": f"{platform.system()} {platform.machine()}",
            "file_system": _file_system(folder),
            "python": platform.python_version(),
            "sqlite": sqlite3.sqlite_version,
            "packages": {package: version(package) for package in packages},
        },
        "skipped": context.skipped,
        "results": [result.record() for result in context.results],
        "bytes_over_turns": context.curves,
    }


def _table(results: list[Result]) -> str:
    head: Row = ("benchmark", "interlock", "peer", "", "ratio", "bar", "met")
    rows = [head, *map(_row, results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(_cells(row, widths)).rstrip() for row in rows]
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]])


def _row(result: Result) -> Row:
    bar = "" if result.bar is None else str(result.bar)
    return (
        result.name,
        f"{result.interlock:.4g} {result.unit}",
        f"{result.peer:.4g} {result.unit}",
        result.peer_name,
        f"{result.ratio:.3g}",
        f"{bar} {result.unit}" if bar and result.absolute else bar,
        {None: "", True: "yes", False: "NO"}[result.met],
    )


def _cells(row: Row, widths: list[int]) -> list[str]:
    """Figures to the right, words to the left."""
    return [
        cell.rjust(width) if column in (1, 2, 4) else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]


if __name__ == "__main__":
    sys.exit(main())
