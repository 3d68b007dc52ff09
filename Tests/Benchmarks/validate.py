"""An answer of two kilobytes, read and checked: a form of 20 fields, and a schema of 20 properties.

It is checked by interlock_review_explain, which does what respond does before it writes; the time
of an explain without an answer is taken off, so that finding the review and writing the result do
not count. What is left: reading the answer, checking it, its digests, and deciding. The peer reads
the same answer with json.loads and checks it with jsonschema-rs, which is compiled, against the
same schema, or one that says what the form says; it makes no digest.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.util import find_spec
from statistics import median
from typing import Any

import abi
from common import Bar, Context, Rounds, alternate, words

BAR = Bar(50)
PEER = "json + jsonschema-rs"
BYTES = 2048
MICROSECONDS = (1e6, "us")
Json = dict[str, Any]

# Five of each: what a form calls the field, the same as a schema, and an answer but for texts.
FIELDS: tuple[tuple[Json, Json, Any], ...] = (
    ({"type": "textarea", "maxLength": 400}, {"type": "string", "maxLength": 400}, None),
    (
        {"type": "number", "min": 0, "max": 100000},
        {"type": "number", "minimum": 0, "maximum": 100000},
        1299.95,
    ),
    (
        {"type": "select", "options": ["standard", "express", "overnight", "pickup"]},
        {"enum": ["standard", "express", "overnight", "pickup"]},
        "overnight",
    ),
    ({"type": "date"}, {"type": "string", "format": "date"}, "2026-11-21"),
)


def measure(context: Context) -> None:
    """Forms and schemas."""
    if find_spec("jsonschema_rs") is None:
        context.skip("answers checked", "the package jsonschema-rs, the peer, is not installed")
        return
    schema, answer = _schema(), _answer()
    form = [{"name": name, "required": True, **FIELDS[index % 4][0]} for index, name in _names()]
    _compare(context, "form of 20 fields", "form", {"fields": form}, schema, answer)
    _compare(context, "schema of 20 properties", "freeform", {"schema": schema}, schema, answer)


def _compare(
    context: Context, name: str, kind: str, payload: Json, schema: Json, answer: Json
) -> None:
    rounds, calls = context.pick(60, 6), context.pick(100, 20)
    with abi.opened(":memory:") as engine:
        opened = engine.document("review_open", {"kind": kind, "payload": payload})
        question = {"id": opened["review"]["id"], "actor": "ana"}
        found = engine.document("review_explain", question | {"response": answer})
        assert found["answer"]["accepted"], found
        contenders = {
            "with": _explain(engine, question | {"response": answer}),
            "without": _explain(engine, question),
            PEER: _peer(schema, answer),
        }
        alternate(contenders, 1, 50)
        times = alternate(contenders, rounds, calls)
    pairs = zip(times["with"], times["without"], strict=True)
    difference: Rounds = [[median(whole) - median(rest)] for whole, rest in pairs]
    peer: Rounds = [[median(values)] for values in times[PEER]]
    context.compare(
        "validate",
        f"answer of 2 KB checked, {name}, p50",
        {"interlock": difference, PEER: peer},
        "interlock",
        PEER,
        BAR,
        MICROSECONDS,
        absolute=True,
    )


def _explain(engine: abi.Direct, request: Json) -> Callable[[int], object]:
    body = json.dumps(request).encode()
    return lambda _: engine.call("review_explain", body)


def _peer(schema: Json, answer: Json) -> Callable[[int], object]:
    import jsonschema_rs

    validator = jsonschema_rs.validator_for(schema, validate_formats=True)
    body = json.dumps(answer)
    assert validator.is_valid(answer)
    return lambda _: validator.is_valid(json.loads(body))


def _names() -> list[tuple[int, str]]:
    return [(index, f"field_{index:02}") for index in range(20)]


def _schema() -> Json:
    properties = {name: FIELDS[index % 4][1] for index, name in _names()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _answer() -> Json:
    """As JSON 2 KB, by the length of its five texts."""
    answer = {name: FIELDS[index % 4][2] for index, name in _names()}
    texts = [name for name, value in answer.items() if value is None]
    rest = BYTES - len(json.dumps({**answer, **dict.fromkeys(texts, "")}))
    text = words("answer", rest)
    size = rest // len(texts)
    for place, name in enumerate(texts):
        answer[name] = text[place * size : (place + 1) * size]
    return answer
