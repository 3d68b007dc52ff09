"""Says what a graph asks people, as JSON: the core makes reviews of it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from langgraph.types import Interrupt

from .question import Question

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FENCE_KEY = "__interlock_fence"  # members that begin so are never stored with a checkpoint

_INTERRUPT = "__interrupt__"
_PULL = "~__pregel_pull"
_LONGEST_TEXT = 16_384
_LARGEST = 4 << 20  # characters of one question; a request has at most 8 MiB
_DEEPEST = 48  # levels of one question; the core reads 64, some of which are around it
_CONTAINERS: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (Mapping, dict),
    (set, list),
    (frozenset, list),
)


def interrupts_in(writes: Sequence[tuple[str, Any]]) -> list[Interrupt]:
    """The interrupts among the writes of a task."""
    found: list[Interrupt] = []
    for channel, value in writes:
        if channel == _INTERRUPT and value.__class__ in (tuple, list):
            found += (member for member in value if isinstance(member, Interrupt))
    return found


def encode_questions(
    interrupts: Iterable[Interrupt], graph: str, task_path: str, review: Mapping[str, Any] | None
) -> bytes:
    """The document `questions` of the interface."""
    document: dict[str, Any] = {
        "interrupts": [_question(interrupt) for interrupt in interrupts],
        "graph": graph,
    }
    kind, _, node = task_path.rpartition(", ")
    if kind.endswith(_PULL):
        document["node"] = node
    if review:
        document["review"] = dict(review)
    return json.dumps(document, allow_nan=False, ensure_ascii=False).encode("utf-8", "replace")


def _question(interrupt: Interrupt) -> dict[str, Any]:
    question = {"id": interrupt.id, "value": to_json(interrupt.value)}
    if isinstance(interrupt.value, Question):
        question["review"] = interrupt.value.review
    schema = getattr(interrupt, "response_schema", None)
    if schema is not None:
        question["response_schema"] = to_json(schema)
    return question


def to_json(value: Any) -> Any:
    """A value that JSON, and a review, can hold; what they cannot is said in words."""
    try:
        text = json.dumps(value, default=_plain, allow_nan=False)
        if len(text) > _LARGEST:
            return f"{text[:_LONGEST_TEXT]}... ({len(text)} characters of JSON)"
        found = json.loads(text)
        if text.count("[") + text.count("{") > _DEEPEST and _is_deep(found):
            return text[:_LONGEST_TEXT]
    except (TypeError, ValueError, RecursionError):
        return repr(value)[:_LONGEST_TEXT]
    return found


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(_DEEPEST):
        members: list[Any] = []
        for each in level:
            if each.__class__ is dict:
                members += each.values()
            elif each.__class__ is list:
                members += each
        level = members
    return bool(level)


def _plain(value: Any) -> Any:
    dump = getattr(value, "model_dump", None)
    if callable(dump):
        return dump(mode="json")
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    for kind, convert in _CONTAINERS:
        if isinstance(value, kind):
            return convert(value)
    return repr(value)[:_LONGEST_TEXT]
