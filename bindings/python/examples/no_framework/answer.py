"""Answers what the jobs ask: python answer.py DATABASE PERSON approved|rejected."""

from __future__ import annotations

import sys

from interlock import Engine


def main(database: str, person: str, outcome: str) -> int:
    """Answers every question that waits."""
    with Engine.open(database, must_exist=True) as engine:
        for interrupt in [*engine.runs.interrupts()]:
            done = engine.reviews.respond(interrupt=interrupt["id"], actor=person, outcome=outcome)
            print(f"{done['review']['title']} {done['review']['outcome']}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
