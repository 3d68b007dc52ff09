"""Deploys, if somebody says so in time: python deploy.py DATABASE VERSION [SECONDS].

It may be killed while it waits and started again: it finds the question it has asked.
"""

from __future__ import annotations

import sys
from datetime import timedelta

from interlock import Engine


def main(database: str, version: str, seconds: float = 3600) -> int:
    """Asks, waits, and deploys or not."""
    with Engine.open(database) as engine:
        question = engine.reviews.open(
            "approval",
            {"allowComment": True},
            title=f"Deploy {version} to production?",
            key=f"deploy {version}",
            requester={"type": "agent", "value": "deployer"},
            policy={"stages": [{"approvers": [{"role": "ops"}], "forbid_requester": True}]},
            expires_in=timedelta(seconds=seconds),
            on_expiry="reject",
        )["review"]
        print(f"asked: {question['title']}", flush=True)
        ended = engine.reviews.wait(question["id"])
        if ended["outcome"] != "approved":
            print(f"not deployed: {ended['outcome']}")
            return 1
        print(f"deployed {version}")
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], *map(float, sys.argv[3:])))
