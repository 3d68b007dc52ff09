"""Input that no review takes: not JSON, not UTF-8, of the wrong shape, too long, too deep."""

from __future__ import annotations

from typing import Any

import pytest

import interlock
from interlock import Engine
from review_tools import APPROVE, MINUTE, ask, ask_id, by, chain

BAD_JSON: list[Any] = [float("nan"), float("inf"), {"a": [float("-inf")]}]


@pytest.mark.parametrize("value", BAD_JSON)
def test_what_json_does_not_have_is_refused(engine: Engine, value: Any) -> None:
    with pytest.raises(ValueError, match="JSON"):
        ask(engine, details=value)
    with pytest.raises(ValueError, match="JSON"):
        engine.reviews.respond("x", actor="ana", response=value)
    with pytest.raises(TypeError, match="JSON"):
        ask(engine, details=object())
    assert [*engine.reviews.list()] == []


def test_texts_that_are_not_utf8_are_refused(engine: Engine) -> None:
    with pytest.raises(interlock.InvalidJSONError):
        ask(engine, title="\ud800")
    with pytest.raises(interlock.InvalidJSONError):
        ask(engine, details={1: "one", "1": "also one"})  # one key twice
    assert ask(engine, title="\0é🙂e\u0301")["title"] == "\0é🙂e\u0301"


def test_requests_of_the_wrong_shape_name_the_member(engine: Engine) -> None:
    for call, path in (
        (lambda: engine.reviews.open("approval", {}, extra={"titel": "typo"}), "/titel"),
        (lambda: engine.reviews.get(), ""),
        (lambda: engine.reviews.get("a", review_key="b"), ""),
        (lambda: engine.reviews.get(5), "/id"),  # type: ignore[arg-type]
        (lambda: engine.reviews.page(order="sideways"), "/order"),  # type: ignore[arg-type]
        (lambda: engine.reviews.comment(ask_id(engine), actor="ana", text=""), "/text"),
    ):
        with pytest.raises(interlock.InterlockError) as caught:
            call()
        assert isinstance(caught.value, ValueError), caught.value
        named = {problem["path"] for problem in getattr(caught.value, "problems", ())}
        assert path in named | {caught.value.path}, (path, caught.value, named)
    with pytest.raises(TypeError, match="titel"):
        engine.reviews.open("approval", {}, titel="typo")  # type: ignore[call-arg]


def test_long_and_deep_input_is_refused_at_once(engine: Engine) -> None:
    id = ask_id(engine)
    deep: Any = 1
    for _ in range(60):
        deep = [deep]
    assert ask(engine, details=deep)["details"] == deep
    for _ in range(940):
        deep = [deep]
    big = "x" * (10 << 20)
    for call in (
        lambda: ask(engine, details=deep),
        lambda: ask(engine, details=big),
        lambda: ask(engine, title="x" * 65537),
        lambda: ask(engine, key="k" * 513),
        lambda: engine.reviews.get("i" * 513),
        lambda: engine.reviews.respond(id, actor="ana", response=deep),
        lambda: engine.reviews.respond(id, actor="ana", response=big),
        lambda: engine.reviews.respond(id, actor="a" * 513, response=APPROVE),
        lambda: engine.reviews.comment(id, actor="ana", text="x" * 65537),
        lambda: engine.reviews.cancel(id, reason=big),
        lambda: engine.reviews.explain(id, actor="ana", response=deep),
    ):
        with pytest.raises(ValueError):
            call()
    assert engine.reviews.get(id)["status"] == "pending"
    assert engine.check().ok


def test_a_very_deep_value_is_no_stack_overflow(engine: Engine) -> None:
    deep: Any = 1
    for _ in range(200_000):
        deep = [deep]
    with pytest.raises(ValueError, match="deep"):
        ask(engine, details=deep)
    while isinstance(deep, list):  # taken apart by hand: freeing it is deep too
        deep = deep.pop()


def test_integers_beyond_64_bit_are_no_times_or_counts(engine: Engine) -> None:
    id = ask_id(engine)
    huge = 2**64 + 1
    for call in (
        lambda: ask(engine, deadline=huge),
        lambda: ask(engine, expires_in=huge),
        lambda: ask(engine, deadline=-huge),
        lambda: ask(engine, expires_in=2**63 - 1),
        lambda: ask(engine, expires_in=MINUTE, reminders=[huge]),
        lambda: ask(engine, policy=chain(by("ana", quorum=huge))),
        lambda: ask(engine, policy=chain(by("ana", deadline_in=huge))),
        lambda: engine.reviews.page(limit=huge),
        lambda: engine.reviews.page(due_before=huge),
        lambda: engine.reviews.respond(id, actor="ana", response=APPROVE, revision=huge),
        lambda: engine.events.read(after=huge),
        lambda: engine.events.ack("c", huge),
        lambda: engine.audit.read(after=-huge),
    ):
        with pytest.raises(ValueError):
            call()
    assert engine.reviews.get(id)["status"] == "pending"
