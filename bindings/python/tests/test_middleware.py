"""InterlockMiddleware: what it asks, what it takes for an answer, what it runs."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import pytest
from langchain.agents.middleware import HumanInTheLoopMiddleware
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

from chat_tools import call
from guarded_agents import (
    AGAIN,
    GO,
    SEND,
    TWO,
    Work,
    ask,
    decisions,
    done,
    edit,
    go_on,
    guarded,
    pending,
    thread,
    told,
    turn,
)
from interlock import (
    Engine,
    InvalidResponseError,
    NotAuthorizedError,
)
from interlock.langchain import InterlockMiddleware
from interlock.langgraph import InterlockSaver, Resumer
from review_tools import NOON

REJECTED = "Human rejected the requested agent action."
EXPIRED = "Decision expired before a human response was received."
MODES: Any = pytest.mark.parametrize("mode", ["batched", "per_call"])


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    with Engine.open(url, clock=NOON) as opened:
        yield opened


# ------------------------------------------------------------------------------- asking


def test_X1_it_takes_the_place_of_langchains() -> None:
    ours = inspect.signature(InterlockMiddleware).parameters
    stock = inspect.signature(HumanInTheLoopMiddleware).parameters
    assert {name: ours[name].default for name in stock} == {
        name: stock[name].default for name in stock
    }
    assert issubclass(InterlockMiddleware, HumanInTheLoopMiddleware)


@MODES
def test_X1_it_asks_what_langchains_asks(mode: Any) -> None:
    """Word for word, but for the schema of the arguments that LangChain leaves out."""
    asked = []
    for middleware in (HumanInTheLoopMiddleware, InterlockMiddleware):
        before = middleware({"send": True, "rm": True}, interrupt_mode=mode)
        agent = guarded(InMemorySaver(), Work(), [TWO], middleware=before)
        values = [each.value for each in agent.invoke(GO, thread())["__interrupt__"]]
        for value in values:
            for config in value.get("review_configs", ()):
                config.pop("args_schema", None)
        # The calls of one turn run at once: whose question comes first is chance.
        asked.append(sorted(values, key=str))
    assert asked[0] == asked[1]


def test_X2_X4_X37_one_question_carries_all_guarded_calls(engine: Engine) -> None:
    work = Work()
    agent, review = ask(engine, work, TWO)
    assert work.ran == []
    assert [item["name"] for item in review["payload"]["items"]] == ["send", "rm"]
    engine.reviews.respond(review["id"], actor="ana", response=decisions("approve", "reject"))
    result = go_on(engine, agent)
    assert work.ran == [("send", "bob", 1)]
    assert [message.status for message in told(result)] == ["error", "success"]


def test_X8_per_call_asks_about_each(engine: Engine) -> None:
    work = Work()
    agent = guarded(InterlockSaver(engine), work, [TWO, done()], interrupt_mode="per_call")
    agent.invoke(GO, thread())
    titles = {review["title"] for review in engine.reviews.list(status="pending")}
    assert titles == {"Approve send?", "Approve rm?"}
    for review in engine.reviews.list(status="pending"):
        engine.reviews.respond(review["id"], actor="ana", outcome="approved")
    go_on(engine, agent)
    assert sorted(work.ran) == [("rm", "old.log"), ("send", "bob", 1)]


def test_X9_X10_X11_X12_which_calls_are_asked_about(engine: Engine) -> None:
    work = Work()
    on = {"send": {"allowed_decisions": ["approve", "edit"], "description": "Sends!"}, "rm": False}
    agent, review = ask(engine, work, TWO, on=on)
    [item] = review["payload"]["items"]
    assert (item["allowed"], item["description"]) == (["approve", "edit"], "Sends!")
    assert review["summary"] == "Sends!"
    engine.reviews.respond(review["id"], actor="ana", outcome="approved")
    go_on(engine, agent)
    assert len(work.ran) == 2
    for bad in ({}, {"allowed_decisions": []}):
        with pytest.raises(ValueError, match="must be a non-empty list"):
            InterlockMiddleware({"send": bad})  # type: ignore[dict-item]


@MODES
def test_X9_when_and_descriptions(engine: Engine, mode: Any) -> None:
    on = {
        "send": {
            "allowed_decisions": ["approve", "reject"],
            "when": lambda request: request.tool_call["args"]["to"] == "bob",
            "description": lambda call, state, runtime: f"to {call['args']['to']}",
        }
    }
    both = turn(call("send", "c1", to="bob"), call("send", "c2", to="eve"))
    work = Work()
    agent, review = ask(engine, work, both, on=on, interrupt_mode=mode)
    assert [item["description"] for item in review["payload"]["items"]] == ["to bob"]
    engine.reviews.respond(review["id"], actor="ana", outcome="rejected")
    go_on(engine, agent)
    assert work.ran == [("send", "eve", 1)]


@MODES
def test_X13_X14_X50_every_guarded_turn_has_a_review(engine: Engine, mode: Any) -> None:
    work = Work()
    agent, first = ask(engine, work, SEND, AGAIN, SEND, interrupt_mode=mode)
    seen = []
    for _ in range(3):
        seen.append(pending(engine)["id"])
        engine.reviews.respond(seen[-1], actor="ana", outcome="approved")
        result = go_on(engine, agent)
    assert seen[0] == first["id"]
    assert len({*seen}) == 3
    assert work.ran == [("send", "bob", 1), ("send", "zoe", 1), ("send", "bob", 1)]
    assert {*result} == {"messages"}  # what it keeps for itself stays with the thread


@MODES
def test_X53_a_resume_past_the_review_prompts_nobody_again(engine: Engine, mode: Any) -> None:
    work = Work()
    agent, review = ask(engine, work, SEND, interrupt_mode=mode)
    answer: Any = decisions("approve") if mode == "batched" else {"type": "approve"}
    agent.invoke(None, thread())  # asks again: the same question
    assert pending(engine)["id"] == review["id"]
    agent.invoke(Command(resume=answer), thread())
    assert work.ran == [("send", "bob", 1)]
    assert [each["status"] for each in engine.reviews.list()] == ["superseded"]


@pytest.mark.parametrize("config", [{}, {"configurable": {"thread_id": "t"}}])
@MODES
def test_X45_without_checkpointer_or_thread(config: Any, mode: Any) -> None:
    work = Work()
    agent = guarded(None, work, [SEND], interrupt_mode=mode)
    with pytest.raises(ValueError, match="requires a checkpointer and thread_id in config"):
        agent.invoke(GO, config)
    assert work.ran == []


def test_X45_an_engine_wants_its_saver(engine: Engine) -> None:
    agent = guarded(InMemorySaver(), Work(), [SEND], engine=engine)
    with pytest.raises(ValueError, match="requires an InterlockSaver"):
        agent.invoke(GO, thread())


def test_X45_a_permit_that_is_required_wants_its_saver() -> None:
    work = Work()
    agent = guarded(InMemorySaver(), work, [SEND], require_permit=True)
    with pytest.raises(ValueError, match=r"require_permit=True.* requires an InterlockSaver"):
        agent.invoke(GO, thread())
    assert work.ran == []


# ------------------------------------------------------------- how the reviews are to be


def test_X60_an_identity_a_deadline_and_a_channel_per_tool(engine: Engine) -> None:
    common = {"channel": "ops", "expires_in": 60_000}
    agent = guarded(
        InterlockSaver(engine, review={"channel": "all", "requester": "bot"}),
        Work(),
        [TWO],
        interrupt_mode="per_call",
        review=common,
        reviews={"rm": {"identity": "ana", "expires_in": 5_000, "title": "Really?"}},
    )
    agent.invoke(GO, thread())
    by_tool = {r["payload"]["items"][0]["name"]: r for r in engine.reviews.list(status="pending")}
    send, rm = by_tool["send"], by_tool["rm"]
    assert (send["channel"], send["requester"], send["deadline"]) == ("ops", "bot", NOON + 60_000)
    assert (rm["title"], rm["deadline"], rm["assignee"]["value"]) == (
        "Really?",
        NOON + 5_000,
        "ana",
    )
    with pytest.raises(NotAuthorizedError):
        engine.reviews.respond(rm["id"], actor="bob", outcome="approved")
    engine.reviews.respond(send["id"], actor="bob", outcome="approved")
    engine.reviews.respond(rm["id"], actor="ana", outcome="approved")


def test_X60_batched_calls_share_the_first_deadline(engine: Engine) -> None:
    reviews = {"send": {"expires_in": 9_000}, "rm": {"expires_in": 4_000}}
    _, review = ask(engine, Work(), TWO, reviews=reviews)
    assert review["deadline"] == NOON + 4_000


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"reviews": {"other": {}}}, "not in `interrupt_on`"),
        ({"reviews": {"rm": {"identity": "ana"}}}, "per_call"),
        ({"review": {"identity": "ana", "policy": "two"}}, "not both"),
        ({"on_unknown": "shrug"}, "on_unknown"),
    ],
)
def test_X60_templates_that_cannot_be(more: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        InterlockMiddleware({"send": True, "rm": True}, **more)


# ------------------------------------------------------------------------------ answers


@MODES
@pytest.mark.parametrize("outcome", ["rejected", "expired", "timeout"])
def test_X17_outcomes_as_the_model_is_told_them(engine: Engine, mode: Any, outcome: str) -> None:
    work = Work()
    agent, review = ask(engine, work, SEND, interrupt_mode=mode)
    engine.reviews.respond(review["id"], actor="ana", outcome=outcome)
    [message] = told(go_on(engine, agent))
    assert message.content.endswith(REJECTED if outcome == "rejected" else EXPIRED)
    assert (message.status, work.ran) == ("error", [])


@MODES
def test_X17_X42_silence_is_a_no(engine: Engine, mode: Any) -> None:
    work = Work()
    agent, _ = ask(engine, work, SEND, interrupt_mode=mode, review={"expires_in": 1000})
    engine.set_time(NOON + 1000)
    engine.tick()
    [message] = told(go_on(engine, agent))
    assert message.content.endswith(EXPIRED)
    assert work.ran == []


def test_X18_a_message_of_ones_own(engine: Engine) -> None:
    agent, review = ask(engine, Work(), SEND)
    engine.reviews.respond(review["id"], actor="ana", outcome="rejected", comment="Not today.")
    assert told(go_on(engine, agent))[0].content.endswith("with reason: Not today.")


WRONG: Any = {
    "too-few": (decisions("approve"), "Number of human decisions (1) does not match"),
    "too-many": (decisions(*["approve"] * 3), "number of hanging tool calls (2)."),
    "not-allowed": (decisions("approve", "respond"), "does not allow respond"),
    "other-tool": (decisions(edit("send", path=1), "approve"), ""),
    "wrong-args": (decisions(edit("send", to="al", n="many"), "approve"), ""),
    "no-args": (decisions({"type": "edit"}, "approve"), ""),
    "no-message": (decisions({"type": "respond"}, "approve"), ""),
    "no-decisions": ({"approve": True}, ""),
    "a-word": ("approve", ""),
    "null": (None, ""),
    "empty": ({}, ""),
}


@pytest.mark.parametrize(("answer", "message"), WRONG.values(), ids=WRONG.keys())
def test_X38_X48_X54_a_wrong_answer_is_refused_and_asked_on(
    engine: Engine, answer: Any, message: str
) -> None:
    work = Work()
    on = {"send": True, "rm": {"allowed_decisions": ["approve", "reject"]}}
    agent, review = ask(engine, work, TWO, on=on)
    with pytest.raises(InvalidResponseError) as caught:
        engine.reviews.respond(review["id"], actor="ana", response=answer)
    assert message in str([problem["message"] for problem in caught.value.problems])
    assert Resumer(engine, agent).run_once() is None
    engine.reviews.respond(review["id"], actor="ana", response=decisions("approve", "approve"))
    go_on(engine, agent)
    assert sorted(work.ran) == [("rm", "old.log"), ("send", "bob", 1)]


@MODES
def test_X52_an_edit_runs_edited(engine: Engine, mode: Any) -> None:
    work = Work()
    agent, review = ask(engine, work, SEND, interrupt_mode=mode, edit_notice="Edited.")
    edited = decisions(edit("send", to="al", n=3))
    engine.reviews.respond(review["id"], actor="ana", response=edited)
    [message] = told(go_on(engine, agent))
    assert work.ran == [("send", "al", 3)]
    assert message.content.startswith("Edited. Executed instead: send with arguments")
    [permit] = engine.permits.list(review=review["id"])
    assert (permit["status"], permit["arguments"]) == ("done", {"to": "al", "n": 3})


def test_X52_an_edit_to_another_tool(engine: Engine) -> None:
    work = Work()
    on = {"send": {"allowed_decisions": ["approve", "edit"], "args_schema": {"type": "object"}}}
    agent, review = ask(engine, work, SEND, on=on)
    answer = decisions(edit("rm", path="a"))
    engine.reviews.respond(review["id"], actor="ana", response=answer)
    go_on(engine, agent)
    assert work.ran == [("rm", "a")]


def test_X11_a_person_answers_in_the_place_of_the_tool(engine: Engine) -> None:
    work = Work()
    agent, review = ask(engine, work, SEND)
    answer = decisions({"type": "respond", "message": "sent by hand"})
    engine.reviews.respond(review["id"], actor="ana", response=answer)
    [message] = told(go_on(engine, agent))
    assert (message.content, message.status, work.ran) == ("sent by hand", "success", [])
