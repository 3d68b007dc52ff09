"""Questions of customers: an agent answers if it is sure, else a better one, else a person.

    python support.py ask     DATABASE QUESTION         tries, and says how it stands
    python support.py answer  DATABASE PERSON TEXT      a person answers what waits
    python support.py rate    DATABASE QUESTION SCORE [COMMENT]
    python support.py summary DATABASE                  the scores of all answers

The commands share nothing but the database; "ask" again finds the question and its answer.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from langchain_core.language_models import SimpleChatModel
from langchain_core.messages import BaseMessage

from interlock import Engine, Review
from interlock.patterns import Attempt, climb, ladder, rating

SCRIPT = {
    "agent": {"How do I log in?": ("Click on Log in.", 0.95)},
    "senior_agent": {"Why is it slow?": ("It is the index.", 0.8)},
}
UNSURE = ("I would say no.", 0.3)


class ScriptedModel(SimpleChatModel):
    """Stands where a chat model would: says how sure it is too."""

    rung: str

    def _call(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: Any = None,
        **kwargs: Any,
    ) -> str:
        text, confidence = SCRIPT[self.rung].get(str(messages[-1].content), UNSURE)
        return json.dumps({"text": text, "confidence": confidence})

    @property
    def _llm_type(self) -> str:
        return "scripted"


def worker(rung: str) -> Callable[[Review], Attempt]:
    """An agent on a rung of the ladder."""
    model = ScriptedModel(rung=rung)

    def attempt(review: Review) -> Attempt:
        question = review["title"]
        said = json.loads(str(model.invoke(question).content))
        return Attempt(
            {"text": said["text"]},
            confidence=said["confidence"],
            sensitive="refund" in question,
            note=f"{rung} would say: {said['text']}",
        )

    return attempt


def ask(engine: Engine, question: str) -> None:
    """Opens the question once, and lets the agents try."""
    opened = engine.reviews.open(
        "text", {}, title=question, key=f"question {question}", policy=ladder()
    )
    workers = {rung: worker(rung) for rung in SCRIPT}
    review = climb(engine, opened["review"]["id"], workers)
    for step in review["escalations"]:
        print(f"{step['from']} -> {step['to']}: {step['reason']}")
    if review["status"] == "pending":
        print(f"waits for {review['stage']}")
        return
    print(f"{review['stage']}: {review['response']['text']}")
    engine.reviews.open(**rating(review["id"], review["response"]["text"]))


def answer(engine: Engine, person: str, text: str) -> None:
    """A person reads what the agents thought of it, and answers."""
    for review in engine.reviews.list(status="pending", kind="text"):
        for remark in engine.reviews.history(review["id"])["comments"]:
            print(remark["text"])
        engine.reviews.respond(review["id"], actor=person, response={"text": text})


def rate(engine: Engine, question: str, score: str, comment: str = "") -> None:
    """The customer says how good the answer was."""
    review = engine.reviews.get(review_key=f"question {question}")
    asked = engine.reviews.get(review_key=f"feedback helpfulness {review['id']}")
    response = {"score": float(score), "comment": comment}
    engine.reviews.respond(asked["id"], actor="the customer", response=response)


def summary(engine: Engine) -> None:
    """What all scores come to."""
    for key in engine.feedback.summary()["keys"]:
        print(f"{key['key']}: {key['average']:.2f} of {key['count']}")


COMMANDS: dict[str, Callable[..., None]] = {
    "ask": ask,
    "answer": answer,
    "rate": rate,
    "summary": summary,
}


def main(command: str, database: str, *arguments: str) -> None:
    """Runs one command."""
    with Engine.open(database) as engine:
        COMMANDS[command](engine, *arguments)


if __name__ == "__main__":
    main(*sys.argv[1:])
