"""Resumes the graphs of a store until none is ready. A program of its own.

    resume_worker.py DATABASE

Prints "ready", waits for a line, and prints how many threads it has gone on with.
"""

from __future__ import annotations

import json
import sys

import graphs
from interlock.langgraph import InterlockSaver, Resumer


def main(database: str) -> None:
    """Work."""
    with InterlockSaver.from_conn_string(database) as saver:
        resumer = Resumer(saver.engine, graphs.one_question(saver))
        print(json.dumps("ready"), flush=True)
        sys.stdin.readline()
        print(json.dumps(resumer.run_until_idle()), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
