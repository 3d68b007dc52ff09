"""Reviews: every function, on every store, blocking and beside an event loop."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

import interlock
from interlock import (
    Engine,
    InvalidArgumentError,
    Reviews,
    UnknownReviewError,
)
from review_tools import APPROVE, MINUTE, NOON, REJECT, ask, ask_id, by, chain


@pytest.fixture
def clocked(path: str) -> Any:
    """An engine whose clock the test moves."""
    with Engine.open(path, clock=NOON) as opened:
        yield opened


def test_open_tells_what_was_asked(engine: Engine) -> None:
    opened = engine.reviews.open(
        "approval",
        {"allowComment": True},
        title="Deploy?",
        summary="to production",
        details={"commit": "abc", "lines": [1, 2]},
        key="deploy-1",
        thread="t",
        channel="ops",
        interrupt={"id": "i1", "node": "deploy"},
        external_id="JIRA-1",
        requester="agent-1",
        assignee={"type": "email", "value": "ana@example.org", "roles": ["ops"]},
        expires_in=MINUTE,
        on_expiry="reject",
        reminders=[1000, timedelta(seconds=10)],
        group="release",
        metadata={"n": 2**70},
        extra={"x-ticket": None},
    )
    assert opened["created"] is True
    review = opened["review"]
    assert review["status"] == "pending"
    assert review["outcome"] is None
    assert review["title"] == "Deploy?"
    assert review["details"] == {"commit": "abc", "lines": [1, 2]}
    assert review["thread"] == "t"
    assert review["metadata"] == {"n": 2**70}
    assert review["deadline"] - review["created_at"] == MINUTE
    assert review["revision"] >= 1
    assert review["stages"][0]["needed"] == 1
    assert [stage["status"] for stage in review["stages"]] == ["open"]
    assert engine.reviews.get(review["id"]) == review
    assert engine.reviews.get(review_key="deploy-1") == review
    assert engine.reviews.get(interrupt="i1") == review
    assert engine.reviews.get(external_id="JIRA-1") == review
    assert engine.reviews.get(thread="t") == review


def test_X15_asking_again_finds_the_same_review(engine: Engine) -> None:
    first = engine.reviews.open("approval", {}, key="k", thread="t")
    again = engine.reviews.open("approval", {}, key="k", thread="t")
    assert first["created"] is True
    assert again == {"created": False, "review": first["review"]}
    first = engine.reviews.open("approval", {}, interrupt="i")
    assert engine.reviews.open("approval", {}, interrupt="i") == {
        "created": False,
        "review": first["review"],
    }


def test_deadlines_are_times(engine: Engine) -> None:
    until = datetime(2100, 1, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    milliseconds = round(until.timestamp() * 1000)
    assert ask(engine, deadline=until)["deadline"] == milliseconds
    assert ask(engine, deadline=milliseconds)["deadline"] == milliseconds
    short = ask(engine, expires_in=timedelta(hours=1, microseconds=999))
    assert short["deadline"] - short["created_at"] == 3_600_000
    with pytest.raises(ValueError, match="time zone"):
        ask(engine, deadline=datetime(2100, 1, 1))
    for wrong in (1.5, "2100-01-01", True):
        with pytest.raises(TypeError, match="deadline"):
            ask(engine, deadline=wrong)
        with pytest.raises(TypeError, match="expires_in"):
            ask(engine, expires_in=wrong)


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


def test_list_pages_and_filters(engine: Engine) -> None:
    ids = [ask_id(engine, thread=f"t{n % 2}", channel="ops") for n in range(7)]
    text = engine.reviews.open("text", {}, assignee="ana")["review"]["id"]
    engine.reviews.respond(ids[0], actor="ana", response=APPROVE)
    assert [found["id"] for found in engine.reviews.list(page_size=3)] == [text, *ids[::-1]]
    page = engine.reviews.page(limit=5, order="oldest")
    assert [found["id"] for found in page["reviews"]] == ids[:5]
    rest = engine.reviews.page(limit=5, order="oldest", cursor=page["next"])
    assert [found["id"] for found in rest["reviews"]] == [*ids[5:], text]
    assert rest["next"] is None
    for filters, count in (
        ({"status": "pending"}, 7),
        ({"status": "resolved"}, 1),
        ({"kind": "text"}, 1),
        ({"channel": "ops"}, 7),
        ({"thread": "t1"}, 3),
        ({"assignee": "ana"}, 1),
        ({"kind": "form"}, 0),
    ):
        assert len([*engine.reviews.list(**filters)]) == count, filters
    with pytest.raises(InvalidArgumentError, match="limit"):
        engine.reviews.page(limit=1001)


def test_due_before_has_the_most_urgent_first(clocked: Engine) -> None:
    late, soon, _ = (ask_id(clocked, expires_in=in_minutes * MINUTE) for in_minutes in (3, 1, 100))
    ask_id(clocked)
    due = clocked.reviews.list(due_before=NOON + 5 * MINUTE)
    assert [found["id"] for found in due] == [soon, late]


def test_cancel(engine: Engine) -> None:
    ended = engine.reviews.cancel(ask_id(engine), actor="agent", reason="no longer needed")
    assert (ended["status"], ended["outcome"]) == ("cancelled", "cancelled")
    assert ended["reason"] == "no longer needed"


def test_supersede(engine: Engine) -> None:
    old = ask(engine, key="k", interrupt="i", thread="t")
    done = engine.reviews.supersede(
        old["id"],
        successor={
            "kind": "approval",
            "payload": {},
            "interrupt": "i",
            "thread": "t",
            "expires_in": timedelta(minutes=1),
        },
    )
    assert done["superseded"]["status"] == "superseded"
    assert done["superseded"]["successor"] == done["review"]["id"]
    assert done["review"]["deadline"] - done["review"]["created_at"] == MINUTE
    assert engine.reviews.get(thread="t")["id"] == done["review"]["id"]


def test_claim_release_reassign(engine: Engine) -> None:
    id = ask_id(engine, policy=chain(by("ana", "ben")))
    assert engine.reviews.claim(id, actor="ana")["claimed_by"]["value"] == "ana"
    assert engine.reviews.release(id, actor="ana")["claimed_by"] is None
    assert engine.reviews.reassign(id, assignee="ben", actor="ana")["assignee"]["value"] == "ben"
    assert engine.reviews.reassign(id, assignee=None)["assignee"] is None


def test_comments_and_history(engine: Engine) -> None:
    id = ask_id(engine)
    remark = engine.reviews.comment(id, actor="ana", text="why now?")
    assert (remark["review"], remark["text"]) == (id, "why now?")
    engine.reviews.respond(id, actor="ben", response=APPROVE)
    engine.reviews.comment(id, actor="ana", text="fine")
    history = engine.reviews.history(id)
    assert [said["text"] for said in history["comments"]] == ["why now?", "fine"]
    assert [decision["actor"]["value"] for decision in history["decisions"]] == ["ben"]


def test_S28_escalation_ends_at_the_top(engine: Engine) -> None:
    id = ask_id(engine, policy={"order": "ladder"})
    assert engine.reviews.escalate(id, confidence=0.9)["action"] == "stayed"
    done = engine.reviews.escalate(id, confidence=0.5)
    assert done["action"] == "escalated"
    assert done["review"]["stage"] == "senior_agent"
    engine.reviews.escalate(id, sensitive=True)
    assert engine.reviews.escalate(id, error=True)["review"]["stage"] == "manager"
    top = engine.reviews.escalate(id, error=True)
    assert top["action"] == "at_top"
    steps = [(step["from"], step["to"], step["reason"]) for step in top["review"]["escalations"]]
    assert steps == [
        ("agent", "senior_agent", "confidence"),
        ("senior_agent", "human", "sensitive"),
        ("human", "manager", "error"),
    ]


def test_escalation_by_a_person(engine: Engine) -> None:
    id = ask_id(engine, policy=chain(by("ana"), by("ben"), order="ladder"))
    done = engine.reviews.escalate(id, actor="ana")
    assert done["review"]["escalations"][0]["reason"] == "request"


def test_explain_is_the_rule_that_decides(engine: Engine) -> None:
    id = ask_id(engine, policy=chain(by("ana", "ben", quorum="all")), expires_in=MINUTE)
    why = engine.reviews.explain(id)
    assert (why["status"], why["have"], why["needed"]) == ("pending", 0, 2)
    assert why["answer"] is None
    assert why["next"] is not None
    assert why["next"]["what"] == "expire"
    assert why["why"]
    engine.reviews.respond(id, actor="ana", response=APPROVE)
    why = engine.reviews.explain(id, actor="ben", response=APPROVE)
    assert (why["have"], [actor["value"] for actor in why["voted"]]) == (1, ["ana"])
    assert why["answer"] is not None
    assert why["answer"]["accepted"] is True
    why = engine.reviews.explain(id, actor="eve", response=APPROVE)
    assert why["answer"] is not None
    assert why["answer"]["accepted"] is False
    assert why["answer"]["refusal"] is not None
    assert why["answer"]["refusal"]["code"] == "NOT_AUTHORIZED"
    assert engine.reviews.get(id)["status"] == "pending"


async def test_asyncio_twins_do_the_same(engine: Engine) -> None:
    reviews = engine.reviews
    opened = await reviews.aopen("approval", {}, thread="t", policy=chain(by("ana", "ben")))
    id = opened["review"]["id"]
    assert await reviews.aget(id) == opened["review"]
    assert (await reviews.apage(limit=1))["reviews"] == [opened["review"]]
    assert [found["id"] async for found in reviews.alist()] == [id]
    assert (await reviews.aclaim(id, actor="ana"))["claimed_by"]
    assert (await reviews.arelease(id, actor="ana"))["claimed_by"] is None
    assert (await reviews.areassign(id, assignee="ben"))["assignee"]
    await reviews.acomment(id, actor="ana", text="hm")
    assert (await reviews.ahistory(id))["comments"][0]["text"] == "hm"
    assert (await reviews.aexplain(id))["needed"] == 1
    assert (await reviews.aescalate(id, confidence=0.9))["action"] == "stayed"
    newer = (await reviews.asupersede(id, successor={"kind": "approval", "payload": {}}))["review"]
    assert (await reviews.arespond(newer["id"], actor="ana", response=APPROVE))["review"]["outcome"]
    assert (await reviews.areceipt(newer["id"]))["receipt"]["outcome"] == "approved"
    third = (await reviews.aopen("text", {}))["review"]["id"]
    assert (await reviews.acancel(third))["status"] == "cancelled"
    assert (await reviews.await_(third))["status"] == "cancelled"
    assert (await reviews.await_any([newer["id"], third]))["id"] == newer["id"]


def test_every_function_has_its_twin() -> None:
    for part in (
        Reviews,
        interlock.Policies,
        interlock.Events,
        interlock.Audit,
        interlock.Tokens,
        interlock.Webhooks,
    ):
        names = {name for name in dir(part) if not name.startswith("_")}
        blocking = {name for name in names if not name.startswith("a") or name == "ack"}
        for name in blocking - {"consumer"}:
            other = {"wait": "await_", "wait_any": "await_any"}.get(name, f"a{name}")
            assert other in names, (part, name)
            function = getattr(part, other)
            assert inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)
            assert function.__doc__
            if name in ("wait", "wait_any", "follow"):
                continue  # a task is cancelled, not its wait
            mine, its = inspect.signature(getattr(part, name)), inspect.signature(function)
            assert list(its.parameters.values()) == list(mine.parameters.values()), other


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


def test_the_documents_are_typed_for_callers() -> None:
    for name in ("Review", "Decision", "Policy", "Stage", "Event", "AuditRecord", "Explanation"):
        assert getattr(interlock, name).__doc__
    review: interlock.Review = json.loads('{"id":"x"}')
    assert review["id"] == "x"


async def test_a_cancelled_await_does_not_undo_the_call(engine: Engine) -> None:
    task = asyncio.create_task(engine.reviews.aopen("approval", {}, key="k"))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    for _ in range(100):
        try:
            assert engine.reviews.get(review_key="k")["status"] == "pending"
            break
        except UnknownReviewError:
            await asyncio.sleep(0.01)
