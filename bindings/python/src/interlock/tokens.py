"""Approval links and tickets: who may answer or listen without an account."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from ._ask import ask, given
from ._offload import twin

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    from ._handle import Handle
    from .documents import Actor, Verdict


class IssuedToken(TypedDict):
    """A token, the only time that it is seen. Since 0.1.

    Attributes:
        token: what goes into the link. Whoever has it can use it: never log it.
        id: what revokes it.
        expires_at: when it is worth nothing any more.
    """

    token: str
    id: str
    expires_at: int


class TokenClaims(TypedDict):
    """What a token is good for. Since 0.1.

    Attributes:
        id: its id.
        purpose: to decide, or to subscribe.
        actor: who holds it.
        review: the review, or None.
        stage: the stage that it answers, or None.
        verdicts: what it may say, or None for anything.
        channel: the channel, or None.
        expires_at: when it expires.
        single_use: whether it is used up.
        status: whether it still is good.
    """

    id: str
    purpose: Literal["decide", "subscribe"]
    actor: Actor
    review: str | None
    stage: str | None
    verdicts: list[Verdict] | None
    channel: str | None
    expires_at: int
    single_use: bool
    status: Literal["issued", "used", "revoked", "expired"]


class RevokedToken(TypedDict):
    """A token that is worth nothing any more. Since 0.1.

    Attributes:
        id: its id.
        status: "revoked".
    """

    id: str
    status: Literal["revoked"]


class TokenKey(TypedDict):
    """A key that verifies tokens, without its secret. Since 0.1.

    Attributes:
        id: its id.
        until: when it is forgotten; None for the one that signs.
    """

    id: str
    until: int | None


class Tokens:
    """The tokens of an engine; get it as `engine.tokens`. Any thread. Since 0.1.

    A token is signed, bound to what it is for, expires, and is for single use. The store keeps no
    token. Every method raises `ClosedError` after `close`, `ForkedError` in a forked child, and
    `BusyError`, `StoreIOError` or `CorruptError` if the store cannot serve it; all but `inspect`
    also `ReadOnlyError` and `DiskFullError`.
    """

    __slots__ = ("_handle",)

    def __init__(self, handle: Handle) -> None:
        """Not for callers: use `engine.tokens`."""
        self._handle = handle

    def issue(
        self,
        purpose: Literal["decide", "subscribe"],
        *,
        actor: str | Actor,
        expires_in: int,
        review: str | None = None,
        stage: str | None = None,
        verdicts: Sequence[Verdict] | None = None,
        channel: str | None = None,
        single_use: bool = True,
    ) -> IssuedToken:
        """Make a token. Since 0.1.

        Args:
            purpose: "decide" for a link that answers, to be given to `reviews.respond`;
                "subscribe" for a ticket, to be given to `redeem`.
            actor: who will hold it. Its roles are vouched for as the token is made.
            expires_in: milliseconds.
            review: the review; to decide, it is required.
            stage: to decide: the stage that it answers; None is the one that is open now.
            verdicts: to decide: what it may say; None is anything.
            channel: to subscribe: the channel.
            single_use: whether it is used up.

        Raises:
            UnknownReviewError: there is no such review.
            AlreadyResolvedError: it has ended; so are `ExpiredError`, `ReviewCancelledError` and
                `SupersededError`.
            WrongStageError: it has no such stage.
            NotAuthorizedError: the stage takes no answer from the actor.
        """
        request = given(
            {
                "purpose": purpose,
                "actor": actor,
                "expires_in": expires_in,
                "review": review,
                "stage": stage,
                "verdicts": None if verdicts is None else list(verdicts),
                "channel": channel,
                "single_use": single_use,
            }
        )
        issued: IssuedToken = ask(self._handle, "interlock_token_issue", request)
        return issued

    def inspect(self, token: str) -> TokenClaims:
        """What a token is good for, and whether it still is. Since 0.1.

        Nothing is used up: a page may show the question before anybody answers.

        Args:
            token: the token.

        Raises:
            TokenInvalidError: it is none of this store.
        """
        claims: TokenClaims = ask(self._handle, "interlock_token_inspect", {"token": token})
        return claims

    def redeem(self, token: str) -> TokenClaims:
        """Take a ticket: of any number who bring one for single use, one is let in. Since 0.1.

        Args:
            token: one for purpose "subscribe".

        Raises:
            TokenInvalidError: it is none, or for another purpose.
            TokenUsedError: somebody was let in with it.
            TokenExpiredError: it came too late.
        """
        claims: TokenClaims = ask(self._handle, "interlock_token_redeem", {"token": token})
        return claims

    def revoke(
        self,
        id: str | None = None,
        *,
        token: str | None = None,
        actor: str | Actor | None = None,
    ) -> RevokedToken:
        """Make a token worthless. Since 0.1.

        Args:
            id: its id; or the token itself.
            token: the token.
            actor: who revokes it, for the audit.

        Raises:
            TokenInvalidError: there is none.
            TokenUsedError: it was used.
        """
        request = given({"id": id, "token": token, "actor": actor})
        revoked: RevokedToken = ask(self._handle, "interlock_token_revoke", request)
        return revoked

    def rotate(self, *, actor: str | Actor | None = None) -> list[TokenKey]:
        """Sign with a new key from now on; tokens that are out stay good. Since 0.1.

        Args:
            actor: who rotates, for the audit.

        Returns:
            The keys that verify, the one that signs first.
        """
        keys: list[TokenKey] = ask(self._handle, "interlock_token_rotate", given({"actor": actor}))[
            "keys"
        ]
        return keys

    aissue = twin(issue)
    ainspect = twin(inspect)
    aredeem = twin(redeem)
    arevoke = twin(revoke)
    arotate = twin(rotate)
