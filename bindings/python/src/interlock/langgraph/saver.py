"""The checkpoint saver of LangGraph on an Interlock store."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from langgraph.checkpoint.base import (
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
    DeltaChannelHistory,
)

from interlock import Engine
from interlock._offload import offload

from ._context import SaverContext, SetupDone
from ._sync import SyncSaver

if TYPE_CHECKING:
    from types import TracebackType

    from langchain_core.runnables import RunnableConfig
    from langgraph.checkpoint.serde.base import SerializerProtocol
    from typing_extensions import Self


class InterlockSaver(SyncSaver):
    """Keeps the checkpoints of LangGraph graphs, for sync and async graphs alike. Since 0.1.

    One saver may serve any number of graphs, threads and event loops at once. The async methods
    call the sync ones in a worker thread, with the context variables of the caller.

    Copies (`with_allowlist`, `copy.copy`) share the open store. After `fork()` a child must make
    a saver of its own; every call on an inherited one raises `ForkedError`.

    `put_writes` follows the rule of LangGraph's SQL savers: if all channels of a call are special
    (`__error__`, `__scheduled__`, `__interrupt__`, `__resume__`), stored writes are replaced,
    otherwise the first write of each index stays.
    """

    def __init__(
        self,
        engine_or_path: Engine | str | os.PathLike[str],
        *,
        serde: SerializerProtocol | None = None,
        mirror: bool = True,
        graph: str = "",
        review: Mapping[str, Any] | None = None,
        single_writer: bool = False,
    ) -> None:
        """Use an open engine, or open one.

        Args:
            engine_or_path: an engine, which stays the caller's to close; or a path or URL as for
                `Engine.open`, and then `close` closes it.
            serde: turns values into bytes and back; LangGraph's own if None.
            mirror: make a review of every `interrupt()`, in the transaction that stores it.
            graph: the name under which a `Resumer` finds the graph.
            review: members of `engine.reviews.open` for all of these reviews: policy, expires_in,
                on_expiry, channel, requester and so on.
            single_writer: a thread that waits is resumed by one caller at a time; the others get
                `ThreadBusyError` before anything runs. Implies `mirror`.

        Raises:
            InterlockError: the store cannot be opened.
        """
        self._owns_engine = not isinstance(engine_or_path, Engine)
        super().__init__(
            engine_or_path if isinstance(engine_or_path, Engine) else Engine.open(engine_or_path),
            serde,
            mirror=mirror,
            graph=graph,
            review=review,
            single_writer=single_writer,
        )

    @property
    def interlock_saver(self) -> InterlockSaver:
        """This saver, also when it is asked of a wrapper that passes names on. Since 0.1.

        The server of LangGraph wraps a custom checkpointer, so `isinstance` does not find it.
        """
        return self

    @classmethod
    def from_conn_string(
        cls,
        conn: str | os.PathLike[str],
        *,
        serde: SerializerProtocol | None = None,
        mirror: bool = True,
        graph: str = "",
        review: Mapping[str, Any] | None = None,
        single_writer: bool = False,
    ) -> SaverContext[Self]:
        """A context manager, for `with` and for `async with`, that opens and closes. Since 0.1.

        Args:
            conn: a path or URL as for `Engine.open`.
            serde: as for the class; so are the others.
            mirror: whether interrupts become reviews.
            graph: the name of the graph.
            review: what all reviews have.
            single_writer: whether one caller at a time resumes a thread.
        """
        return SaverContext(
            lambda: cls(
                conn,
                serde=serde,
                mirror=mirror,
                graph=graph,
                review=review,
                single_writer=single_writer,
            )
        )

    def setup(self) -> SetupDone:
        """Nothing: opening creates the tables. May be called or awaited. Since 0.1."""
        return SetupDone()

    def close(self) -> None:
        """Close the engine, if this saver opened it. Idempotent. Since 0.1."""
        if self._owns_engine:
            self.engine.close()

    def __enter__(self) -> Self:
        """The saver itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()

    async def __aenter__(self) -> Self:
        """The saver itself."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close beside the event loop."""
        await offload(self.close)

    async def aget(self, config: RunnableConfig) -> Checkpoint | None:
        """`get` beside an event loop. Since 0.1."""
        return await offload(self.get, config)

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """`get_tuple` beside an event loop. Since 0.1."""
        return await offload(self.get_tuple, config)

    async def alist(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[CheckpointTuple]:
        """`list` beside an event loop, one page per step. Since 0.1."""
        listing = self._listing(config, filter, before, limit)
        while page := await offload(self._tuples, listing):
            for found in page:
                yield found

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """`put` beside an event loop. Since 0.1."""
        return await offload(self.put, config, checkpoint, metadata, new_versions)

    async def aput_writes(
        self,
        config: RunnableConfig,
        writes: Sequence[tuple[str, Any]],
        task_id: str,
        task_path: str = "",
    ) -> None:
        """`put_writes` beside an event loop. Since 0.1."""
        await offload(self.put_writes, config, writes, task_id, task_path)

    async def adelete_thread(self, thread_id: str) -> None:
        """`delete_thread` beside an event loop. Since 0.1."""
        await offload(self.delete_thread, thread_id)

    async def adelete_for_runs(self, run_ids: Sequence[str]) -> None:
        """`delete_for_runs` beside an event loop. Since 0.1."""
        await offload(self.delete_for_runs, run_ids)

    async def acopy_thread(self, source_thread_id: str, target_thread_id: str) -> None:
        """`copy_thread` beside an event loop. Since 0.1."""
        await offload(self.copy_thread, source_thread_id, target_thread_id)

    async def aprune(self, thread_ids: Sequence[str], *, strategy: str = "keep_latest") -> None:
        """`prune` beside an event loop. Since 0.1."""
        await offload(self.prune, thread_ids, strategy=strategy)

    async def aget_delta_channel_history(
        self, *, config: RunnableConfig, channels: Sequence[str]
    ) -> Mapping[str, DeltaChannelHistory]:
        """`get_delta_channel_history` beside an event loop. Since 0.1."""
        return await offload(self.get_delta_channel_history, config=config, channels=channels)
