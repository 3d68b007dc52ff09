"""The four tools with which an agent talks to people."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from chat_tools import call, named, only_message, pending, person
from interlock import Engine, UnknownPolicyError
from interlock.langchain import (
    ask_approval,
    ask_form,
    ask_selection,
    send_message,
    tools,
)
from interlock.message_documents import Level
from review_tools import APPROVE, NOON, REJECT, by, chain

SHORT = 0.05


@pytest.fixture
def engine(path: str) -> Iterator[Engine]:
    with Engine.open(path) as opened:
        yield opened


# -------------------------------------------------------------------------- what they are


def test_P1_P2_four_tools_say_what_they_do(engine: Engine) -> None:
    made = tools(engine, channel="c")
    assert [tool.name for tool in made] == [
        "send_message",
        "ask_approval",
        "ask_selection",
        "ask_form",
    ]
    beginnings = [
        "Send a one-way message (status update, reply)",
        "Approve / Reject buttons",
        "Pick one option from a list",
        "Fill in a multi-field form",
    ]
    for tool, beginning in zip(made, beginnings, strict=True):
        assert tool.description.startswith(beginning)
        schema = tool.tool_call_schema.model_json_schema()  # type: ignore[union-attr]
        assert schema["properties"].keys() == tool.args.keys()
    assert {tool.name: [*tool.args] for tool in made} == {
        "send_message": ["text", "status"],
        "ask_approval": ["question"],
        "ask_selection": ["question", "options"],
        "ask_form": ["question", "fields"],
    }
    assert named(engine)["send_message"].args["status"]["default"] == "info"


def test_P3_P37_the_patience_is_five_minutes_and_answers_arrive_at_once(engine: Engine) -> None:
    from interlock.langchain._desk import PATIENCE

    assert PATIENCE == 300
    with person(engine, lambda _: APPROVE, delay=0.1):
        started = time.monotonic()
        assert named(engine)["ask_approval"].invoke({"question": "May I?"}) == "approve"
        assert time.monotonic() - started < 2


@pytest.mark.parametrize("name", ["ask_approval", "ask_selection", "ask_form"])
def test_P4_what_is_asked_carries_all_that_is_to_be_shown(engine: Engine, name: str) -> None:
    arguments = {"question": "Which **one**?", "options": "A, B", "fields": "A, B"}
    tool = named(engine, timeout=0, requester={"type": "agent", "value": "bot"})[name]
    tool.invoke({key: arguments[key] for key in tool.args})
    review, message = pending(engine), only_message(engine)
    assert message["review"] == review["id"]
    assert message["text"] == review["title"] == "Which **one**?"
    assert message["actor"] == review["requester"] == {"type": "agent", "value": "bot"}
    assert message["metadata"] == {"tool": name}
    assert review["channel"] == message["channel"] == "c"


# ---------------------------------------------------------------------------- send_message


def test_P8_P10_P11_a_message_is_sent_and_asks_nothing(engine: Engine) -> None:
    tool = send_message(engine, channel="c")
    text = "# Done\n\n- **é** \U0001f600"
    sent = tool.invoke(call("send_message", text=text))
    assert sent.content == "Message sent."
    assert sent.artifact == only_message(engine)
    assert sent.artifact["text"] == text
    assert (sent.artifact["level"], sent.artifact["sender"]) == ("info", "agent")
    assert sent.artifact["review"] is None
    assert [*engine.reviews.list()] == []
    assert tool.invoke({"text": "again"}) == "Message sent."


@pytest.mark.parametrize("status", Level.__args__)  # type: ignore[attr-defined]
def test_P12_the_levels(engine: Engine, status: str) -> None:
    tool = named(engine)["send_message"]
    tool.invoke({"text": "hello", "status": status})
    assert only_message(engine)["level"] == status
    for wrong in ("Info", "fatal", ""):
        refused = tool.invoke(call("send_message", text="hello", status=wrong))
        assert refused.status == "error"
        assert "/level" in refused.content
    only_message(engine)


# ---------------------------------------------------------------------------- ask_approval


@pytest.mark.parametrize(("response", "text"), [(APPROVE, "approve"), (REJECT, "reject")])
def test_P13_P17_the_option_is_returned(engine: Engine, response: Any, text: str) -> None:
    with person(engine, lambda _: response):
        said = ask_approval(engine, channel="c").invoke(call("ask_approval", question="May I?"))
    assert said.content == text
    review = engine.reviews.get(said.artifact["review"])
    assert said.artifact["outcome"] == review["outcome"]
    assert said.artifact["response"] == response
    [decision] = engine.reviews.history(review["id"])["decisions"]
    assert said.artifact["decision"] == decision
    assert decision["actor"] == {"type": "user_id", "value": "ana"}


def test_P14_P15_P16_how_an_approval_is_asked(engine: Engine) -> None:
    named(engine, timeout=0)["ask_approval"].invoke({"question": "May I?"})
    assert only_message(engine)["level"] == "warning"
    assert only_message(engine)["text"] == "May I?"
    review = pending(engine)
    assert review["kind"] == "approval"
    assert review["payload"] == {
        "options": [
            {"id": "approve", "label": "Approve", "style": "primary"},
            {"id": "reject", "label": "Reject", "style": "danger"},
        ]
    }


def test_P17_other_options_are_returned_verbatim(engine: Engine) -> None:
    options = [{"id": "Ship it!", "verdict": "approve"}, {"id": "no"}]
    tool = ask_approval(engine, channel="c", options=options)
    assert "'Ship it!', 'no'" in tool.description
    with person(engine, lambda _: {"selectedOption": "Ship it!"}):
        said = tool.invoke(call("ask_approval", question="May I?"))
    assert (said.content, said.artifact["outcome"]) == ("Ship it!", "approved")


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("ask_approval", {"question": "?"}),
        ("ask_selection", {"question": "?", "options": "A, B"}),
        ("ask_form", {"question": "?", "fields": "A"}),
    ],
    ids=["P18", "P24", "P31"],
)
def test_P39_silence_is_timeout_and_the_review_stays(
    engine: Engine, name: str, arguments: Any
) -> None:
    said = named(engine, timeout=SHORT)[name].invoke(call(name, **arguments))
    assert said.content == "timeout"
    assert said.status == "success"
    id = pending(engine)["id"]
    assert said.artifact == {
        "review": id,
        "status": "pending",
        "outcome": None,
        "response": None,
        "decision": None,
    }


# ----------------------------------------------------------- ask_selection and ask_form


def test_P19_P20_P21_how_a_selection_is_asked(engine: Engine) -> None:
    tool = named(engine, timeout=0)["ask_selection"]
    tool.invoke({"question": "Where?", "options": "Option A, Été , B  c"})
    assert only_message(engine)["level"] == "info"
    review = pending(engine)
    assert (review["kind"], review["title"]) == ("selection", "Where?")
    assert review["payload"] == {
        "mode": "single",
        "items": [
            {"id": "option_a", "label": "Option A"},
            {"id": "été", "label": "Été"},
            {"id": "b__c", "label": "B  c"},
        ],
    }


def test_P22_the_first_of_selectedIds_is_returned(engine: Engine) -> None:
    with person(engine, lambda _: {"selectedIds": ["option_b"]}):
        said = ask_selection(engine, channel="c").invoke(
            call("ask_selection", question="?", options="Option A, Option B")
        )
    assert said.content == "option_b"
    assert said.artifact["response"] == {"selectedIds": ["option_b"]}


def replace(engine: Engine, **successor: Any) -> str:
    """Another question takes the place of the pending one."""
    old = pending(engine)["id"]
    return engine.reviews.supersede(old, successor=successor)["review"]["id"]


def test_P23_nothing_selected_is_unknown(engine: Engine) -> None:
    payload = {"items": [{"id": "a"}], "min": 0}

    def answer(review: Any) -> Any:
        if "min" in review["payload"]:
            return {"selectedIds": []}
        replace(engine, kind="selection", payload=payload)
        return None

    with person(engine, answer):
        said = named(engine)["ask_selection"].invoke({"question": "?", "options": "A"})
    assert said == "unknown"


@pytest.mark.parametrize("name", ["ask_selection", "ask_form"])
def test_P26_equal_and_empty_ids_are_refused_before_anything_is_stored(
    engine: Engine, name: str
) -> None:
    tool = named(engine)[name]
    argument = "options" if name == "ask_selection" else "fields"
    arguments = {"question": "?", argument: "A B, a_b, A  B,"}
    refused = tool.invoke(call(name, **arguments))
    assert refused.status == "error"
    assert refused.content.startswith("Nobody was asked. INVALID_PAYLOAD")
    assert "Another has the same" in refused.content
    assert "must not be empty" in refused.content
    assert [*engine.messages.list("c")] == []
    assert [*engine.reviews.list()] == []
    # the same call, better
    with person(
        engine, lambda r: {"selectedIds": ["b"]} if name == "ask_selection" else {"b": "x"}
    ):
        said = tool.invoke(call(name, question="?", **{argument: "B"}))
    assert said.content == ("b" if name == "ask_selection" else "b: x")


def test_P27_P28_P29_how_a_form_is_asked(engine: Engine) -> None:
    tool = named(engine, timeout=0)["ask_form"]
    tool.invoke({"question": "Who?", "fields": "Name, E mail"})
    assert only_message(engine)["level"] == "info"
    review = pending(engine)
    assert (review["kind"], review["title"]) == ("form", "Who?")
    assert review["payload"] == {
        "submitLabel": "Submit",
        "fields": [
            {"name": "name", "type": "text", "label": "Name", "required": True},
            {"name": "e_mail", "type": "text", "label": "E mail", "required": True},
        ],
    }


def test_P30_the_values_of_a_form(engine: Engine) -> None:
    with person(engine, lambda _: {"name": "Ana", "e_mail": "a@b"}):
        said = ask_form(engine, channel="c").invoke({"question": "?", "fields": "Name, E mail"})
    assert said == "name: Ana, e_mail: a@b"


def test_P32_the_structure_is_beside_the_string(engine: Engine) -> None:
    """A field called selectedOption is left out of the string, and a comma tells nothing in it."""
    values = {"selectedoption": "x", "selectedOption": "y", "name": "A, name: B"}
    fields = [{"name": name, "type": "text"} for name in values]

    def answer(review: Any) -> Any:
        if len(review["payload"]["fields"]) == 3:
            return values
        replace(engine, kind="form", payload={"fields": fields})
        return None

    with person(engine, answer):
        said = named(engine)["ask_form"].invoke(call("ask_form", question="?", fields="Name"))
    assert said.content == "selectedoption: x, name: A, name: B"
    assert said.artifact["response"] == values


# ------------------------------------------------------------------ how a review may end


def test_a_deadline_is_the_end_of_the_review(path: str) -> None:
    with Engine.open(path, clock=NOON) as engine:
        for on_expiry, text in (("expire", "timeout"), ("reject", "reject")):
            asking: Any = {"expires_in": timedelta(minutes=1), "on_expiry": on_expiry}
            tool = named(engine, timeout=10, **asking)["ask_approval"]
            later = threading.Timer(
                0.1, lambda: engine.set_time(pending(engine)["created_at"] + 60_000)
            )
            later.start()
            said = tool.invoke(call("ask_approval", on_expiry, question="?"))
            later.join()
            assert said.content == text
            assert said.artifact["status"] != "pending"
            assert said.artifact["decision"] is None


def test_a_value_at_the_deadline_approves_nothing(path: str) -> None:
    with Engine.open(path, clock=NOON) as engine:
        asking: Any = {"expires_in": 1000, "on_expiry": {"resume_with": "approve"}}
        tool = named(engine, timeout=0, **asking)["ask_approval"]
        tool.invoke(call("ask_approval", question="?"))
        engine.set_time(NOON + 1000)
        assert tool.invoke(call("ask_approval", question="?")).content == "timeout"


def test_a_withdrawn_question_is_no_yes(engine: Engine) -> None:
    def withdraw(review: Any) -> None:
        engine.messages.delete(review["external_id"])

    with person(engine, withdraw):
        said = named(engine)["ask_approval"].invoke(call("ask_approval", question="?"))
    assert said.content == "cancelled"
    assert said.artifact["decision"] is None


@pytest.mark.parametrize("beside", [False, True], ids=["sync", "async"])
def test_a_question_that_took_its_place_is_waited_for(engine: Engine, beside: bool) -> None:
    def answer(review: Any) -> Any:
        if review["kind"] == "text":
            return {"text": "Tuesday"}
        replace(engine, kind="text", payload={}, title="When?")
        return None

    tool = named(engine)["ask_approval"]
    with person(engine, answer):
        question = {"question": "Tomorrow?"}
        said = asyncio.run(tool.ainvoke(question)) if beside else tool.invoke(question)
    assert said == '{"text": "Tuesday"}'


def test_a_policy_decides_who_answers(engine: Engine) -> None:
    policy = chain(by("mia"), by("dan"))
    tool = named(engine, policy=policy, timeout=SHORT)["ask_approval"]
    assert tool.invoke(call("ask_approval", question="?")).content == "timeout"
    id = pending(engine)["id"]
    engine.reviews.respond(id, actor="mia", response=APPROVE)
    halfway = tool.invoke(call("ask_approval", question="?"))
    assert halfway.content == "timeout"
    assert halfway.artifact["decision"] is None
    engine.reviews.respond(id, actor="dan", response=REJECT)
    ended = tool.invoke(call("ask_approval", question="?"))
    assert (ended.content, ended.artifact["outcome"]) == ("reject", "rejected")
    assert ended.artifact["decision"]["actor"]["value"] == "dan"


# ------------------------------------------------------------------------------- bad input


def test_what_the_builder_got_wrong_is_raised(engine: Engine) -> None:
    with pytest.raises(UnknownPolicyError):
        named(engine, policy="nobody's")["ask_approval"].invoke({"question": "?"})
    with pytest.raises(TypeError):
        tools(engine, channel="c", patience=1)  # type: ignore[call-arg]
    with pytest.raises(ValueError):
        ask_approval(engine, channel="").invoke({"question": "?"})
    assert [*engine.messages.list("c")] == []


@pytest.mark.parametrize("question", ["x" * 70_000, "x" * 2_000_000, "\ud800"])
def test_what_the_model_got_wrong_is_a_result(engine: Engine, question: str) -> None:
    refused = named(engine)["ask_approval"].invoke(call("ask_approval", question=question))
    assert refused.status == "error"
    assert [*engine.reviews.list()] == []
