"""What the page behind a signed link does: python open_link.py DATABASE TOKEN approve|reject.

It shows the question before it answers; looking uses nothing up.
"""

from __future__ import annotations

import sys

from interlock import Engine, InterlockError


def main() -> None:
    """Show, and answer."""
    database, token, verdict = sys.argv[1:]
    with Engine.open(database) as engine:
        try:
            claims = engine.tokens.inspect(token)
            review = engine.reviews.get(claims["review"])
            print(f"{review.get('title')} ({claims['actor']['value']})")
            outcome = "approved" if verdict == "approve" else "rejected"
            answered = engine.reviews.respond(token=token, outcome=outcome)
        except InterlockError as refused:
            sys.exit(f"refused: {refused}")
        print("as before" if answered["replayed"] else str(answered["review"]["outcome"]))


if __name__ == "__main__":
    main()
