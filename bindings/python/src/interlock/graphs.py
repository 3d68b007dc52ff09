"""Graphs that wait for people: their interrupts, and who goes on with which thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from ._ask import ask, given
from ._offload import twin
from .reviews.requests import in_milliseconds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from ._handle import Handle


class GraphInterrupt(TypedDict):
    """An `interrupt()` of a graph, as the store keeps it. Since 0.1.

    Attributes:
        interrupt: the id that LangGraph gave it, unique in its thread.
        thread: the thread.
        graph: the name under which its graph is resumed.
        checkpoint_ns: the namespace of the innermost graph that asks.
        checkpoint_id: the checkpoint at which it asks.
        task: the task that asks.
        shape: how the answer is written.
        review: the review that decides about it.
        status: waiting, answered, unanswered, applying, applied, failed or moved.
        value: what the graph is to get; None while nobody has answered.
        attempts: how often the answer was given to the graph.
        updated_at: in milliseconds.
    """

    interrupt: str
    thread: str
    graph: str
    checkpoint_ns: str
    checkpoint_id: str
    task: str
    shape: str
    review: str
    status: str
    value: Any
    attempts: int
    updated_at: int


class GraphClaim(TypedDict):
    """A thread that one worker goes on with. Since 0.1.

    Attributes:
        thread: the thread.
        graph: the name of its graph.
        fence: tells this claim from later ones.
        repair: the graph has raised an error after it had an answer, or its worker has died while
            it went on: it is to run again, with no more than the answers below.
        answers: what to give to the graph, by interrupt.
    """

    thread: str
    graph: str
    fence: int
    repair: bool
    answers: list[GraphInterrupt]


class Graphs:
    """The graphs of an engine; get it as `engine.graphs`. Any thread. Since 0.1.

    `interlock.langgraph` uses these; a worker of another kind can too. Every method raises
    `ClosedError` after `close`, `ForkedError` in a forked child, and what a store can raise.
    """

    __slots__ = ("_handle",)

    def __init__(self, handle: Handle) -> None:
        """Not for callers: use `engine.graphs`."""
        self._handle = handle

    def claim(
        self,
        *,
        worker: str = "worker",
        lease_ms: int = 60_000,
        graphs: Sequence[str] | None = None,
        thread: str | None = None,
        collect: bool = False,
        attempts: int = 10,
    ) -> GraphClaim | None:
        """Claim a thread whose graph can go on, or None. Since 0.1.

        Args:
            worker: who claims, for people to read.
            lease_ms: a claim that is not kept alive goes to the next after this time.
            graphs: only of these names; None is all.
            thread: only this one; None is all.
            collect: only threads without a question that still waits.
            attempts: an answer is given to its graph so many times at most.
        """
        request = given(
            {
                "worker": worker,
                "lease_ms": lease_ms,
                "collect": collect,
                "attempts": attempts,
                "thread": thread,
                "graphs": list(graphs) if graphs is not None else None,
            }
        )
        found: GraphClaim | None = ask(self._handle, "interlock_graph_claim", request)["claim"]
        return found

    def enter(
        self,
        thread: str,
        *,
        worker: str = "worker",
        lease_ms: int = 60_000,
        always: bool = False,
    ) -> int | None:
        """Claim one thread: its fence, or None if it waits for nothing. Since 0.1.

        Args:
            thread: the thread.
            worker: who claims, for people to read.
            lease_ms: a claim that is not kept alive goes to the next after this time.
            always: claim it also if it waits for nothing.

        Raises:
            ThreadBusyError: somebody else has the thread.
        """
        request = {"thread": thread, "worker": worker, "lease_ms": lease_ms, "always": always}
        fence: int | None = ask(self._handle, "interlock_graph_enter", request)["fence"]
        return fence

    def heartbeat(self, thread: str, fence: int, *, lease_ms: int = 60_000) -> None:
        """Keep a claim for longer. Since 0.1.

        Raises:
            FencedError: somebody else has the thread.
            NotRunningError: the claim was given back.
        """
        request = {"thread": thread, "fence": fence, "lease_ms": lease_ms}
        ask(self._handle, "interlock_graph_heartbeat", request)

    def release(self, thread: str, fence: int, *, error: Any = None) -> None:
        """Give a claim back. Since 0.1.

        Args:
            thread: the thread of the claim.
            fence: the fence of the claim.
            error: why the graph has failed, if it has.

        Raises:
            FencedError: somebody else has the thread.
            NotRunningError: the claim was given back.
        """
        request = given({"thread": thread, "fence": fence, "error": error})
        ask(self._handle, "interlock_graph_release", request)

    def interrupts(
        self, thread: str, *, after: str | None = None, limit: int = 100
    ) -> list[GraphInterrupt]:
        """The interrupts that a thread has had, by id. Since 0.1."""
        request = given({"thread": thread, "after": after, "limit": limit})
        found: list[GraphInterrupt] = ask(self._handle, "interlock_graph_interrupts", request)[
            "interrupts"
        ]
        return found

    def pause(
        self,
        thread: str,
        checkpoint_id: str,
        *,
        checkpoint_ns: str = "",
        graph: str = "",
        title: str | None = None,
        details: Any = None,
        review: Mapping[str, Any] | None = None,
    ) -> GraphInterrupt:
        """Ask whether a graph that has paused before or after a node may go on. Since 0.1.

        Args:
            thread: the thread.
            checkpoint_id: where it has paused; asking twice is asking once.
            checkpoint_ns: the namespace of the graph.
            graph: the name under which it is resumed.
            title: what people read first.
            details: what they decide about, as JSON.
            review: members of `engine.reviews.open`: policy, expires_in, channel and so on.
        """
        request = given(
            {
                "thread": thread,
                "checkpoint_id": checkpoint_id,
                "checkpoint_ns": checkpoint_ns,
                "graph": graph,
                "title": title,
                "details": details,
                "review": None if review is None else in_milliseconds(dict(review)),
            }
        )
        found: GraphInterrupt = ask(self._handle, "interlock_graph_pause", request)
        return found

    aclaim = twin(claim)
    aenter = twin(enter)
    aheartbeat = twin(heartbeat)
    arelease = twin(release)
    ainterrupts = twin(interrupts)
    apause = twin(pause)
