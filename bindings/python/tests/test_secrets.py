"""What was typed into a secret field is for the agent that asked, and for nobody else."""

from __future__ import annotations

import io
from typing import Any

import pytest

from interlock import Engine, InvalidResponseError

SECRET = "hunter2-hunter2"
FIELDS: list[Any] = [
    {"name": "pin", "type": "password", "maxLength": 20},
    {"name": "town", "type": "text"},
]


@pytest.fixture
def id(engine: Engine) -> str:
    """A form that was answered wrongly and then well."""
    id = engine.messages.post(
        "c", sender="agent", review={"kind": "form", "payload": {"fields": FIELDS}, "thread": "t"}
    )["review"]
    assert id is not None
    with pytest.raises(InvalidResponseError) as caught:
        engine.reviews.respond(id, actor="ana", response={"pin": SECRET * 2, "town": "Bern"})
    assert SECRET not in str(caught.value.details)
    engine.reviews.respond(id, actor="ana", response={"pin": SECRET, "town": "Bern"})
    return id


def test_the_asking_agent_gets_it(engine: Engine, id: str) -> None:
    assert engine.reviews.get(id)["response"] == {"pin": SECRET, "town": "Bern"}
    assert engine.reviews.wait(id, timeout=0)["response"] == {"pin": SECRET, "town": "Bern"}


def test_lists_do_not_have_it(engine: Engine, id: str) -> None:
    pages = [
        engine.reviews.page(),
        engine.reviews.page(status="resolved"),
        engine.reviews.page(kind="form", channel="c", thread="t"),
    ]
    for page in pages:
        [review] = page["reviews"]
        assert review["id"] == id
        assert review["response"] == {"pin": "***REDACTED***", "town": "Bern"}
    assert SECRET not in str([*engine.reviews.list()])


def test_nothing_that_is_kept_to_be_shown_has_it(engine: Engine, id: str) -> None:
    exported = io.BytesIO()
    engine.audit.export(exported)
    shown = [
        [*engine.events.list()],
        [*engine.audit.list()],
        exported.getvalue().decode(),
        engine.reviews.history(id),
        engine.reviews.explain(id),
        engine.reviews.receipt(id),
        [*engine.messages.list("c")],
    ]
    for document in shown:
        assert document
        assert SECRET not in str(document)
