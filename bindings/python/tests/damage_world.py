"""A database with something in every table, and everything that can be asked of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from interlock import ChannelValue, Engine, Run
from review_tools import APPROVE, MINUTE, NOON, REJECT, by, chain

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
LATER = NOON + MINUTE
APPROVAL: dict[str, Any] = {"kind": "approval", "payload": {}}
APPROVED = {"type": "approve"}
PAYMENT = {"to": "ana", "amount": 5}
CALLS = {
    "items": [{"id": "a", "name": "pay", "args": PAYMENT}, {"id": "b", "name": "go", "args": {}}]
}
FIELDS = {"fields": [{"name": "n", "type": "number", "required": True}]}


@dataclass(frozen=True)
class World:
    """The names of what was stored."""

    reviews: list[str]
    token: str
    ticket: str
    permits: list[str]
    message: str
    delivery: str
    claim: str


def program(run: Run) -> Any:
    """Two steps and a question."""
    first = run.step("first", lambda: [1, {"a": "b"}])
    answer = run.interrupt("ok?", review=APPROVAL)
    again = run.interrupt("how?", {"amount": 5})
    return run.step("last", lambda: [first, answer, again])


def build(path: Path) -> World:
    """Something in every table."""
    with Engine.open(path, clock=NOON) as engine:
        _store(engine)
        reviews, token, ticket = _ask(engine)
        permits = [found["id"] for found in engine.permits.list(review=reviews[1])]
        engine.permits.consume(permits[0], "pay", PAYMENT, worker="w")
        engine.run("run", program)
        engine.reviews.respond(
            engine.runs.get("run")["interrupts"][0]["review"], actor="ana", response=APPROVE
        )
        engine.run("run", program)
        engine.run("done", lambda run: run.step("only", lambda: 1))
        engine.graphs.pause("t", "2", graph="g", title="Go on?", details={"a": 1})
        message = _tell(engine, reviews[0])
        due = engine.deliveries.due(limit=2)["deliveries"]
        engine.deliveries.report(due[0]["id"], due[0]["claim"], status="failed", error="no")
        return World(reviews, token, ticket, permits, message, due[1]["id"], due[1]["claim"])


def _store(engine: Engine) -> None:
    large = bytes(range(256)) * 80
    small = ChannelValue("small", "1", "x", b"v" * 40)
    parent = None
    for number in range(4):
        value = ChannelValue("large", f"{number}", "x", large + bytes([number]) * 3000)
        engine.checkpoints.put(
            "t", f"{number}", parent_id=parent, body=b"body", metadata={"run_id": "r", "step": 1},
            versions={"large": f"{number}", "small": "1", "none": "1"},
            values=[value, small, ChannelValue("none", "1", "", None)] if number == 0 else [value],
        )  # fmt: skip
        parent = f"{number}"
    writes = [("large", "x", b"w" * 9000), ("small", "x", b"w"), ("__error__", "x", b"e")]
    engine.checkpoints.put_writes("t", "3", writes, task_id="task", task_path="~")


def _ask(engine: Engine) -> tuple[list[str], str, str]:
    engine.policies.put(chain(by("ana", "bob", quorum="all"), by("eve"), name="p"))
    engine.endpoints.put("e", "https://x.example/hook", secret=SECRET, types=["review.opened"])
    open, common = engine.reviews.open, {"channel": "c", "thread": "t", "requester": "agent"}
    voted = open("approval", {}, policy="p", expires_in=9 * MINUTE, key="k", **common)
    calls = open("actions", CALLS, **common)
    asked = open("form", FIELDS, assignee="ana", **common)
    ended = open("approval", {}, external_id="x", **common)
    kept = open("approval", {}, details={"a": ["b" * 90] * 90}, expires_in=MINUTE)
    reviews = [made["review"]["id"] for made in (voted, calls, asked, ended, kept)]
    token = engine.tokens.issue("decide", actor="bob", expires_in=9 * MINUTE, review=reviews[0])
    ticket = engine.tokens.issue("subscribe", actor="ana", expires_in=9 * MINUTE, channel="c")
    engine.reviews.respond(reviews[0], actor="ana", response=APPROVE)
    engine.reviews.respond(reviews[1], actor="ana", response={"decisions": [APPROVED, APPROVED]})
    engine.reviews.respond(reviews[3], actor="ana", response=REJECT)
    engine.reviews.comment(reviews[0], text="a remark", actor="ana")
    engine.reviews.claim(reviews[2], actor="ana")
    return reviews, token["token"], ticket["token"]


def _tell(engine: Engine, review: str) -> str:
    first = engine.messages.post("c", "hello", sender="agent", client_key="k", metadata={"a": 1})
    engine.messages.post("c", "again", sender="agent", iteration_of=first["id"])
    engine.messages.post("c", "may I?", sender="agent", review=APPROVAL)
    engine.feedback.put(0.5, review=review, comment="so so", actor="ana")
    engine.feedback.put(1, thread="t")
    engine.events.ack("reader", 2)
    engine.webhooks.receive("s", "1", content={"a": 1}, result={"b": 2})
    return first["id"]


def operations(world: World) -> Iterator[Callable[[Engine], object]]:
    """Reads first, as many as there are; then what changes something."""
    yield from _reads(world)
    yield from _changes(world)
    yield lambda engine: engine.check()
    yield lambda engine: engine.tick()
    yield from _reads(world)


def _reads(world: World) -> Iterator[Callable[[Engine], object]]:
    yield lambda engine: engine.check()
    yield lambda engine: engine.next_deadline()
    yield lambda engine: [*engine.threads.list()]
    yield lambda engine: engine.threads.storage("t")
    yield lambda engine: [*engine.checkpoints.list()]
    yield lambda engine: [*engine.checkpoints.list("t", filter={"step": 1}, before_id="3", limit=2)]
    for number in range(4):
        yield lambda engine, id=f"{number}": engine.checkpoints.get("t", id)
    yield lambda engine: engine.checkpoints.get("t")
    yield lambda engine: engine.checkpoints.history("t", ["large", "small", "none"])
    for id in world.reviews:
        yield lambda engine, id=id: engine.reviews.get(id)
        yield lambda engine, id=id: engine.reviews.history(id)
        yield lambda engine, id=id: engine.reviews.explain(id)
        yield lambda engine, id=id: engine.reviews.receipt(id)
        yield lambda engine, id=id: engine.reviews.wait(id, timeout=0)
        yield lambda engine, id=id: [*engine.permits.list(review=id)]
    yield lambda engine: [*engine.reviews.list()]
    yield lambda engine: [*engine.reviews.list(channel="c", status="pending")]
    yield lambda engine: engine.reviews.get(review_key="k")
    yield lambda engine: [*engine.events.list()]
    yield lambda engine: engine.events.read(cursor="reader")
    yield lambda engine: [*engine.audit.list()]
    yield lambda engine: engine.audit.verify()
    yield lambda engine: [*engine.policies.list()]
    yield lambda engine: engine.policies.get("p")
    for thread in ("run", "done"):
        yield lambda engine, thread=thread: engine.runs.get(thread)
    yield lambda engine: [*engine.runs.list()]
    yield lambda engine: [*engine.runs.interrupts()]
    for id in world.permits:
        yield lambda engine, id=id: engine.permits.get(id)
    yield lambda engine: [*engine.permits.list()]
    yield lambda engine: engine.graphs.interrupts("t")
    yield lambda engine: [*engine.messages.list("c")]
    yield lambda engine: engine.messages.get(world.message)
    yield lambda engine: [*engine.feedback.list(review=world.reviews[0])]
    yield lambda engine: engine.feedback.summary()
    yield lambda engine: engine.tokens.inspect(world.token)
    yield lambda engine: engine.webhooks.receive("s", "1", content={"a": 1})
    yield lambda engine: [*engine.endpoints.list()]
    yield lambda engine: [*engine.deliveries.list()]


def _changes(world: World) -> Iterator[Callable[[Engine], object]]:
    large = ChannelValue("large", "9", "x", bytes(range(256)) * 90)
    versions = {"large": "9", "small": "1", "none": "1"}
    yield lambda engine: engine.checkpoints.put(
        "t", "9", parent_id="3", versions=versions, values=[large]
    )
    yield lambda engine: engine.checkpoints.put_writes("t", "9", [("c", "x", b"w")], task_id="n")
    yield lambda engine: engine.threads.copy("t", "copy")
    yield lambda engine: engine.threads.prune(["t"], "keep_latest")
    yield lambda engine: engine.checkpoints.delete_for_runs(["r"])
    yield lambda engine: engine.reviews.respond(token=world.token, response=APPROVE)
    yield lambda engine: engine.reviews.respond(world.reviews[0], actor="eve", response=APPROVE)
    yield lambda engine: engine.reviews.claim(world.reviews[2], actor="ana")
    yield lambda engine: engine.reviews.reassign(world.reviews[2], assignee="bob", actor="ana")
    yield lambda engine: engine.reviews.respond(world.reviews[2], actor="bob", response={"n": 1})
    yield lambda engine: engine.reviews.escalate(world.reviews[0], actor="bob")
    yield lambda engine: engine.reviews.comment(world.reviews[1], text="late", actor="ana")
    yield lambda engine: engine.reviews.cancel(world.reviews[4], actor="agent")
    yield lambda engine: engine.tokens.redeem(world.ticket)
    yield lambda engine: engine.tokens.rotate()
    yield lambda engine: engine.permits.report(world.permits[0], "done", result={"paid": 5})
    yield lambda engine: engine.permits.consume(world.permits[1], "go", {})
    yield lambda engine: engine.run("run", program)
    yield lambda engine: engine.runs.resume("run", {"answer": 1})
    yield lambda engine: engine.run("run", program)
    yield lambda engine: engine.run("done", lambda run: run.step("only", lambda: 1))
    yield lambda engine: engine.graphs.claim(worker="w")
    yield lambda engine: engine.graphs.enter("t", always=True)
    yield lambda engine: engine.messages.post("c", "k", sender="agent", client_key="k")
    yield lambda engine: engine.messages.post(
        "c", "more", sender="agent", iteration_of=world.message
    )
    yield lambda engine: engine.messages.ack(world.message, actor="ana")
    yield lambda engine: engine.messages.delete(world.message)
    yield lambda engine: engine.feedback.put(0.7, thread="t")
    yield lambda engine: engine.events.ack("reader", 5)
    yield lambda engine: engine.deliveries.due(limit=9)
    yield lambda engine: engine.deliveries.report(world.delivery, world.claim, status="delivered")
    yield lambda engine: engine.deliveries.retry(world.delivery)
    yield lambda engine: engine.endpoints.put("e", "https://x.example/other", attempts=3)
    yield lambda engine: engine.endpoints.remove("e")
    yield lambda engine: engine.set_time(LATER)
    yield lambda engine: engine.tick()
    yield lambda engine: engine.threads.delete("t")
