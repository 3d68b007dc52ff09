"""Asks people where a graph pauses by itself: `interrupt_before` and `interrupt_after`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from langgraph.callbacks import GraphCallbackHandler

from ._mirror import to_json
from .resumer import Graph
from .saver import InterlockSaver

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig
    from langgraph.callbacks import GraphInterruptEvent


class ReadableGraph(Graph, Protocol):
    """A graph that tells its state. Since 0.1."""

    def get_state(self, config: RunnableConfig) -> Any:
        """The state, with the nodes that come next."""


_STATIC = {"interrupt_before": "before", "interrupt_after": "after"}


class PauseReviews(GraphCallbackHandler):
    """Makes a review of every pause before or after a node. Since 0.1.

    LangGraph stores nothing of such a pause, so the saver cannot see it: pass this as a callback,
    `graph.with_config(callbacks=[PauseReviews(graph, thread_id)])` or in the config of a call. The
    review shows the state and the nodes that come next. When it is approved, a `Resumer` lets the
    graph go on; a rejected one leaves the thread where it is.
    """

    def __init__(self, graph: ReadableGraph, thread_id: str) -> None:
        """Watch one thread of a graph whose checkpointer is an `InterlockSaver`.

        Raises:
            ValueError: its checkpointer is another one.
        """
        saver = graph.checkpointer
        if not isinstance(saver, InterlockSaver):
            raise ValueError("the graph has no InterlockSaver as its checkpointer")
        self._graph, self._saver, self._thread_id = graph, saver, thread_id

    def on_interrupt(self, event: GraphInterruptEvent) -> None:
        """Ask, if it is a pause and not a question."""
        when = _STATIC.get(event.status)
        if when is None or event.interrupts:
            return
        namespace = "|".join(event.checkpoint_ns)
        config: RunnableConfig = {
            "configurable": {"thread_id": self._thread_id, "checkpoint_ns": namespace}
        }
        state: Any = self._graph.get_state(config)
        coming = list(state.next)
        self._saver.engine.graphs.pause(
            self._thread_id,
            event.checkpoint_id,
            checkpoint_ns=namespace,
            graph=self._saver.graph,
            title=f"Paused {when} {', '.join(coming) or 'the end'}",
            details={"when": when, "next": coming, "values": to_json(state.values)},
            review=self._saver.review,
        )
