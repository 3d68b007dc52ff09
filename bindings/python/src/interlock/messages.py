"""The messages of a store: what goes one way between agents and people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._ask import ask, given
from ._offload import offload, twin
from .reviews.requests import in_milliseconds

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
    from typing import Any

    from ._handle import Handle
    from .documents import Actor, ReviewRequest
    from .message_documents import Attachment, Level, Message, MessagePage, Sender


class Messages:
    """The messages of an engine; get it as `engine.messages`. Any thread. Since 0.1.

    A channel is a name of the host, 1 to 512 bytes of UTF-8; it exists as soon as something was
    posted to it. To wait for new messages use `engine.events` with the channel and the type
    "message.created". Every method raises `ClosedError` after `close`, `ForkedError` in a forked
    child, and `BusyError`, `StoreIOError` or `CorruptError` if the store cannot serve it.
    """

    __slots__ = ("_handle",)

    def __init__(self, handle: Handle) -> None:
        """Not for callers: use `engine.messages`."""
        self._handle = handle

    def post(
        self,
        channel: str,
        text: str | None = None,
        *,
        sender: Sender,
        actor: str | Actor | None = None,
        level: Level | None = None,
        client_key: str | None = None,
        review: ReviewRequest | Mapping[str, Any] | None = None,
        iteration_of: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        attachments: Sequence[Attachment | Mapping[str, Any]] | None = None,
    ) -> Message:
        """Post a message, and open the review that it carries. Since 0.1.

        It has at least one of text, level, review and attachments.

        Args:
            channel: where to.
            text: Markdown, at most 1 MiB; an empty one is none.
            sender: "agent", or "user" for a person.
            actor: who that is.
            level: what sort of news it is; None is "info".
            client_key: posts once in its channel: the same again gets the first message.
            review: a question, opened in the same transaction; its channel is that of the message
                and its external id the id of the message.
            iteration_of: the message that this is another try of; its review must have been
                resolved or expired, if it has one.
            metadata: for the host.
            attachments: at most 100.

        Raises:
            IdempotencyMismatchError: the key came with another message before.
            InvalidIterationError: no other try can follow that message.
            InvalidPayloadError: the review cannot be opened; so with the other errors of
                `Reviews.open`.
        """
        request = given(
            {
                "channel": channel,
                "text": text,
                "sender": sender,
                "actor": actor,
                "level": level,
                "client_key": client_key,
                "review": None if review is None else in_milliseconds(dict(review)),
                "iteration_of": iteration_of,
                "metadata": metadata,
                "attachments": None if attachments is None else [*attachments],
            }
        )
        posted: Message = ask(self._handle, "interlock_message_post", request)
        return posted

    def get(self, message: str) -> Message:
        """One message. Since 0.1.

        Args:
            message: its id.

        Raises:
            UnknownMessageError: there is no such message.
        """
        found: Message = ask(self._handle, "interlock_message_get", {"message": message})
        return found

    def page(
        self,
        channel: str,
        *,
        sender: Sender | None = None,
        after: int | None = None,
        limit: int | None = None,
    ) -> MessagePage:
        """Some messages of a channel, in the order of posting. Since 0.1.

        Args:
            channel: whose.
            sender: only those from this side.
            after: only those with a greater seq.
            limit: 1 to 1000; None is 50.
        """
        request = given({"channel": channel, "sender": sender, "after": after, "limit": limit})
        page: MessagePage = ask(self._handle, "interlock_message_list", request)
        return page

    def list(
        self,
        channel: str,
        *,
        sender: Sender | None = None,
        after: int | None = None,
        page_size: int | None = None,
    ) -> Iterator[Message]:
        """All messages of a channel, in the order of posting. Since 0.1.

        They are read a page at a time, and nothing is held between pages.

        Args:
            channel: whose.
            sender: only those from this side.
            after: only those with a greater seq.
            page_size: messages per page, 1 to 1000; None is 50.
        """
        while True:
            page = self.page(channel, sender=sender, after=after, limit=page_size)
            yield from page["messages"]
            after = page["next"]
            if after is None:
                return

    def ack(self, message: str, *, actor: str | Actor | None = None) -> Message:
        """Say that a reader has the message. Again changes nothing. Since 0.1.

        Args:
            message: its id.
            actor: which reader.

        Raises:
            UnknownMessageError: there is no such message.
        """
        request = given({"message": message, "actor": actor})
        acked: Message = ask(self._handle, "interlock_message_ack", request)
        return acked

    def delete(self, message: str, *, actor: str | Actor | None = None) -> Message:
        """Delete a message; a review that it carries is cancelled if it is pending. Since 0.1.

        Args:
            message: its id.
            actor: who wants it gone.

        Returns:
            The message as it was.

        Raises:
            InGroupError: it is one of several tries.
            UnknownMessageError: there is no such message.
        """
        request = given({"message": message, "actor": actor})
        deleted: Message = ask(self._handle, "interlock_message_delete", request)
        return deleted

    apost = twin(post)
    aget = twin(get)
    apage = twin(page)
    aack = twin(ack)
    adelete = twin(delete)

    async def alist(
        self,
        channel: str,
        *,
        sender: Sender | None = None,
        after: int | None = None,
        page_size: int | None = None,
    ) -> AsyncIterator[Message]:
        """`list` beside an event loop. Since 0.1."""
        while True:
            page = await offload(self.page, channel, sender=sender, after=after, limit=page_size)
            for message in page["messages"]:
                yield message
            after = page["next"]
            if after is None:
                return
