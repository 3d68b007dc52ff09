"""The synchronous face of the saver."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from langgraph.checkpoint.base import (
    BaseCheckpointSaver,
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
    DeltaChannelHistory,
    get_checkpoint_metadata,
)

from interlock import NotFoundError, _ffi, _wire
from interlock._listing import Listing
from interlock.reviews.requests import in_milliseconds

from ._claim import Claim, is_graph_start
from ._codec import (
    Decoder,
    config_of,
    decode_history,
    encode_body,
    encode_json,
    encode_values,
    encode_versions,
    encode_writes,
)
from ._mirror import FENCE_KEY, encode_questions, interrupts_in

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig
    from langgraph.checkpoint.serde.base import SerializerProtocol

    from interlock import Engine

_STRATEGIES: dict[str, Literal["keep_latest", "delete"]] = {
    "keep_latest": "keep_latest",
    "delete": "delete",
    "delete_all": "delete",  # the name that langgraph-api uses
}


class SyncSaver(BaseCheckpointSaver[str]):
    """What a saver does, each call in the thread of its caller. Any thread. Since 0.1."""

    def __init__(
        self,
        engine: Engine,
        serde: SerializerProtocol | None,
        *,
        mirror: bool = True,
        graph: str = "",
        review: Mapping[str, Any] | None = None,
        single_writer: bool = False,
    ) -> None:
        """Use an open engine."""
        super().__init__(serde=serde)
        self.engine = engine
        self.graph = graph
        self.review = None if review is None else in_milliseconds(dict(review))
        self._handle = engine.handle
        self._mirror = mirror or single_writer
        self._single_writer = single_writer
        self._flags = (_ffi.PUT_GRAPH if self._mirror else 0) | (
            _ffi.PUT_EXCLUSIVE if single_writer else 0
        )

    def put(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Store a checkpoint and the values of the channels in `new_versions`. Since 0.1.

        Args:
            config: thread, namespace ("" if absent) and, as `checkpoint_id`, the parent.
            checkpoint: its id is `checkpoint["id"]`; an id that is stored already is replaced.
            metadata: kept as JSON together with the scalars of the config.
            new_versions: the channels whose version moved; one without value becomes empty.

        Returns:
            The config that names the stored checkpoint.

        Raises:
            ValueError: the metadata holds NaN or an infinity.
            TypeError: the metadata holds something that JSON does not have.
        """
        configurable = config.get("configurable", {})
        thread_id = str(configurable["thread_id"])
        checkpoint_ns = configurable.get("checkpoint_ns") or ""
        parent_id = configurable.get("checkpoint_id") or ""
        checkpoint_id = checkpoint["id"]
        serde = self.serde
        versions, plain = encode_versions(checkpoint["channel_versions"])
        tag, body = encode_body(serde, checkpoint, plain)
        _wire.put_checkpoint(
            self._handle,
            (
                thread_id.encode(),
                checkpoint_ns.encode(),
                checkpoint_id.encode(),
                str(parent_id).encode(),
            ),
            (tag, body, encode_json("metadata", get_checkpoint_metadata(config, metadata))),
            versions,
            encode_values(serde, checkpoint["channel_values"], new_versions),
            self._flags,
            configurable.get(FENCE_KEY) or 0,
        )
        return config_of(thread_id, checkpoint_ns, checkpoint_id)

    def put_writes(
        self,
        config: RunnableConfig,
        writes: Sequence[tuple[str, Any]],
        task_id: str,
        task_path: str = "",
    ) -> None:
        """Store the writes of a task at a checkpoint that may not be stored yet. Since 0.1.

        Args:
            config: thread, namespace and checkpoint id.
            writes: (channel, value) each.
            task_id: the task that made them.
            task_path: orders the writes of different tasks.
        """
        configurable = config.get("configurable", {})
        if not writes:
            return
        questions = b""
        if self._mirror and (interrupts := interrupts_in(writes)):
            questions = encode_questions(interrupts, self.graph, task_path, self.review)
        _wire.put_writes(
            self._handle,
            (
                str(configurable["thread_id"]).encode(),
                (configurable.get("checkpoint_ns") or "").encode(),
                str(configurable["checkpoint_id"]).encode(),
                task_id.encode(),
                task_path.encode(),
            ),
            encode_writes(self.serde, writes),
            self._flags,
            configurable.get(FENCE_KEY) or 0,
            questions,
        )

    def get_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """The checkpoint that the config names, or the latest, or None. Since 0.1.

        Args:
            config: thread, namespace ("" if absent), and a checkpoint id or none.
        """
        claim = self._enter(config) if self._single_writer else None
        decoder = Decoder(self.serde)
        found = _wire.visit(
            self._handle, _question(config), decoder.decode, borrow=decoder.copies_what_it_reads
        )
        if claim is None or found is None:
            return found
        # What LangGraph stores from here on carries the config that it was given.
        config = {"configurable": {**found.config.get("configurable", {}), FENCE_KEY: claim}}
        return found._replace(config=config)

    def _enter(self, config: RunnableConfig) -> Claim | None:
        """Claim the thread, if this is a graph that goes on and not somebody who looks."""
        configurable = config.get("configurable", {})
        if not is_graph_start(configurable):
            return None
        return Claim.enter(self.engine.graphs, str(configurable["thread_id"]))

    def list(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> Iterator[CheckpointTuple]:
        """Checkpoints, newest first. Since 0.1.

        They are read a page at a time and nothing is held between pages, so any method of the
        saver may be called while iterating. Checkpoints of a page that have the same version of a
        channel have the same value: each gets its own list, dict or set, with the same elements.

        Args:
            config: thread and, if present, namespace and checkpoint id; None is all threads.
            filter: members that the metadata must have. A key is literal, not a path; None also
                matches a missing member.
            before: only ids less than the checkpoint id of this config; without one it is
                ignored, as in InMemorySaver.
            limit: at most this many.

        Raises:
            ValueError: the filter holds NaN or an infinity.
        """
        listing = self._listing(config, filter, before, limit)
        while page := self._tuples(listing):
            yield from page

    def delete_thread(self, thread_id: str) -> None:
        """Delete a thread in all namespaces; one that does not exist is no error. Since 0.1."""
        self.engine.threads.delete(str(thread_id))

    def delete_for_runs(self, run_ids: Sequence[str]) -> None:
        """Delete the checkpoints of these runs, with their writes, in all threads. Since 0.1.

        Raises:
            TypeError: `run_ids` is one str.
        """
        self.engine.checkpoints.delete_for_runs(_each("run_ids", run_ids))

    def copy_thread(self, source_thread_id: str, target_thread_id: str) -> None:
        """Copy a thread into a new one; nothing happens if there is no source. Since 0.1.

        Raises:
            AlreadyExistsError: the target exists.
        """
        try:
            self.engine.threads.copy(str(source_thread_id), str(target_thread_id))
        except NotFoundError:
            return

    def prune(self, thread_ids: Sequence[str], *, strategy: str = "keep_latest") -> None:
        """Prune threads; those that do not exist are skipped. Since 0.1.

        Args:
            thread_ids: the threads.
            strategy: "keep_latest" keeps the newest checkpoint of each namespace with its writes,
                and the ancestors that its delta channels need; "delete" and "delete_all" delete.

        Raises:
            TypeError: `thread_ids` is one str.
            ValueError: the strategy is unknown.
        """
        chosen = _STRATEGIES.get(strategy)
        if chosen is None:
            raise ValueError(f"strategy must be one of {sorted(_STRATEGIES)}, not {strategy!r}")
        self.engine.threads.prune(_each("thread_ids", thread_ids), chosen)

    def get_delta_channel_history(
        self, *, config: RunnableConfig, channels: Sequence[str]
    ) -> Mapping[str, DeltaChannelHistory]:
        """Seed and writes of channels that are stored as writes, in one call. Since 0.1.

        Args:
            config: the target checkpoint; its own writes are not included.
            channels: the channels to walk for.
        """
        names = list(dict.fromkeys(channels))
        if not names:
            return {}
        found = _wire.history(self._handle, _question(config), [name.encode() for name in names])
        serde = self.serde
        return {
            name: decode_history(serde, entry) for name, entry in zip(names, found, strict=True)
        }

    def get_next_version(self, current: str | None, channel: None) -> str:
        """The version after this one, in the format of LangGraph's savers. Since 0.1.

        The random tail tells apart two branches that grow from one checkpoint.

        Args:
            current: the version so far; None, a str of this format, or an int.
            channel: not used.
        """
        if current is None:
            number = 0
        elif isinstance(current, int):
            number = current
        else:
            number = int(current.split(".")[0])
        return f"{number + 1:032}.{random.random():016}"

    def _listing(
        self,
        config: RunnableConfig | None,
        filter: dict[str, Any] | None,
        before: RunnableConfig | None,
        limit: int | None,
    ) -> Listing:
        where = config.get("configurable", {}) if config else {}
        checkpoint_ns = where.get("checkpoint_ns")
        before_id = (before or {}).get("configurable", {}).get("checkpoint_id")
        return Listing(
            self._handle,
            thread_id=str(where["thread_id"]).encode() if config else None,
            checkpoint_ns=None if checkpoint_ns is None else checkpoint_ns.encode(),
            checkpoint_id=str(where.get("checkpoint_id") or "").encode(),
            before_id=str(before_id or "").encode(),
            filter_json=encode_json("filter", filter) if filter else b"",
            limit=limit,
        )

    def _tuples(self, listing: Listing) -> Sequence[CheckpointTuple]:
        decoder = Decoder(self.serde)
        return [decoder.decode(stored) for stored in listing.next_page()]


def _question(config: RunnableConfig) -> _wire.Question:
    where = config.get("configurable", {})
    return _wire.query(
        0,
        str(where["thread_id"]).encode(),
        (where.get("checkpoint_ns") or "").encode(),
        str(where.get("checkpoint_id") or "").encode(),
    )


def _each(name: str, ids: Iterable[object]) -> Iterable[str]:
    if isinstance(ids, (str, bytes)):
        raise TypeError(f"{name} must be a sequence of ids, not a single {type(ids).__name__}")
    return map(str, ids)
