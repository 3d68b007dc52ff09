"""Answers to reviews: of each kind, outcome words, replays, and that exactly one wins."""

from __future__ import annotations

import contextlib
import threading
from typing import Any

import pytest

import interlock
from interlock import Engine, InvalidArgumentError
from review_tools import APPROVE, REJECT, ask_id

KINDS: list[tuple[str, dict[str, Any], Any, str]] = [
    ("approval", {}, APPROVE, "approved"),
    ("approval", {}, REJECT, "rejected"),
    ("verify", {"phrase": "delete all"}, {"phrase": "delete all"}, "approved"),
    ("verify", {"phrase": "delete all"}, {"cancel": True}, "rejected"),
    ("selection", {"items": [{"id": "a"}, {"id": "b"}]}, {"selectedIds": ["b"]}, "answered"),
    ("form", {"fields": [{"name": "n", "type": "number"}]}, {"n": 7}, "answered"),
    ("text", {}, {"text": "hello"}, "answered"),
    ("text", {"dismissLabel": "No"}, {"_dismissed": True}, "dismissed"),
    ("freeform", {}, {"any": [1, {"thing": None}]}, "answered"),
    ("freeform", {"raw": True}, None, "answered"),
    ("rating", {"key": "quality"}, {"score": 0.5, "comment": None}, "answered"),
    (
        "actions",
        {"items": [{"id": "1", "name": "rm", "args": {"path": "x"}}]},
        {"decisions": [{"type": "approve"}]},
        "approved",
    ),
    (
        "actions",
        {"items": [{"id": "1", "name": "rm", "args": {"path": "x"}}]},
        {"decisions": [{"type": "edit", "edited_action": {"name": "rm", "args": {"path": "y"}}}]},
        "edited",
    ),
]


@pytest.mark.parametrize(("kind", "payload", "response", "outcome"), KINDS)
def test_each_kind_is_asked_and_answered(
    engine: Engine, kind: Any, payload: dict[str, Any], response: Any, outcome: str
) -> None:
    review = engine.reviews.open(kind, payload)["review"]
    done = engine.reviews.respond(review["id"], actor="ana", response=response)
    assert done["replayed"] is False
    assert done["decision"]["accepted"] is True
    assert done["decision"]["response"] == response
    assert done["decision"]["review"] == review["id"]
    ended = engine.reviews.wait(review["id"], timeout=0)
    assert ended == done["review"] == engine.reviews.get(review["id"])
    assert (ended["status"], ended["outcome"]) == ("resolved", outcome)
    assert ended["response"] == response


def test_a_notification_asks_for_nothing(engine: Engine) -> None:
    review = engine.reviews.open("notify", {"text": "Deployed."})["review"]
    assert (review["status"], review["outcome"]) == ("resolved", "acknowledged")


def test_numbers_keep_their_digits(engine: Engine) -> None:
    value = {"account": 12345678901234567890123, "small": -(2**63), "part": 0.1, "unit": 1e300}
    review = engine.reviews.open("freeform", {}, details=value)["review"]
    assert review["details"] == value
    ended = engine.reviews.respond(review["id"], actor="ana", response=value)["review"]
    assert ended["response"] == value
    assert type(ended["response"]["account"]) is int
    assert type(ended["response"]["part"]) is float


def test_an_equal_answer_is_replayed(engine: Engine) -> None:
    id = ask_id(engine)
    first = engine.reviews.respond(id, actor="ana", response=APPROVE, key="click-1")
    again = engine.reviews.respond(id, actor="ana", response=APPROVE, key="click-1")
    assert (first["replayed"], again["replayed"]) == (False, True)
    assert again["decision"] == first["decision"]
    assert len(engine.reviews.history(id)["decisions"]) == 1


def test_respond_selects_by_other_names(engine: Engine) -> None:
    for selector in ({"interrupt": "i"}, {"external_id": "e"}, {"thread": "t"}):
        id = ask_id(engine, **selector)
        done = engine.reviews.respond(actor="ana", response=APPROVE, **selector)
        assert done["review"]["id"] == id


@pytest.mark.parametrize("payload", [{}, {"raw": True}])
def test_a_comment_never_wedges_a_review(engine: Engine, payload: dict[str, Any]) -> None:
    id = engine.reviews.open("freeform", payload)["review"]["id"]
    with contextlib.suppress(ValueError):  # refused, or one of the two wins
        engine.reviews.respond(id, actor="ana", response={"comment": 1}, comment="two")
    assert engine.reviews.get(id)["id"] == id
    assert [found["id"] for found in engine.reviews.list()] == [id]
    assert engine.check().ok


def test_a_response_has_one_comment(engine: Engine) -> None:
    id = engine.reviews.open("approval", {"allowComment": True})["review"]["id"]
    remarked = {**APPROVE, "comment": "one"}
    with pytest.raises(interlock.InvalidResponseError) as caught:
        engine.reviews.respond(id, actor="ana", response=remarked, comment="two")
    (problem,) = caught.value.problems
    assert (problem["code"], problem["path"]) == ("duplicate", "/comment")
    assert engine.reviews.get(id)["status"] == "pending"
    done = engine.reviews.respond(id, actor="ana", response=APPROVE, comment="one")
    assert done["review"]["response"] == remarked


def test_X17_outcome_words_stand_for_responses(engine: Engine) -> None:
    items = [{"id": str(n), "name": "deploy", "args": {"n": n}} for n in range(2)]
    expired = "Decision expired before a human response was received."
    for word, outcome, decision in (
        ("approved", "approved", {"type": "approve"}),
        (
            "rejected",
            "rejected",
            {"type": "reject", "message": "Human rejected the requested agent action."},
        ),
        ("expired", "rejected", {"type": "reject", "message": expired}),
        ("timeout", "rejected", {"type": "reject", "message": expired}),
    ):
        id = engine.reviews.open("actions", {"items": items})["review"]["id"]
        ended = engine.reviews.respond(id, actor="ana", outcome=word, via="webhook")["review"]
        assert ended["outcome"] == outcome
        assert ended["response"] == {"decisions": [decision, decision]}


def test_X18_a_comment_takes_the_place_of_the_message(engine: Engine) -> None:
    items = [{"id": "1", "name": "deploy", "args": {}}]
    id = engine.reviews.open("actions", {"items": items})["review"]["id"]
    ended = engine.reviews.respond(id, actor="ana", outcome="rejected", comment="not today")
    assert ended["review"]["response"] == {
        "decisions": [{"type": "reject", "message": "not today"}]
    }


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("approve", "approved"),
        (" Approved\n", "approved"),
        ("REJECT", "rejected"),
        ("rejected", "rejected"),
        ("expire", "rejected"),
        ("Expired", "rejected"),
        ("timeout", "rejected"),
        ("timed_out", "rejected"),
    ],
)
def test_X19_outcome_words_have_aliases(engine: Engine, word: str, outcome: str) -> None:
    id = ask_id(engine)
    assert engine.reviews.respond(id, actor="ana", outcome=word)["review"]["outcome"] == outcome


def test_X20_an_answer_that_lacks_a_part_is_refused(engine: Engine) -> None:
    id = ask_id(engine)
    for members, path in (
        ({"response": APPROVE}, "/actor"),
        ({"actor": "ana"}, ""),
        ({"actor": "", "response": APPROVE}, "/actor"),
        ({"actor": {"type": "email"}, "response": APPROVE}, "/actor/value"),
        ({"actor": {"type": "ghost", "value": "x"}, "response": APPROVE}, "/actor/type"),
        ({"actor": "ana", "response": APPROVE, "outcome": "approved"}, ""),
        ({"actor": "ana", "response": APPROVE, "via": "pigeon"}, "/via"),
    ):
        with pytest.raises(InvalidArgumentError) as caught:
            engine.reviews.respond(id, **{"actor": None, **members})  # type: ignore[arg-type]
        assert caught.value.path == path
        assert caught.value.problems[0]["path"] == path
    assert engine.reviews.get(id)["status"] == "pending"


def test_exactly_one_of_many_answers_wins(engine: Engine) -> None:
    for _ in range(5):
        id = ask_id(engine)
        won: list[str] = []
        lost: list[str] = []

        def answer(name: str, id: str = id, won: Any = won, lost: Any = lost) -> None:
            response = APPROVE if int(name) % 2 else REJECT
            try:
                engine.reviews.respond(id, actor=name, response=response)
                won.append(name)
            except interlock.AlreadyResolvedError:
                lost.append(name)

        people = [threading.Thread(target=answer, args=(str(n),)) for n in range(8)]
        for person in people:
            person.start()
        for person in people:
            person.join()
        assert (len(won), len(lost)) == (1, 7)
        winner = engine.reviews.history(id)["decisions"][0]
        assert winner["actor"]["value"] == won[0]
