"""The patterns: chains, deadlines, confirmations, steps, ladders, feedback."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from chat_tools import pending, person
from interlock import (
    Completed,
    Engine,
    Failed,
    IdempotencyMismatchError,
    Interrupted,
    InvalidPayloadError,
    InvalidResponseError,
    NotAuthorizedError,
    Review,
)
from interlock.patterns import (
    Attempt,
    aapprove_steps,
    aclimb,
    acollect_feedback,
    aconfirm,
    approval_chain,
    approve_steps,
    climb,
    collect_feedback,
    confirm,
    confirmation,
    ladder,
    rating,
    rejects_after,
    typed,
)
from review_tools import APPROVE, NOON, REJECT, ask_id

SHORT = 0.05
HOUR = 3_600_000
YES = {"selectedOption": "yes"}


@pytest.fixture
def engine(path: str) -> Iterator[Engine]:
    with Engine.open(path, clock=NOON) as opened:
        yield opened


def of(role: str) -> Any:
    return {"value": f"the {role}", "roles": [role]}


def only_open(engine: Engine) -> str:
    return str(pending(engine)["id"])


# ------------------------------------------------------------------- chains and deadlines


@pytest.mark.parametrize(("last", "outcome"), [(APPROVE, "approved"), (REJECT, "rejected")])
def test_N33_the_directors_answer_is_the_result(engine: Engine, last: Any, outcome: str) -> None:
    id = ask_id(engine, policy=approval_chain("manager", "director"))
    with pytest.raises(NotAuthorizedError):
        engine.reviews.respond(id, actor=of("director"), response=APPROVE)
    first = engine.reviews.respond(id, actor=of("manager"), response=APPROVE)
    assert (first["review"]["status"], first["review"]["stage"]) == ("pending", "director")
    ended = engine.reviews.respond(id, actor=of("director"), response=last)
    assert ended["review"]["outcome"] == outcome


def test_N28_N35_a_manager_decides_for_nobody_else(engine: Engine) -> None:
    policy = approval_chain("manager", "director")
    id = ask_id(engine, policy=policy)
    for _ in range(2):  # a click that is delivered again
        engine.reviews.respond(id, actor=of("manager"), response=APPROVE)
    assert engine.reviews.get(id)["status"] == "pending"
    other = ask_id(engine, policy=policy)
    ended = engine.reviews.respond(other, actor=of("manager"), response=REJECT)
    assert ended["review"]["outcome"] == "rejected"


def test_a_chain_with_rules(engine: Engine) -> None:
    policy = approval_chain(
        "manager",
        {"approvers": ["ana", "ben"], "quorum": 2},  # type: ignore[list-item, typeddict-item]
        name="drop",
        distinct=True,
        forbid_requester=True,
        deadline_in=timedelta(hours=1),
        on_expiry="reject",
    )
    kept = engine.policies.put(policy)
    first, second = kept["stages"]
    assert first["distinct_from_earlier"] is True
    assert first["forbid_requester"] is True
    assert (first["deadline_in"], first["on_expiry"]) == (HOUR, "reject")
    assert (second["quorum"], second["forbid_requester"]) == (2, False)
    assert ask_id(engine, policy="drop", requester="bot")


def test_N29_N30_silence_is_no_after_a_day(engine: Engine) -> None:
    id = ask_id(engine, **rejects_after())
    engine.set_time(NOON + 24 * HOUR - 1)
    assert engine.reviews.get(id)["status"] == "pending"
    engine.set_time(NOON + 24 * HOUR)
    assert engine.reviews.wait(id, timeout=0)["outcome"] == "rejected"


def test_N30_silence_may_be_a_value(engine: Engine) -> None:
    waits = timedelta(seconds=1)
    id = ask_id(engine, **rejects_after(waits, resume_with="timeout_reject"))
    engine.set_time(NOON + 1000)
    ended = engine.reviews.get(id)
    assert (ended["outcome"], ended["response"]) == ("expired", "timeout_reject")
    null = ask_id(engine, **rejects_after(1, resume_with=None))
    assert engine.reviews.get(null)["on_expiry"] == {"resume_with": None}


# -------------------------------------------------------------------------- confirmations


def test_S13_S14_S15_S39_info_is_only_told(engine: Engine) -> None:
    details = {"resource_id": "db-7", "type": "database"}
    assert confirm(engine, "Restarting db-7", level="info", details=details, timeout=0)
    [told] = engine.reviews.list()
    assert (told["kind"], told["outcome"]) == ("notify", "acknowledged")
    assert told["payload"] == {"text": "Restarting db-7"}
    assert told["details"] == details


@pytest.mark.parametrize(
    ("line", "confirmed"),
    [
        *[(line, True) for line in ("y", "Y", "yes", "YES\n")],
        *[(line, False) for line in ("n", "", "yes, but", "approve")],
    ],
)
def test_S5_S16_S39_y_is_yes_and_the_rest_is_no(engine: Engine, line: str, confirmed: bool) -> None:
    with person(engine, lambda review: typed(review, line)) as seen:
        assert confirm(engine, "Restart db-7", details={"why": "slow"}) is confirmed
    [asked] = seen
    assert (asked["title"], asked["details"]) == ("Restart db-7", {"why": "slow"})


def test_S17_S19_S39_verify_wants_the_phrase_to_the_letter(engine: Engine) -> None:
    request: Any = {"level": "verify", "phrase": "DELETE db-7", "key": "delete db-7"}
    details = {"resource_id": "db-7", "type": "database"}

    def ask(timeout: float) -> bool:
        return confirm(engine, "Delete resource db-7", details=details, timeout=timeout, **request)

    assert ask(timeout=0) is False
    for wrong in ("delete db-7", "DELETE db-7 ", "", "None", "y"):
        with pytest.raises(InvalidResponseError):
            engine.reviews.respond(
                only_open(engine), actor="ana", response=typed(pending(engine), wrong)
            )
    engine.reviews.respond(
        only_open(engine), actor="ana", response=typed(pending(engine), "DELETE db-7")
    )
    assert ask(timeout=0) is True  # the same key, and the answer that has come since
    assert len([*engine.reviews.list()]) == 1


def test_S18_an_unknown_level_asks_nobody_and_confirms_nothing(engine: Engine) -> None:
    wrong: Any
    for wrong in ("Confirm", "", None, "danger"):
        assert confirm(engine, "Delete", level=wrong) is False
        assert asyncio.run(aconfirm(engine, "Delete", level=wrong)) is False
        with pytest.raises(ValueError, match="info, confirm, verify"):
            confirmation("Delete", level=wrong)
    assert [*engine.reviews.list()] == []


def test_S20_verify_without_a_phrase_is_not_asked(engine: Engine) -> None:
    for phrase in (None, ""):
        with pytest.raises(InvalidPayloadError):
            confirm(engine, "Delete", level="verify", phrase=phrase)
    assert [*engine.reviews.list()] == []


def test_S1_S3_silence_confirms_nothing(engine: Engine) -> None:
    assert confirm(engine, "Delete", timeout=SHORT, key="d") is False
    assert asyncio.run(aconfirm(engine, "Delete", timeout=SHORT, key="d")) is False
    engine.reviews.respond(only_open(engine), actor="ana", response=YES)
    assert asyncio.run(aconfirm(engine, "Delete", timeout=0, key="d")) is True


def test_a_confirmation_by_a_chain_within_a_run(engine: Engine) -> None:
    def program(run: Any) -> Any:
        review = confirmation("Delete", policy=approval_chain("manager", "director"))
        return run.interrupt("sure?", review=review)["outcome"]

    assert isinstance(engine.run("t", program), Interrupted)
    for role in ("manager", "director"):
        engine.reviews.respond(only_open(engine), actor=of(role), response=YES)
    assert engine.run("t", program) == Completed("approved")


# ----------------------------------------------------------------------------------- steps

STEPS = ["draft", "review", "publish"]


def run_steps(engine: Engine, beside: bool, work: Any, **options: Any) -> Any:
    if beside:
        return asyncio.run(aapprove_steps(engine, "t", STEPS, work, **options))
    return approve_steps(engine, "t", STEPS, work, **options)


@pytest.mark.parametrize("beside", [False, True], ids=["sync", "async"])
def test_S9_S10_S11_S12_S31_three_steps_pause_three_times(engine: Engine, beside: bool) -> None:
    done: list[str] = []
    for count in range(1, 4):
        paused = run_steps(engine, beside, done.append)
        assert isinstance(paused, Interrupted)
        assert done == STEPS[:count]  # it is done, then people look at it
        engine.reviews.respond(only_open(engine), actor="ana", response=APPROVE)
    assert run_steps(engine, beside, done.append) == Completed(
        {"steps": STEPS, "current_step": 2, "approvals": [True] * 3, "completed": True}
    )
    assert done == STEPS


@pytest.mark.parametrize("beside", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize("pause", ["before", "after"])
def test_S11_a_no_ends_it(engine: Engine, beside: bool, pause: str) -> None:
    done: list[str] = []
    review = {"kind": "approval", "payload": {}, "title": "Go on?", **rejects_after(1000)}
    run_steps(engine, beside, done.append, pause=pause, review=review)
    assert pending(engine)["title"] == "Go on?"
    engine.reviews.respond(only_open(engine), actor="ana", response=APPROVE)
    run_steps(engine, beside, done.append, pause=pause, review=review)
    engine.set_time(NOON + 1000)  # nobody has said anything
    assert run_steps(engine, beside, done.append, pause=pause, review=review) == Completed(
        {"steps": STEPS, "current_step": 1, "approvals": [True, False], "completed": False}
    )
    assert done == (STEPS[:1] if pause == "before" else STEPS[:2])


def test_steps_that_fail_or_are_misnamed(engine: Engine) -> None:
    def work(_: str) -> None:
        raise RuntimeError("no")

    assert isinstance(approve_steps(engine, "t", ["a"], work), Failed)
    twice = approve_steps(engine, "u", ["a", "a"], str, pause="after")
    assert isinstance(twice, Interrupted)
    engine.reviews.respond(only_open(engine), actor="ana", response=APPROVE)
    assert isinstance(approve_steps(engine, "u", ["a", "a"], str, pause="after"), Failed)
    with pytest.raises(ValueError):
        approve_steps(engine, "v", ["a"], str, pause="between")  # type: ignore[arg-type]
    assert approve_steps(engine, "w", [], str) == Completed(
        {"steps": [], "current_step": 0, "approvals": [], "completed": True}
    )


# ------------------------------------------------------------------------------ escalation


def climbed(engine: Engine, beside: bool, review: str, workers: Any) -> Review:
    if beside:
        return asyncio.run(aclimb(engine, review, workers))
    return climb(engine, review, workers)


@pytest.mark.parametrize("beside", [False, True], ids=["sync", "async"])
def test_S25_an_agent_that_is_sure_answers(engine: Engine, beside: bool) -> None:
    id = ask_id(engine, policy=ladder())
    ended = climbed(engine, beside, id, {"agent": lambda _: Attempt(APPROVE)})
    assert (ended["outcome"], ended["escalations"]) == ("approved", [])
    [decision] = engine.reviews.history(id)["decisions"]
    assert decision["actor"] == {"type": "agent", "value": "agent"}
    assert decision["stage"] == "agent"
    again = climbed(engine, beside, id, {"agent": lambda _: pytest.fail("it has ended")})
    assert again == ended


@pytest.mark.parametrize("beside", [False, True], ids=["sync", "async"])
def test_S26_S27_S29_S30_S31_up_to_the_human_for_a_reason(engine: Engine, beside: bool) -> None:
    def unsure(_: Review) -> Attempt:
        return Attempt(APPROVE, confidence=0.69, note="I would say yes")

    async def sensitive(_: Review) -> Attempt:
        return Attempt(APPROVE, sensitive=True)

    workers: Any = {"agent": unsure, "senior_agent": sensitive}
    if not beside:
        workers["senior_agent"] = lambda _: Attempt(APPROVE, sensitive=True)
    id = ask_id(engine, policy=ladder())
    waits = climbed(engine, beside, id, workers)
    assert (waits["status"], waits["stage"]) == ("pending", "human")
    steps = [(step["from"], step["to"], step["reason"]) for step in waits["escalations"]]
    assert steps == [
        ("agent", "senior_agent", "confidence"),
        ("senior_agent", "human", "sensitive"),
    ]
    [remark] = engine.reviews.history(id)["comments"]
    assert (remark["actor"]["value"], remark["text"]) == ("agent", "I would say yes")
    # a person may hand it on, or answer
    engine.reviews.escalate(id, actor="ana")
    assert climbed(engine, beside, id, workers)["stage"] == "manager"
    ended = engine.reviews.respond(id, actor=of("manager"), response=REJECT)
    assert ended["review"]["outcome"] == "rejected"


@pytest.mark.parametrize("beside", [False, True], ids=["sync", "async"])
def test_S27_S36_an_agent_that_fails_has_had_an_error(engine: Engine, beside: bool) -> None:
    def fails(_: Review) -> Attempt:
        raise RuntimeError("no model today")

    workers = {"agent": fails, "senior_agent": lambda _: Attempt(error="refused")}
    id = ask_id(engine, policy=ladder())
    waits = climbed(engine, beside, id, workers)
    assert [step["reason"] for step in waits["escalations"]] == ["error", "error"]
    [remark] = engine.reviews.history(id)["comments"]
    assert remark["text"] == "RuntimeError: no model today"


def test_S28_at_the_top_it_stays(engine: Engine) -> None:
    policy = ladder(
        {"name": "bot", "approvers": [{"type": "agent"}]},
        {"name": "bigger bot", "approvers": [{"type": "agent"}]},
        confidence_below=0.9,
    )
    id = ask_id(engine, policy=policy)
    unsure = {name: lambda _: Attempt(APPROVE, confidence=0.8) for name in ("bot", "bigger bot")}
    waits = climb(engine, id, unsure)
    assert (waits["status"], waits["stage"]) == ("pending", "bigger bot")
    assert len(waits["escalations"]) == 1
    assert climb(engine, id, unsure)["escalations"] == waits["escalations"]
    sure = {"bigger bot": lambda _: Attempt(REJECT, confidence=0.9)}
    assert climb(engine, id, sure)["outcome"] == "rejected"


def test_the_core_checks_what_an_agent_answers(engine: Engine) -> None:
    id = ask_id(engine, policy=ladder("support", "manager"))  # rungs of people
    with pytest.raises(NotAuthorizedError):
        climb(engine, id, {"support": lambda _: Attempt(APPROVE)})
    other = ask_id(engine, policy=ladder())
    with pytest.raises(InvalidResponseError):
        climb(engine, other, {"agent": lambda _: Attempt({"selectedOption": "perhaps"})})
    assert engine.reviews.get(other)["status"] == "pending"


# -------------------------------------------------------------------------------- feedback


@pytest.mark.parametrize("beside", [False, True], ids=["sync", "async"])
def test_S21_S22_S23_S31_feedback_is_collected(engine: Engine, beside: bool) -> None:
    def collect(**members: Any) -> Any:
        if beside:
            return asyncio.run(acollect_feedback(engine, "run-1", "42", **members))
        return collect_feedback(engine, "run-1", "42", **members)

    with person(engine, lambda _: {"score": 0.8, "comment": ""}) as seen:
        given = collect()
    assert (given["key"], given["score"], given["comment"]) == ("helpfulness", 0.8, None)
    assert seen[0]["details"] == {"run": "run-1", "output": "42"}
    assert [*engine.feedback.list()] == [given]
    assert collect(timeout=0) == given  # it is asked once
    assert collect(key="safety", timeout=SHORT) is None
    engine.reviews.respond(only_open(engine), actor="ben", response={"score": 0, "comment": "!"})
    late = collect(key="safety", timeout=0)
    assert (late["key"], late["score"], late["comment"]) == ("safety", 0.0, "!")
    assert late["actor"] == {"type": "user_id", "value": "ben"}
    with pytest.raises(IdempotencyMismatchError):
        collect_feedback(engine, "run-1", "43")


def test_S24_a_score_from_0_to_1(engine: Engine) -> None:
    id = engine.reviews.open(**rating("run-1", "42"))["review"]["id"]
    for wrong in (-0.1, 1.1, "1", True, None):
        with pytest.raises(InvalidResponseError):
            engine.reviews.respond(id, actor="ana", response={"score": wrong})
    assert [*engine.feedback.list()] == []
    assert engine.reviews.get(id)["status"] == "pending"


def test_S35_sorts_of_feedback(engine: Engine) -> None:
    for key in ("correctness", "helpfulness", "safety"):
        asked = engine.reviews.open(**rating("run-1", "42", key=key, title=f"{key}?"))["review"]
        engine.reviews.respond(asked["id"], actor="ana", response={"score": 1})
    keys = engine.feedback.summary()["keys"]
    assert [each["key"] for each in keys] == ["correctness", "helpfulness", "safety"]


def test_feedback_that_is_not_given_is_none(engine: Engine) -> None:
    request = rating("run-1", "42", **rejects_after(1))
    engine.reviews.open(**request)
    engine.set_time(NOON + 10)
    assert collect_feedback(engine, "run-1", "42", **rejects_after(1)) is None
    assert collect_feedback(engine, "run-2", "42", timeout=0) is None
