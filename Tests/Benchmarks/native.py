"""The same without Python: C programs that call Interlock, and SQLite directly.

What plain SQLite writes are the rows that Interlock wrote for the same checkpoints, into the same
tables and indexes. It need not decide anything: it is the least that such a store can cost.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from common import HERE, INCLUDE, Bar, Context, in_rounds, library_path
from threads import KINDS, Burst, report

SHARED = ("c_common.c", "c_replay.c", "c_reviews.c")
CALLS = 50
PEER = "plain sqlite3"


def build(context: Context, name: str) -> Path:
    """Compile one program against the library that this process uses."""
    library = context.folder / "libinterlock.so.1"
    if not library.exists():
        library.symlink_to(library_path())
    program = context.folder / name
    command = [os.environ.get("CC", "cc"), "-std=gnu11", "-D_GNU_SOURCE"]
    command += ["-O2", "-Wall", "-Wextra"]
    command += [f"-I{INCLUDE}", *(str(HERE / source) for source in (f"{name}.c", *SHARED))]
    command += ["-o", str(program), str(library), f"-Wl,-rpath,{context.folder}"]
    subprocess.run([*command, "-lsqlite3", "-lpthread"], check=True)
    return program


def run(program: Path | str, *arguments: str) -> str:
    """What a program prints."""
    command = [str(program), *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def measure_put(context: Context) -> None:
    """One put from C."""
    sizes = (str(context.pick(80, 8)), str(CALLS))
    found = json.loads(run(build(context, "c_put"), str(context.folder), *sizes))
    times = {name.replace("sqlite", PEER): in_rounds(each, CALLS) for name, each in found.items()}
    for durability in ("full", "normal"):
        context.compare(
            "c_put",
            f"put of 1 KB from C, p50, {durability}",
            times,
            f"interlock {durability}",
            f"{PEER} {durability}",
            Bar(1.5) if durability == "full" else None,
            (1e6, "us"),
        )


def measure_threads(context: Context) -> None:
    """Sixteen threads in C."""
    rounds, count = context.pick(15, 3), context.pick(200, 50)
    program = build(context, "c_threads")
    found: dict[str, list[Burst]] = {kind: [] for kind in KINDS}
    for kind, rate, slowest in json.loads(
        run(program, str(context.folder), str(rounds), str(count))
    ):
        found[kind].append(Burst(rate, slowest))
    report(context, "C", f"{PEER}, one lock", found)
