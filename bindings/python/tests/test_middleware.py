"""InterlockMiddleware: what it asks, what it takes for an answer, what it runs."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import pytest
from langchain.agents.middleware import HumanInTheLoopMiddleware
from langchain_core.messages import ToolMessage
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command, interrupt

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
    UnknownEffectError,
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


def go_on(engine: Engine, agent: Any) -> Any:
    resumed = Resumer(engine, agent).run_once()
    assert resumed is not None
    if resumed.error is not None:
        raise resumed.error
    return resumed.result


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
        asked.append(values)
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


# ------------------------------------------------------------------------------ permits


def rerun(agent: Any, engine: Engine) -> Any:
    """From before the tools: what a worker does that has lost what came after."""
    for state in agent.get_state_history(thread()):
        if state.next == ("tools",):
            return agent.invoke(None, state.config)
    raise AssertionError("the tools never ran")


def test_X55_what_was_done_is_not_done_again(engine: Engine) -> None:
    work = Work()
    agent, review = ask(engine, work, SEND)
    engine.reviews.respond(review["id"], actor="ana", outcome="approved")
    first = told(go_on(engine, agent))
    again = told(rerun(agent, engine))
    assert work.ran == [("send", "bob", 1)]
    assert [message.content for message in again] == [message.content for message in first]


@MODES
def test_X55_a_crash_in_the_tool_leaves_it_unknown(engine: Engine, mode: Any) -> None:
    class Killed(BaseException):
        pass

    def dies(_: Any) -> None:
        if len(work.ran) == 1:
            raise Killed

    work = Work(dies)
    agent, review = ask(engine, work, SEND, interrupt_mode=mode)
    engine.reviews.respond(review["id"], actor="ana", outcome="approved")
    with pytest.raises(Killed):
        Resumer(engine, agent).run_once()
    engine.set_time(NOON + 600_000)
    [permit] = engine.permits.list()
    assert (permit["status"], permit["review"]) == ("unknown", review["id"])
    [run] = [run for run in engine.runs.list() if run["thread"] == "t"]
    assert run["status"] == "busy"
    result = go_on(engine, agent) if mode == "per_call" else agent.invoke(None, thread())
    assert work.ran == [("send", "bob", 1)]
    assert "may or may not have happened" in told(result)[0].content


def test_X55_an_unknown_effect_may_be_raised(engine: Engine) -> None:
    agent, review = ask(engine, Work(), SEND, on_unknown="raise")
    engine.reviews.respond(review["id"], actor="ana", outcome="approved")
    [permit] = engine.permits.list(review=review["id"])
    engine.permits.consume(permit["id"], "send", {"to": "bob"})  # another worker, which dies
    engine.set_time(NOON + 600_000)
    with pytest.raises(UnknownEffectError):
        go_on(engine, agent)


def test_a_tool_that_failed_is_not_tried_again(engine: Engine) -> None:
    def fails(_: Any) -> None:
        raise OSError("no route")

    work = Work(fails)
    agent, review = ask(engine, work, SEND)
    engine.reviews.respond(review["id"], actor="ana", outcome="approved")
    with pytest.raises(OSError, match="no route"):
        go_on(engine, agent)
    [message] = told(agent.invoke(None, thread()))
    assert "has failed: no route" in message.content
    assert len(work.ran) == 1


def test_what_was_not_approved_is_not_run(engine: Engine) -> None:
    """Another middleware changes the arguments after people have seen them."""
    work = Work()
    agent, review = ask(engine, work, SEND)
    engine.reviews.respond(review["id"], actor="ana", outcome="approved")
    other = decisions(edit("send", to="mallory"))
    [message] = told(agent.invoke(Command(resume=other), thread()))
    assert "it is not what people approved" in message.content
    assert work.ran == []


@MODES
def test_a_permit_may_be_required(engine: Engine, mode: Any) -> None:
    work = Work()
    agent, _ = ask(engine, work, SEND, interrupt_mode=mode, require_permit=True)
    answer: Any = decisions("approve") if mode == "batched" else {"type": "approve"}
    [message] = told(agent.invoke(Command(resume=answer), thread()))
    assert "no review has approved it" in message.content
    assert work.ran == []


def test_a_tool_that_asks_people_itself(engine: Engine) -> None:
    work = Work(lambda to: interrupt(f"really {to}?"))
    agent, review = ask(engine, work, SEND)
    engine.reviews.respond(review["id"], actor="ana", outcome="approved")
    go_on(engine, agent)
    review = pending(engine)
    assert (review["kind"], review["title"]) == ("freeform", "really bob?")
    engine.reviews.respond(review["id"], actor="ana", response=True)
    [message] = told(go_on(engine, agent))
    assert message.content == "sent bob"


@MODES
async def test_X23_in_an_event_loop(engine: Engine, mode: Any) -> None:
    work = Work()
    saver = InterlockSaver(engine)
    agent = guarded(saver, work, [SEND, done()], interrupt_mode=mode)
    await agent.ainvoke(GO, thread())
    review = pending(engine)
    edited = decisions(edit("send", to="al", n=2))
    await engine.reviews.arespond(review["id"], actor="ana", response=edited)
    resumed = await Resumer(engine, agent).arun_once()
    assert resumed is not None
    assert isinstance(told(resumed.result)[0], ToolMessage)
    assert work.ran == [("send", "al", 2)]
    [permit] = engine.permits.list(review=review["id"])
    assert permit["status"] == "done"


def test_X39_a_thread_of_langchains_is_decided_after_a_restart(path: str) -> None:
    work = Work()
    with Engine.open(path) as engine:
        _, review = ask(engine, work, SEND)
        engine.reviews.respond(review["id"], actor="ana", outcome="approved")
    with Engine.open(path) as engine:
        agent = guarded(InterlockSaver(engine), work, [done()])
        go_on(engine, agent)
    assert work.ran == [("send", "bob", 1)]
