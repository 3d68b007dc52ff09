"""The four tools of an agent that talks to people: a message, an approval, a selection, a form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from langchain_core.runnables import RunnableConfig
from pydantic import BaseModel, Field

from interlock.message_documents import Level

from ._calls import CalledTool, this_call
from ._desk import Desk

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from langchain_core.tools import BaseTool
    from typing_extensions import Unpack

    from interlock import Actor, Engine

    from ._desk import Asking

INSTRUCTIONS = """\
You talk to a person through tools only. Never answer in plain text: the person cannot see it.
- Yes or no, go or no-go: ask_approval.
- A choice between fixed options: ask_selection.
- Free text or several values: ask_form.
- Everything else, replies and news too: send_message.
If a tool returns 'timeout', do NOT ask again: use send_message to say that you stop because the \
user did not respond in time."""
"""The system prompt that goes with the tools. Since 0.1."""

_OPTIONS = (
    {"id": "approve", "label": "Approve", "style": "primary"},
    {"id": "reject", "label": "Reject", "style": "danger"},
)


class _Message(BaseModel):
    text: str = Field(description="What to say, in Markdown.")
    status: str = Field("info", description=f"One of {', '.join(get_args(Level))}.")


class _Approval(BaseModel):
    question: str = Field(description="What to approve, with all that is needed to decide.")


class _Selection(BaseModel):
    question: str = Field(description="Shown above the options.")
    options: str = Field(description='Separated by commas: "Option A, Option B, Option C".')


class _Form(BaseModel):
    question: str = Field(description="Shown above the form.")
    fields: str = Field(description='Separated by commas: "Name, Email, Environment".')


def tools(engine: Engine, *, channel: str, **asking: Unpack[Asking]) -> list[BaseTool]:
    """`send_message`, `ask_approval`, `ask_selection` and `ask_form`. Since 0.1.

    They serve sync and async agents alike; beside an event loop no thread is held while people
    think. A call that is run again, by the same tool call of the same task of the same thread,
    posts nothing twice, finds the question that it asked and the answer that has come since. For
    that after a crash the call must be on record before it runs: give a graph durability="sync".

    What the model got wrong (two equal options, an unknown status) is the result of the tool, so
    that it may do better; nothing is stored then. All other errors are raised.

    Args:
        engine: an open engine.
        channel: where the people read.
        asking: how the tools ask; see `Asking`.

    Raises:
        ValueError: the timeout is negative.
    """
    return [
        send_message(engine, channel=channel, actor=asking.get("requester")),
        ask_approval(engine, channel=channel, **asking),
        ask_selection(engine, channel=channel, **asking),
        ask_form(engine, channel=channel, **asking),
    ]


def send_message(engine: Engine, *, channel: str, actor: str | Actor | None = None) -> BaseTool:
    """A tool that posts a message and asks nothing. Since 0.1.

    `send_message(text: str, status: str = "info")` returns "Message sent."; the artifact is the
    message.

    Args:
        engine: an open engine.
        channel: where to.
        actor: who the agent is.
    """
    desk, name = Desk(engine=engine, channel=channel, requester=actor), "send_message"

    def send(text: str, config: RunnableConfig, status: str = "info") -> Any:
        return desk.send(text, status, this_call(name, config))

    async def asend(text: str, config: RunnableConfig, status: str = "info") -> Any:
        return await desk.asend(text, status, this_call(name, config))

    description = 'Send a one-way message (status update, reply). Returns "Message sent."'
    return _tool(name, description, _Message, send, asend)


def ask_approval(
    engine: Engine,
    *,
    channel: str,
    options: Sequence[Mapping[str, Any]] = _OPTIONS,
    **asking: Unpack[Asking],
) -> BaseTool:
    """A tool that asks for a yes or a no, and waits. Since 0.1.

    `ask_approval(question: str)` returns the id of the option that was chosen: "approve" or
    "reject"; "timeout" if nobody has responded in time, "cancelled" if the question was withdrawn.
    The artifact is an `Answer`.

    Args:
        engine: an open engine.
        channel: where to ask.
        options: other ones, as a review of kind "approval" takes them.
        asking: how to ask; see `Asking`.
    """
    desk, name = Desk(engine=engine, channel=channel, **asking), "ask_approval"
    review = {"kind": "approval", "payload": {"options": [*options]}}

    def ask(question: str, config: RunnableConfig) -> Any:
        return desk.ask(question, "warning", review, this_call(name, config))

    async def aask(question: str, config: RunnableConfig) -> Any:
        return await desk.aask(question, "warning", review, this_call(name, config))

    ids = ", ".join(f"'{option.get('id')}'" for option in options)
    description = f"Approve / Reject buttons. Blocks until a click. Returns {ids} or 'timeout'."
    return _tool(name, description, _Approval, ask, aask)


def ask_selection(engine: Engine, *, channel: str, **asking: Unpack[Asking]) -> BaseTool:
    """A tool that lets a person pick one option, and waits. Since 0.1.

    `ask_selection(question: str, options: str)` takes options separated by commas; the id of each
    is its text in lower case with "_" for " ". It returns the id that was picked, "unknown" if
    none was, and otherwise as `ask_approval`.

    Args:
        engine: an open engine.
        channel: where to ask.
        asking: how to ask; see `Asking`.
    """
    desk, name = Desk(engine=engine, channel=channel, **asking), "ask_selection"

    def review(options: str) -> dict[str, Any]:
        items = [{"id": _slug(option), "label": option.strip()} for option in options.split(",")]
        return {"kind": "selection", "payload": {"mode": "single", "items": items}}

    def ask(question: str, options: str, config: RunnableConfig) -> Any:
        return desk.ask(question, "info", review(options), this_call(name, config))

    async def aask(question: str, options: str, config: RunnableConfig) -> Any:
        return await desk.aask(question, "info", review(options), this_call(name, config))

    description = (
        "Pick one option from a list. Blocks until one is picked. "
        "Returns its id (lower case, '_' for ' ') or 'timeout'."
    )
    return _tool(name, description, _Selection, ask, aask)


def ask_form(engine: Engine, *, channel: str, **asking: Unpack[Asking]) -> BaseTool:
    """A tool that lets a person fill in text fields, and waits. Since 0.1.

    `ask_form(question: str, fields: str)` takes labels separated by commas; the names come from
    them as in `ask_selection`, and all are required. It returns "name: value" pairs separated by
    ", ", and otherwise as `ask_approval`. The pairs are for reading, and leave out a field called
    "selectedOption": the `response` of the artifact has all values as they were given.

    Args:
        engine: an open engine.
        channel: where to ask.
        asking: how to ask; see `Asking`.
    """
    desk, name = Desk(engine=engine, channel=channel, **asking), "ask_form"

    def review(fields: str) -> dict[str, Any]:
        listed = [
            {"name": _slug(field), "type": "text", "label": field.strip(), "required": True}
            for field in fields.split(",")
        ]
        return {"kind": "form", "payload": {"fields": listed, "submitLabel": "Submit"}}

    def ask(question: str, fields: str, config: RunnableConfig) -> Any:
        return desk.ask(question, "info", review(fields), this_call(name, config))

    async def aask(question: str, fields: str, config: RunnableConfig) -> Any:
        return await desk.aask(question, "info", review(fields), this_call(name, config))

    description = (
        "Fill in a multi-field form. Blocks until it is submitted. "
        "Returns 'name: value' pairs or 'timeout'."
    )
    return _tool(name, description, _Form, ask, aask)


def _slug(label: str) -> str:
    return label.strip().lower().replace(" ", "_")


def _tool(name: str, description: str, schema: Any, call: Any, beside: Any) -> BaseTool:
    return CalledTool.from_function(
        func=call,
        coroutine=beside,
        name=name,
        description=description,
        args_schema=schema,
        response_format="content_and_artifact",
        handle_tool_error=True,
    )
