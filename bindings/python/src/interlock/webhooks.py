"""Webhooks as data, in the Standard Webhooks form: the host sends and receives."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, TypedDict

from ._ask import UNSET, ask, given
from ._offload import twin

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from ._handle import Handle


class VerifiedWebhook(TypedDict):
    """A webhook that was signed by somebody who has a secret. Since 0.1.

    Attributes:
        id: the same for every attempt at one delivery: give it to `receive`.
        timestamp: when it was sent, in seconds.
    """

    id: str
    timestamp: int


class ReceivedWebhook(TypedDict):
    """What is kept of a delivery. Since 0.1.

    Attributes:
        replayed: whether it came before.
        result: the first result, or None.
        received_at: when that was kept, or None.
    """

    replayed: bool
    result: Any
    received_at: int | None


class Webhooks:
    """Webhooks of an engine; get it as `engine.webhooks`. Any thread. Since 0.1.

    No connection is opened: send the headers with the body, and hand in what came. A secret is
    "whsec_" and the base64 of 24 to 64 bytes; only that of an endpoint is stored. Every method
    raises `ClosedError` after `close` and `ForkedError` in a forked child; `receive` also what a
    store can raise.
    """

    __slots__ = ("_handle",)

    def __init__(self, handle: Handle) -> None:
        """Not for callers: use `engine.webhooks`."""
        self._handle = handle

    def sign(
        self,
        body: bytes | str,
        *,
        secrets: Sequence[str],
        id: str | None = None,
        timestamp: int | None = None,
    ) -> dict[str, str]:
        """The headers that go with a body. Since 0.1.

        Args:
            body: exactly as it will be sent.
            secrets: one signature is made with each.
            id: the same for every attempt at one delivery; None is a new one.
            timestamp: seconds; None is now.
        """
        request = given({"secrets": list(secrets), "id": id, "timestamp": timestamp, **_body(body)})
        headers: dict[str, str] = ask(self._handle, "interlock_webhook_sign", request)["headers"]
        return headers

    def verify(
        self,
        body: bytes | str,
        headers: Mapping[str, str],
        *,
        secrets: Sequence[str],
        tolerance_ms: int | None = None,
    ) -> VerifiedWebhook:
        """Verify what was received. Since 0.1.

        Args:
            body: exactly as it came.
            headers: names in any case; others may be among them.
            secrets: one of them must have signed it.
            tolerance_ms: how far its time may be from now; None is five minutes.

        Raises:
            SignatureInvalidError: another secret, or something was changed.
            TimestampStaleError: it is signed, and too old or too far in the future.
            InvalidArgumentError: a header is missing or malformed: `path`.
        """
        members = {
            "secrets": list(secrets),
            "headers": dict(headers),
            "tolerance_ms": tolerance_ms,
            **_body(body),
        }
        verified: VerifiedWebhook = ask(self._handle, "interlock_webhook_verify", given(members))
        return verified

    def receive(
        self, source: str, id: str, *, content: Any = UNSET, result: Any = UNSET
    ) -> ReceivedWebhook:
        """Keep what came of a delivery: when it comes again, it gets the first result. Since 0.1.

        Verify first, act second, and call this last: a delivery that was refused may come again.

        Args:
            source: who sends.
            id: of the delivery.
            content: when it was given both times, it must be equal.
            result: to keep, if nothing is kept yet; left out, this only looks.

        Raises:
            IdempotencyMismatchError: it came with another content before.
        """
        request: dict[str, Any] = {"source": source, "id": id}
        if content is not UNSET:
            request["content"] = content
        if result is not UNSET:
            request["result"] = result
        received: ReceivedWebhook = ask(self._handle, "interlock_webhook_receive", request)
        return received

    asign = twin(sign)
    averify = twin(verify)
    areceive = twin(receive)


def _body(body: bytes | str) -> dict[str, str]:
    if isinstance(body, str):
        return {"body": body}
    return {"body_base64": str(b64encode(body), "ascii")}
