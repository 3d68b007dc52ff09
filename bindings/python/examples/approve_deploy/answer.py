"""Answers what is waiting: python answer.py DATABASE NAME ROLE approve|reject."""

from __future__ import annotations

import sys

from interlock import Engine, ReviewError


def main(database: str, name: str, role: str, option: str) -> int:
    """Gives every question the same answer."""
    refused = 0
    with Engine.open(database, must_exist=True) as engine:
        for review in engine.reviews.list(status="pending"):
            try:
                engine.reviews.respond(
                    review["id"],
                    actor={"value": name, "roles": [role]},
                    response={"selectedOption": option},
                )
                print(f"{review['title']} {option}")
            except ReviewError as error:
                print(f"{review['title']} {error}")
                refused += 1
    return min(refused, 1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
