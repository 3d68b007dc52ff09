"""Goes on with one thread, by whichever process is free to."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, cast

from langgraph.types import GraphOutput

from interlock import NotFoundError, ThreadBusyError
from interlock._ask import timed_out
from interlock._offload import offload
from interlock.langgraph import Resumer, _loops
from interlock.langgraph._mirror import FENCE_KEY

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig

    from interlock import Engine
    from interlock.langgraph import Resumed

_PAUSE = 0.05
_WAITING_FOR_A_WORKER = ("answered", "failed", "applying")


class Current:
    """An agent whose results say by themselves what it waits for."""

    def __init__(self, agent: Any) -> None:
        """Take a compiled graph."""
        self._agent = agent
        self.checkpointer = agent.checkpointer

    def invoke(self, input: Any, config: RunnableConfig, **more: Any) -> Any:
        """Run to the next interrupt, or to the end."""
        return self._agent.invoke(input, config, version="v2", **more)

    async def ainvoke(self, input: Any, config: RunnableConfig, **more: Any) -> Any:
        """The same in an event loop."""
        return await _loops.invoke(self._agent, input, config, version="v2", **more)

    def get_state(self, config: RunnableConfig) -> Any:
        """The state, with its config."""
        return self._agent.get_state(config)

    async def aget_state(self, config: RunnableConfig) -> Any:
        """The same in an event loop."""
        return await self._agent.aget_state(config)


class GoingOn:
    """Gives the answers of a thread to its agent, once, whoever else tries."""

    def __init__(
        self, engine: Engine, agent: Any, lease_ms: int, config: RunnableConfig | None
    ) -> None:
        """Take the agent."""
        self._engine = engine
        self._agent = Current(agent)
        self._lease_ms = lease_ms
        self._config = config
        self._resumer = Resumer(engine, self._agent, lease_ms=lease_ms, config=config)

    def run(self, thread: str, patience: float) -> Any:
        """What the agent has come to.

        Raises:
            WaitTimeoutError: another worker has the thread, and takes too long.
            Exception: what the agent raised.
        """
        end = time.monotonic() + patience
        while True:
            resumed = self._resumer.run_once(thread=thread)
            if resumed is not None and (settled := _result(resumed)) is not None:
                return settled.value
            if resumed is None:
                if (done := self._continue(thread)) is not None:
                    return done.value
                if time.monotonic() >= end:
                    raise timed_out()
                time.sleep(_PAUSE)

    async def arun(self, thread: str, patience: float) -> Any:
        """The same in an event loop."""
        end = time.monotonic() + patience
        while True:
            resumed = await self._resumer.arun_once(thread=thread)
            if resumed is not None and (settled := _result(resumed)) is not None:
                return settled.value
            if resumed is None:
                if (done := await self._acontinue(thread)) is not None:
                    return done.value
                if time.monotonic() >= end:
                    raise timed_out()
                await asyncio.sleep(_PAUSE)

    def _continue(self, thread: str) -> Settled | None:
        """What is there if nobody works on it; goes on if a worker has died or failed in it."""
        fence = self._enter(thread)
        if fence is None:
            return None
        error: BaseException | None = None
        try:
            config = self._config_of(thread, fence[0])
            state = self._agent.get_state(config)
            if fence[1] and state.next and not state.interrupts:
                return Settled(self._agent.invoke(None, config))
            return Settled(self._standing(state))
        except Exception as caught:
            error = caught
            raise
        finally:
            self._leave(thread, fence[0], error)

    async def _acontinue(self, thread: str) -> Settled | None:
        fence = await offload(self._enter, thread)
        if fence is None:
            return None
        error: BaseException | None = None
        try:
            config = self._config_of(thread, fence[0])
            state = await self._agent.aget_state(config)
            if fence[1] and state.next and not state.interrupts:
                return Settled(await self._agent.ainvoke(None, config))
            return Settled(self._standing(state))
        except Exception as caught:
            error = caught
            raise
        finally:
            await offload(self._leave, thread, fence[0], error)

    def _enter(self, thread: str) -> tuple[int, bool] | None:
        """A fence, and whether the agent stopped in the middle; None if somebody is to go on."""
        if any(status in _WAITING_FOR_A_WORKER for status in self._statuses(thread)):
            return None
        try:
            before = self._engine.runs.get(thread)["status"]
        except NotFoundError:
            before = "idle"
        try:
            fence = self._engine.graphs.enter(thread, lease_ms=self._lease_ms, always=True)
        except ThreadBusyError:
            return None
        assert fence is not None
        return fence, before in ("busy", "error")

    def _leave(self, thread: str, fence: int, error: BaseException | None) -> None:
        facts = {"type": type(error).__name__, "message": str(error)} if error else None
        self._engine.graphs.release(thread, fence, error=facts)

    def _statuses(self, thread: str) -> list[str]:
        found: list[str] = []
        after: str | None = None
        while page := self._engine.graphs.interrupts(thread, after=after, limit=1000):
            found += (interrupt["status"] for interrupt in page)
            after = page[-1]["interrupt"]
        return found

    def _config_of(self, thread: str, fence: int) -> RunnableConfig:
        base = self._config or {}
        configurable = {**base.get("configurable", {}), "thread_id": thread, FENCE_KEY: fence}
        return cast("RunnableConfig", {**base, "configurable": configurable})

    @staticmethod
    def _standing(state: Any) -> GraphOutput[Any]:
        return GraphOutput(value=state.values, interrupts=tuple(state.interrupts))


class Settled:
    """A result, which may be anything."""

    def __init__(self, value: Any) -> None:
        """Take it."""
        self.value = value


def _result(resumed: Resumed) -> Settled | None:
    """What came of a claim; None if there is more to do."""
    if resumed.lost or (resumed.error is None and not resumed.reviews):
        return None  # somebody else has it; or it was repaired, and its answer comes next
    if resumed.error is not None:
        raise resumed.error
    return Settled(resumed.result)
