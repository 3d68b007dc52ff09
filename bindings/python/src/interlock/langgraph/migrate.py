"""Imports a database of langgraph-checkpoint-sqlite into an Interlock store.

    python -m interlock.langgraph.migrate SQLITE_FILE TARGET [--json] [--quiet]

The old file is only read. Threads are copied one by one and then read back and compared, every
checkpoint with its channel values, metadata and pending writes. Stop it at any point and run it
again: it continues, and nothing is stored twice.

Exit codes: 0 everything is there and equal; 1 the comparison found differences; 2 wrong usage,
an unreadable file, or a target that cannot take it; 130 stopped from the keyboard.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import sys
from typing import TYPE_CHECKING

from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from interlock import Engine, InterlockError

from ._import import Importer, Report
from ._progress import show_progress
from ._source import Source, SourceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langgraph.checkpoint.serde.base import SerializerProtocol

OK = 0
DIFFERENT = 1
FAILED = 2
INTERRUPTED = 130


def migrate(
    source: str | os.PathLike[str],
    target: str | os.PathLike[str],
    *,
    serde: SerializerProtocol | None = None,
    quiet: bool = True,
) -> Report:
    """Import a database and verify it. Since 0.1.

    Args:
        source: the old file; only read.
        target: path or URL of the Interlock store, created if it does not exist.
        serde: the serializer that the old saver used; LangGraph's own if None.
        quiet: draw no progress bar.

    Returns:
        What was done; `differences` is 0 if everything was read back equal.

    Raises:
        SourceError: the old file cannot be read, or is of another kind.
        InterlockError: the target cannot be opened, or cannot take it; run again to continue.
        ValueError: both are the same file.
    """
    if os.path.exists(target) and os.path.exists(source) and os.path.samefile(source, target):
        raise ValueError("source and target are the same file")
    with Source(source) as old, Engine.open(target) as engine:
        importer = Importer(old, engine, serde or JsonPlusSerializer())
        with show_progress(2 * old.count(), quiet) as progress:  # copy, then compare
            return importer.run(progress)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command. Since 0.1.

    Args:
        arguments: the command line without the program's name; None is that of this process.

    Returns:
        The exit code.
    """
    options = _parser().parse_args(arguments)
    try:
        report = migrate(options.source, options.target, quiet=options.quiet)
    except (SourceError, InterlockError, ValueError, sqlite3.Error) as error:
        if options.json:
            print(json.dumps({"error": str(error)}))
        print(f"migrate: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("migrate: stopped; run it again to continue", file=sys.stderr)
        return INTERRUPTED
    if options.json:
        print(json.dumps(report.as_dict()))
    elif not options.quiet:
        _print(report)
    return DIFFERENT if report.differences else OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m interlock.langgraph.migrate",
        description="Import a database of langgraph-checkpoint-sqlite into an Interlock store.",
        epilog="Exit codes: 0 equal, 1 differences found, 2 wrong usage or an unreadable file.",
    )
    parser.add_argument("source", metavar="SQLITE_FILE", help="the old database; only read")
    parser.add_argument("target", metavar="TARGET", help="path or URL of the Interlock store")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--quiet", action="store_true", help="no progress bar and no summary")
    return parser


def _print(report: Report) -> None:
    print(
        f"{report.threads} threads, {report.checkpoints} checkpoints, {report.writes} writes; "
        f"stored now: {report.stored_checkpoints} checkpoints, {report.stored_writes} writes"
    )
    print(f"verified: {report.verified} equal, {report.differences} different")
    if report.early_writes:
        print(f"{report.early_writes} writes belong to checkpoints that do not exist yet")
    if report.changed_metadata:
        print(f"{report.changed_metadata} checkpoints had metadata that is not JSON; now null")
    for finding in report.findings:
        where = "/".join((finding["thread_id"], finding["checkpoint_ns"], finding["checkpoint_id"]))
        print(f"  {where}: {finding['message']}")


if __name__ == "__main__":
    sys.exit(main())
