"""Goes on with graphs whose questions were answered."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, cast

from langgraph.types import Command

from interlock import ClosedError, FencedError, NotRunningError, WaitTimeoutError
from interlock._offload import offload

from . import _loops
from ._mirror import FENCE_KEY
from .saver import InterlockSaver

if TYPE_CHECKING:
    from collections.abc import Callable

    from langchain_core.runnables import RunnableConfig
    from langgraph.types import Durability

    from interlock import Engine
    from interlock.documents import EventType
    from interlock.graphs import GraphClaim

_WAKING: tuple[EventType, ...] = ("review.resolved", "review.expired", "interrupt.changed")


class Graph(Protocol):
    """What a resumer needs of a compiled graph. Since 0.1."""

    @property
    def checkpointer(self) -> Any:
        """The saver."""

    def invoke(self, input: Any, config: RunnableConfig, *, durability: Durability) -> Any:
        """Run to the next interrupt, or to the end."""

    async def ainvoke(self, input: Any, config: RunnableConfig, *, durability: Durability) -> Any:
        """The same in an event loop."""


@dataclass(frozen=True)
class Resumed:
    """What came of going on with one thread. Since 0.1.

    Attributes:
        thread: the thread.
        graph: the name of its graph.
        reviews: the reviews whose answers were given to it.
        result: what the graph returned; None if it raised.
        error: what it raised.
        lost: another worker has taken over meanwhile: what it did counts.
    """

    thread: str
    graph: str
    reviews: tuple[str, ...] = ()
    result: Any = None
    error: BaseException | None = None
    lost: bool = False


class Resumer:
    """Takes answered reviews and goes on with their graphs, each thread by one worker. Since 0.1.

    Any number of resumers, in any number of processes, share the work of one store. A thread is
    claimed with a lease; if its worker dies, another one takes over with the same answer: nobody is
    asked twice. What a worker that was taken over from still stores is refused.

    A graph that raises after it had its answer is run again, with that answer, after a while and at
    most `attempts` times in all. LangGraph keeps the answer with the task, so the others of its
    step are neither run nor asked again.
    """

    def __init__(
        self,
        engine: Engine,
        graphs: Mapping[str, Graph] | Graph,
        *,
        worker: str | None = None,
        lease_ms: int = 60_000,
        collect: bool = False,
        attempts: int = 10,
        parallel: int = 1,
        config: RunnableConfig | None = None,
        durability: Durability = "sync",
        on_resumed: Callable[[Resumed], None] | None = None,
    ) -> None:
        """Serve these graphs.

        Args:
            engine: the store of their savers.
            graphs: by the name that their saver has (`InterlockSaver(graph=...)`), or one graph for
                whatever name.
            worker: who works, for people to read; host and process if None.
            lease_ms: how long a worker may be silent before another one takes over.
            collect: wait until all questions of a thread are answered; otherwise each answer is
                given as it comes.
            attempts: how often an answer is given to its graph at most.
            parallel: how many threads `run_forever` goes on with at once.
            config: merged under the config of every call: callbacks, recursion limit, and so on.
            durability: that of LangGraph. With "sync" a step is stored before the next one begins:
                who takes over from a killed worker repeats one at most.
            on_resumed: told of every thread.

        Raises:
            ValueError: a graph has no `InterlockSaver` as its checkpointer.
        """
        self._graphs: dict[str, Graph] | None = None
        if isinstance(graphs, Mapping):
            self._graphs = {name: _checked(name, graph) for name, graph in graphs.items()}
        else:
            self._only: Graph = _checked("", graphs)
        self.engine = engine
        self.worker = worker or f"{socket.gethostname()}:{os.getpid()}"
        self._lease_ms = lease_ms
        self._collect = collect
        self._attempts = attempts
        self._parallel = parallel
        self._config = config
        self._durability: Durability = durability
        self._on_resumed = on_resumed
        self._stopped = threading.Event()

    def run_once(self, *, thread: str | None = None) -> Resumed | None:
        """Go on with one thread that is ready, if there is one. Since 0.1.

        What the graph raises is in the result, and on record with the thread.

        Args:
            thread: only with this one.
        """
        claim = self._claim(thread)
        return None if claim is None else self._serve(claim)

    def run_until_idle(self) -> int:
        """Go on with threads until none is ready; returns with how many. Since 0.1."""
        count = 0
        while self.run_once() is not None:
            count += 1
        return count

    def run_forever(self) -> None:
        """Go on with threads as they become ready, until `stop`. Since 0.1."""
        with ThreadPoolExecutor(self._parallel, thread_name_prefix="resumer") as pool:
            for loop in [pool.submit(self._loop) for _ in range(self._parallel)]:
                loop.result()

    def stop(self) -> None:
        """Let `run_forever` end after the threads it is at. Any thread. Since 0.1."""
        self._stopped.set()

    async def arun_once(self, *, thread: str | None = None) -> Resumed | None:
        """`run_once` in an event loop, with `ainvoke`. Since 0.1.

        Before Python 3.11 LangGraph's `interrupt()` finds no config in an event loop: there its
        answers go in by `invoke`, in a thread of its own.
        """
        claim = await offload(self._claim, thread)
        return None if claim is None else await self._aserve(claim)

    async def arun_until_idle(self) -> int:
        """`run_until_idle` in an event loop. Since 0.1."""
        count = 0
        while await self.arun_once() is not None:
            count += 1
        return count

    async def arun_forever(self) -> None:
        """`run_forever` in an event loop, until `stop` or cancellation. Since 0.1."""
        await asyncio.gather(*(self._aloop() for _ in range(self._parallel)))

    # The loops

    def _loop(self) -> None:
        with suppress(ClosedError):
            cursor = self._newest()
            while not self._stopped.is_set():
                if self.run_once() is None:
                    with suppress(WaitTimeoutError):
                        page = self.engine.events.wait(
                            after=cursor, types=_WAKING, timeout=self._patience
                        )
                        cursor = page["next"]

    async def _aloop(self) -> None:
        with suppress(ClosedError):
            cursor = await offload(self._newest)
            while not self._stopped.is_set():
                if await self.arun_once() is None:
                    with suppress(WaitTimeoutError):
                        page = await self.engine.events.await_(
                            after=cursor, types=_WAKING, timeout=self._patience
                        )
                        cursor = page["next"]

    def _newest(self) -> int:
        return self.engine.events.read(limit=1)["last"]

    @property
    def _patience(self) -> float:
        # A lease that runs out, and a pause between two attempts, are no events.
        return min(0.25, self._lease_ms / 1000)

    # One thread

    def _claim(self, thread: str | None) -> GraphClaim | None:
        return self.engine.graphs.claim(
            worker=self.worker,
            lease_ms=self._lease_ms,
            graphs=None if self._graphs is None else list(self._graphs),
            thread=thread,
            collect=self._collect,
            attempts=self._attempts,
        )

    def _serve(self, claim: GraphClaim) -> Resumed:
        graph, config = self._graph(claim), self._config_of(claim)
        with _Pulse(self.engine, claim, self._lease_ms):
            try:
                result = graph.invoke(_input(claim), config, durability=self._durability)
            except Exception as error:
                return self._finish(claim, None, error)
            return self._finish(claim, result, None)

    async def _aserve(self, claim: GraphClaim) -> Resumed:
        graph, config = self._graph(claim), self._config_of(claim)
        with _Pulse(self.engine, claim, self._lease_ms):
            try:
                result = await self._going_on(graph, _input(claim), config)
            except Exception as error:
                return await offload(self._finish, claim, None, error)
            return await offload(self._finish, claim, result, None)

    async def _going_on(
        self, graph: Graph, input: Command[Any] | None, config: RunnableConfig
    ) -> Any:
        if input is None:  # after a pause between nodes no interrupt() is answered
            return await graph.ainvoke(input, config, durability=self._durability)
        return await _loops.invoke(graph, input, config, durability=self._durability)

    def _finish(self, claim: GraphClaim, result: Any, error: Exception | None) -> Resumed:
        lost = isinstance(error, (FencedError, NotRunningError))
        if not lost:
            try:
                self.engine.graphs.release(
                    claim["thread"], claim["fence"], error=_described(error) if error else None
                )
            except (FencedError, NotRunningError):
                lost = True
        resumed = Resumed(
            thread=claim["thread"],
            graph=claim["graph"],
            reviews=tuple(answer["review"] for answer in claim["answers"]),
            result=result,
            error=error,
            lost=lost,
        )
        if self._on_resumed is not None:
            self._on_resumed(resumed)
        return resumed

    def _graph(self, claim: GraphClaim) -> Graph:
        return self._only if self._graphs is None else self._graphs[claim["graph"]]

    def _config_of(self, claim: GraphClaim) -> RunnableConfig:
        return _merged(
            self._config or {},
            {"configurable": {"thread_id": claim["thread"], FENCE_KEY: claim["fence"]}},
        )


class _Pulse:
    """Keeps a claim alive while its graph runs."""

    def __init__(self, engine: Engine, claim: GraphClaim, lease_ms: int) -> None:
        self._engine, self._claim, self._lease_ms = engine, claim, lease_ms
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="resumer-pulse", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._done.wait(self._lease_ms / 3000):
            try:
                self._engine.graphs.heartbeat(
                    self._claim["thread"], self._claim["fence"], lease_ms=self._lease_ms
                )
            except (FencedError, NotRunningError, ClosedError):
                return


def _input(claim: GraphClaim) -> Command[Any] | None:
    # A pause is answered by going on.
    answers = [each for each in claim["answers"] if each["shape"] != "pause"]
    if not answers:
        return None
    return Command(resume={each["interrupt"]: each["value"] for each in answers})


def _described(error: BaseException) -> dict[str, Any]:
    return {"type": type(error).__name__, "message": str(error)}


def _merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> RunnableConfig:
    configurable = {**under.get("configurable", {}), **over["configurable"]}
    merged: Any = {**under, "configurable": configurable}
    return cast("RunnableConfig", merged)


def _checked(name: str, graph: Graph) -> Graph:
    if not isinstance(graph.checkpointer, InterlockSaver):
        message = f"graph {name!r} has no InterlockSaver as its checkpointer"
        raise ValueError(message)
    return graph
