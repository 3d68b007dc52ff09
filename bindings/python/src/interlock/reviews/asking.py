"""Opens reviews, and ends those that nobody needs to answer any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._ask import ask, given
from .._offload import twin
from .requests import in_milliseconds, selector

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from .._handle import Handle
    from ..documents import (
        Actor,
        Duration,
        ExpiryAction,
        Kind,
        Moment,
        Opened,
        Policy,
        Review,
        ReviewRequest,
        Superseded,
    )


class Asking:
    """The part of `Reviews` that asks, asks something else, and retracts."""

    __slots__ = ()

    _handle: Handle

    def open(
        self,
        kind: Kind,
        payload: Mapping[str, Any],
        *,
        title: str | None = None,
        summary: str | None = None,
        details: Any = None,
        key: str | None = None,
        thread: str | None = None,
        channel: str | None = None,
        interrupt: str | Mapping[str, Any] | None = None,
        external_id: str | None = None,
        requester: str | Actor | None = None,
        assignee: str | Actor | None = None,
        policy: str | Policy | None = None,
        deadline: Moment | None = None,
        expires_in: Duration | None = None,
        on_expiry: ExpiryAction | None = None,
        reminders: Sequence[Duration] | None = None,
        group: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> Opened:
        """Ask, or find the review that was opened for the same key or interrupt. Since 0.1.

        Args:
            kind: what sort of question.
            payload: the question; each kind has its own.
            title: for people, at most 64 KiB; so is summary.
            summary: see title.
            details: anything that helps to decide.
            key: asking again with the same key finds this review.
            thread: the thread that asks.
            channel: the stream that people read.
            interrupt: id of the interrupt that waits for the answer, or an object with "id".
            external_id: its id in another system.
            requester: who asks.
            assignee: who is asked; being asked gives no right to answer.
            policy: who decides: a kept policy by name, or a policy. None: anyone.
            deadline: when the review ends: milliseconds since 1970, or an aware datetime.
            expires_in: the same counted from now: milliseconds, or a timedelta.
            on_expiry: what happens then. None: "reject" if there is an interrupt, else "expire".
            reminders: how long before the deadline, at most 16.
            group: reviews that belong together.
            metadata: a JSON object for the host.
            extra: members that begin with "x-", kept as they are.

        Raises:
            InvalidPayloadError: the question cannot be asked; `problems` say why.
            InvalidPolicyError: the policy cannot be kept; `problems` say why.
            InvalidDeadlineError: in the past, or beyond the year 9999.
            UnknownPolicyError: there is no policy of this name.
            IdempotencyMismatchError: the key came with another question before.
            ValueError: a datetime without time zone.
        """
        members = {
            "kind": kind,
            "payload": payload,
            "title": title,
            "summary": summary,
            "details": details,
            "key": key,
            "thread": thread,
            "channel": channel,
            "interrupt": interrupt,
            "external_id": external_id,
            "requester": requester,
            "assignee": assignee,
            "policy": policy,
            "deadline": deadline,
            "expires_in": expires_in,
            "on_expiry": on_expiry,
            "reminders": reminders,
            "group": group,
            "metadata": metadata,
        }
        request = in_milliseconds(given(members, extra))
        opened: Opened = ask(self._handle, "interlock_review_open", request)
        return opened

    def supersede(
        self,
        id: str | None = None,
        *,
        successor: ReviewRequest | Mapping[str, Any],
        actor: str | Actor | None = None,
        review_key: str | None = None,
        interrupt: str | None = None,
        external_id: str | None = None,
        thread: str | None = None,
    ) -> Superseded:
        """Open a review that takes the place of a pending one, at once. Since 0.1.

        Whoever answers the old one gets `SupersededError` with the id of the new one.

        Args:
            id: the old review; or one of the last four, see `get`.
            successor: the members that `open` takes. Its key must be new. Of an interrupt of a run
                or of a graph it decides in the place of the old review, whatever its `interrupt`
                and `thread` say; any other interrupt must be new, or that of the old review.
            actor: who does it.
            review_key: see `get`.
            interrupt: see `get`.
            external_id: see `get`.
            thread: see `get`.

        Raises:
            ReviewError: as `open` and `respond`.
        """
        members = {
            **selector(id, review_key, interrupt, external_id, thread),
            "actor": actor,
            "successor": in_milliseconds(dict(successor)),
        }
        done: Superseded = ask(self._handle, "interlock_review_supersede", given(members))
        return done

    def cancel(
        self,
        id: str | None = None,
        *,
        actor: str | Actor | None = None,
        reason: str | None = None,
        review_key: str | None = None,
        interrupt: str | None = None,
        external_id: str | None = None,
        thread: str | None = None,
    ) -> Review:
        """Retract a pending review. Since 0.1.

        Args:
            id: the review; or one of the last four, see `get`.
            actor: who retracts it.
            reason: why.
            review_key: see `get`.
            interrupt: see `get`.
            external_id: see `get`.
            thread: see `get`.

        Raises:
            ReviewError: it has ended already, there is none, or several fit.
        """
        members = {
            **selector(id, review_key, interrupt, external_id, thread),
            "actor": actor,
            "reason": reason,
        }
        review: Review = ask(self._handle, "interlock_review_cancel", given(members))
        return review

    aopen = twin(open)
    asupersede = twin(supersede)
    acancel = twin(cancel)
