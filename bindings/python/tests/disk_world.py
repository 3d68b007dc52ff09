"""Changes of every kind, one after the other, and everything that can be seen of them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Generator, Iterator
from hashlib import blake2b
from typing import Any

from damage_world import APPROVAL, APPROVED, CALLS, FIELDS, LATER, PAYMENT, SECRET
from interlock import ChannelValue, Engine
from review_tools import APPROVE, MINUTE, NOON, REJECT, by, chain

# A change is handed out, and what it has come to is sent back.
Changes = Generator[Callable[[], Any], Any, None]

LARGE = bytes(range(256)) * 24


class World:
    """An engine at a time, and changes of it; each commits once at most."""

    def __init__(self, engine: Engine) -> None:
        """It is noon."""
        self.engine = engine
        self.clock = NOON

    def changes(self) -> Iterator[tuple[bool, Changes]]:
        """Whether they outlive a loss of power however the engine was opened, and the changes."""
        yield False, _checkpoints(self.engine)
        yield True, self._decisions()
        yield False, _removals(self.engine)

    def make(self, change: Callable[[Callable[[], Any], bool], Any]) -> None:
        """Hand every change to `change`, with whether it outlives a loss of power."""
        for is_lasting, changes in self.changes():
            result = None
            while True:
                try:
                    following = changes.send(result)
                except StopIteration:
                    break
                result = change(following, is_lasting)

    def _decisions(self) -> Changes:
        yield from _reviews(self.engine)
        yield from _permits(self.engine)
        yield from _runs(self.engine)
        yield from _rest(self.engine)
        yield lambda: self.engine.reviews.open("approval", {}, expires_in=MINUTE)
        yield self._let_time_pass
        yield self.engine.tick

    def _let_time_pass(self) -> None:
        self.clock = LATER
        self.engine.set_time(LATER)


class Growth(World):
    """So many changes that the log begins again, more than once."""

    def changes(self) -> Iterator[tuple[bool, Changes]]:
        """Checkpoints only."""
        yield False, _turns(self.engine)


class Migration(World):
    """A database of the first schema, which need only be opened."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        assert engine.checkpoints.get("fixture") is not None, "this is no old database"

    def changes(self) -> Iterator[tuple[bool, Changes]]:
        """None."""
        return iter(())


WORLDS = {"changes": World, "growth": Growth, "migration": Migration}


def _turns(engine: Engine) -> Changes:
    source = random.Random(2)
    for number in range(240):
        version = f"{number:04}"
        value = ChannelValue("large", version, "x", source.randbytes(40_000))
        yield lambda version=version, value=value: engine.checkpoints.put(
            "t", version, body=b"body", versions={"large": version}, values=[value]
        )
        if number % 4 == 3:
            yield lambda: engine.threads.prune(["t"], "keep_latest")


def _checkpoints(engine: Engine) -> Changes:
    put, threads = engine.checkpoints.put, engine.threads
    for number in range(6):
        value = ChannelValue("large", f"{number}", "x", LARGE + bytes([number]) * 3000)
        versions = {"large": f"{number}"}
        yield lambda number=number, value=value, versions=versions: put(
            "t", f"{number}", parent_id=f"{number - 1}", body=b"body",
            metadata={"run_id": f"r{number % 2}"}, versions=versions, values=[value],
        )  # fmt: skip
    writes = [("large", "x", b"w" * 9000), ("__error__", "x", b"e")]
    yield lambda: engine.checkpoints.put_writes("t", "3", writes, task_id="task")
    yield lambda: engine.checkpoints.delete_for_runs(["r0"])
    yield lambda: threads.copy("t", "copy")
    yield lambda: threads.prune(["copy"], "keep_latest")
    yield lambda: threads.delete("copy")


def _reviews(engine: Engine) -> Changes:
    open, respond = engine.reviews.open, engine.reviews.respond
    common: dict[str, Any] = {"channel": "c", "thread": "t", "requester": "agent"}
    policy = chain(by("ana", "bob", quorum="all"), by("eve"), name="p")
    yield lambda: engine.policies.put(policy)
    yield lambda: engine.endpoints.put("e", "https://x.example/hook", secret=SECRET)
    made = yield lambda: open("approval", {}, policy="p", expires_in=9 * MINUTE, key="k", **common)
    voted = made["review"]["id"]
    made = yield lambda: open("form", FIELDS, assignee="ana", **common)
    asked = made["review"]["id"]
    made = yield lambda: open("approval", {}, external_id="x", **common)
    ended = made["review"]["id"]
    made = yield lambda: open("approval", {}, details={"a": ["b" * 90] * 90}, **common)
    kept = made["review"]["id"]
    yield lambda: respond(voted, actor="ana", response=APPROVE)
    yield lambda: engine.reviews.comment(voted, text="a remark", actor="ana")
    yield lambda: engine.reviews.claim(asked, actor="ana")
    yield lambda: engine.reviews.reassign(asked, assignee="bob", actor="ana")
    yield lambda: respond(asked, actor="bob", response={"n": 1})
    yield lambda: respond(ended, actor="ana", response=REJECT)
    yield lambda: engine.reviews.cancel(kept, actor="agent")
    token = yield lambda: engine.tokens.issue(
        "decide", actor="bob", expires_in=9 * MINUTE, review=voted
    )
    yield lambda: respond(token=token["token"], response=APPROVE)
    yield lambda: respond(voted, actor="eve", response=APPROVE)


def _permits(engine: Engine) -> Changes:
    made = yield lambda: engine.reviews.open("actions", CALLS, requester="agent")
    calls = made["review"]["id"]
    decisions = {"decisions": [APPROVED, APPROVED]}
    yield lambda: engine.reviews.respond(calls, actor="ana", response=decisions)
    permits = yield lambda: [found["id"] for found in engine.permits.list(review=calls)]
    yield lambda: engine.permits.consume(permits[0], "pay", PAYMENT, worker="w")
    yield lambda: engine.permits.report(permits[0], "done", result={"paid": 5})
    yield lambda: engine.permits.consume(permits[1], "go", {}, worker="w")


def _runs(engine: Engine) -> Changes:
    run = yield lambda: engine.runs.begin("run", worker="w")
    yield lambda: run.step("first", lambda: [1, {"a": "b"}])
    asked = yield lambda: run.ask("ok?", review=APPROVAL)
    yield lambda: run.ask("how?", {"amount": 5})
    yield run.suspend
    run.close()
    yield lambda: engine.reviews.respond(asked["review"], actor="ana", response=APPROVE)
    yield lambda: engine.runs.resume("run", {"answer": 1})
    run = yield lambda: engine.runs.begin("run", worker="w")
    yield lambda: run.step("first", lambda: 2)  # recorded: it changes nothing
    yield lambda: run.ask("ok?", review=APPROVAL)
    yield lambda: run.ask("how?", {"amount": 5})
    yield lambda: run.step("last", lambda: 3)
    yield lambda: run.complete({"done": True})
    run.close()


def _rest(engine: Engine) -> Changes:
    post = engine.messages.post
    message = yield lambda: post("c", "hello", sender="agent", client_key="k", metadata={"a": 1})
    yield lambda: post("c", "again", sender="agent", iteration_of=message["id"])
    yield lambda: engine.messages.ack(message["id"], actor="ana")
    yield lambda: engine.feedback.put(1, thread="t")
    yield lambda: engine.events.ack("reader", 2)
    yield lambda: engine.webhooks.receive("s", "1", content={"a": 1}, result={"b": 2})
    due = yield lambda: engine.deliveries.due(limit=1)
    first = due["deliveries"][0]
    yield lambda: engine.deliveries.report(first["id"], first["claim"], status="delivered")
    yield lambda: engine.graphs.pause("t", "5", graph="g", title="Go on?")


def _removals(engine: Engine) -> Changes:
    yield lambda: engine.threads.delete("t")


def state(engine: Engine) -> str:
    """All that a reader can see, as one text."""
    return "\n".join(json.dumps(seen, sort_keys=True, default=_digest) for seen in _seen(engine))


def _digest(value: object) -> str:
    data = value if isinstance(value, bytes) else repr(value).encode()
    return blake2b(data, digest_size=8).hexdigest()


def _seen(engine: Engine) -> Iterator[Any]:
    yield ["threads", *engine.threads.list()]
    yield ["checkpoints", *engine.checkpoints.list()]
    reviews = [*engine.reviews.list()]
    for review in reviews:
        yield ["review", review, engine.reviews.history(review["id"])]
    yield ["events", *engine.events.list()]
    yield ["audit", *engine.audit.list(), engine.audit.verify()]
    yield ["policies", *engine.policies.list()]
    yield ["runs", *engine.runs.list()]
    yield ["interrupts", *engine.runs.interrupts()]
    yield ["permits", *engine.permits.list()]
    yield ["messages", *engine.messages.list("c")]
    yield ["feedback", *engine.feedback.list(thread="t")]
    yield ["endpoints", *engine.endpoints.list()]
    yield ["deliveries", *engine.deliveries.list()]
    yield ["graph", *engine.graphs.interrupts("t")]
