"""Somebody who talks to the agent: python human.py DATABASE WISH [approve|reject|silent].

Without the last word you are asked at the prompt.
"""

from __future__ import annotations

import sys
from typing import Any

from interlock import Engine, Review

CHANNEL = "deployer"


def main(database: str, wish: str, option: str | None = None) -> None:
    """Says what is wanted, answers what is asked, until the agent has said something."""
    with Engine.open(database) as engine:
        mark = max((event["seq"] for event in engine.events.list(channel=CHANNEL)), default=0)
        engine.messages.post(CHANNEL, wish, sender="user", actor="ana")
        while wish != "bye":
            page = engine.events.wait(channel=CHANNEL, types=["message.created"], after=mark)
            for event in page["events"]:
                mark = event["seq"]
                message = engine.messages.get(event["body"]["message"])
                if message["sender"] == "user":
                    continue
                print(f"{message['level']}: {message['text']}", flush=True)
                if message["review"] is None:
                    return
                if option != "silent":
                    review = engine.reviews.get(message["review"])
                    response = answer(review, option)
                    engine.reviews.respond(review["id"], actor="ana", response=response)


def answer(review: Review, option: str | None) -> dict[str, Any]:
    """What this person says; the core refuses what does not fit."""
    payload = review["payload"]
    if review["kind"] == "selection":
        ids = [item["id"] for item in payload["items"]]
        return {"selectedIds": [ids[0] if option else input(f"{', '.join(ids)}: ")]}
    if review["kind"] == "form":
        names = [field["name"] for field in payload["fields"]]
        return {name: f"my {name}" if option else input(f"{name}: ") for name in names}
    ids = [item["id"] for item in payload["options"]]
    return {"selectedOption": option or input(f"{', '.join(ids)}: ")}


if __name__ == "__main__":
    main(*sys.argv[1:])
