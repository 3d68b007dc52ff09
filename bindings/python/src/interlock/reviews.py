"""The reviews of a store: ask people, answer, wait for the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import _watch
from ._ask import UNSET, ask, ask_for_a_while, given
from ._moment import duration, moment, seconds
from ._offload import offload, twin
from ._text import texts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
    from typing import Any, Literal

    from ._handle import Handle
    from .cancel import Cancel
    from .documents import (
        Actor,
        Answered,
        Comment,
        Duration,
        Escalated,
        ExpiryAction,
        Explanation,
        History,
        Kind,
        Moment,
        Opened,
        Policy,
        Receipt,
        Review,
        ReviewPage,
        ReviewRequest,
        ReviewStatus,
        Seconds,
        Superseded,
        Via,
    )


class Reviews:
    """The reviews of an engine; get it as `engine.reviews`. Any thread. Since 0.1.

    A review is one question to people. It is pending until it is resolved, expired, cancelled or
    superseded; those four are final.

    Most methods name a review by its `id`, or by one of `review_key`, `interrupt`,
    `external_id` and `thread`: with the last two it is the one that is pending. None is
    `UnknownReviewError`, several are `AmbiguousReviewError`. An actor is a user id, or an `Actor`.

    Every method raises `ClosedError` after `close`, `ForkedError` in a forked child, and
    `BusyError`, `StoreIOError` or `CorruptError` if the store cannot serve it; those that change
    something also `ReadOnlyError` and `DiskFullError`. A request of the wrong shape is
    `InvalidArgumentError`, with the JSON pointer of the member in `path`; what JSON does not have
    is ValueError or TypeError. A refusal is a `ReviewError`: nothing was changed but the audit.
    """

    __slots__ = ("_handle",)

    def __init__(self, handle: Handle) -> None:
        """Not for callers: use `engine.reviews`."""
        self._handle = handle

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

    def get(
        self,
        id: str | None = None,
        *,
        review_key: str | None = None,
        interrupt: str | None = None,
        external_id: str | None = None,
        thread: str | None = None,
    ) -> Review:
        """A review as it is now. Since 0.1.

        A deadline that has passed shows, whether or not anybody applied it.

        Args:
            id: the review; or one of the others.
            review_key: the key that it was opened with.
            interrupt: its interrupt.
            external_id: its id in another system: the pending one, else the newest.
            thread: its thread: the pending one.

        Raises:
            UnknownReviewError: there is none.
            AmbiguousReviewError: several fit.
        """
        request = given(_selector(id, review_key, interrupt, external_id, thread))
        found: Review = ask(self._handle, "interlock_review_get", request)
        return found

    def page(
        self,
        *,
        status: ReviewStatus | None = None,
        kind: Kind | None = None,
        channel: str | None = None,
        thread: str | None = None,
        assignee: str | Actor | None = None,
        due_before: Moment | None = None,
        order: Literal["newest", "oldest"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> ReviewPage:
        """Some reviews, newest first. Since 0.1.

        Args:
            status: only those in this status.
            kind: only those of this kind.
            channel: only those of this channel.
            thread: only those of this thread.
            assignee: only those that ask this one.
            due_before: only those whose `next_at` is before it, the most urgent first.
            order: "oldest" turns the order round.
            limit: 1 to 1000; None is 50.
            cursor: `next` of the page before, with the same other arguments.
        """
        members = {
            "status": status,
            "kind": kind,
            "channel": channel,
            "thread": thread,
            "assignee": assignee,
            "due_before": None if due_before is None else moment("due_before", due_before),
            "order": order,
            "limit": limit,
            "cursor": cursor,
        }
        page: ReviewPage = ask(self._handle, "interlock_review_list", given(members))
        return page

    def list(
        self,
        *,
        status: ReviewStatus | None = None,
        kind: Kind | None = None,
        channel: str | None = None,
        thread: str | None = None,
        assignee: str | Actor | None = None,
        due_before: Moment | None = None,
        order: Literal["newest", "oldest"] | None = None,
        page_size: int | None = None,
    ) -> Iterator[Review]:
        """All matching reviews, newest first. Since 0.1.

        They are read a page at a time, and nothing is held between pages: any other call may be
        made while iterating.

        Args:
            status: this and the others as for `page`.
            kind: see `page`.
            channel: see `page`.
            thread: see `page`.
            assignee: see `page`.
            due_before: see `page`.
            order: see `page`.
            page_size: reviews per page, 1 to 1000; None is 50.
        """
        cursor: str | None = None
        while True:
            page = self.page(
                status=status,
                kind=kind,
                channel=channel,
                thread=thread,
                assignee=assignee,
                due_before=due_before,
                order=order,
                limit=page_size,
                cursor=cursor,
            )
            yield from page["reviews"]
            cursor = page["next"]
            if cursor is None:
                return

    def respond(
        self,
        id: str | None = None,
        *,
        actor: str | Actor | None = None,
        token: str | None = None,
        response: Any = UNSET,
        outcome: str | None = None,
        stage: str | None = None,
        revision: int | None = None,
        key: str | None = None,
        comment: str | None = None,
        via: Via | None = None,
        review_key: str | None = None,
        interrupt: str | None = None,
        external_id: str | None = None,
        thread: str | None = None,
    ) -> Answered:
        """Answer a review. Since 0.1.

        When it returns, the decision survives kill -9 and power loss, whatever the durability. An
        equal answer of the same actor gets the first decision again and changes nothing. A refusal
        is on record in the audit.

        Args:
            id: the review; or one of the last four, see `get`.
            actor: who answers.
            token: instead of an actor: one that `tokens.issue` made. It names the review too, so
                the review may be left out. The answer that counts uses it up; a refused one does
                not; the same answer with it again gets the first decision.
            response: what the kind asks for; None is an answer too, JSON null.
            outcome: instead of a response, for kinds "approval" and "actions": "approved",
                "rejected", "expired", "timeout" or an alias of theirs.
            stage: answer this stage or none; None is the open one.
            revision: answer the review as it was seen, or not at all.
            key: an idempotency key of this answer.
            comment: a remark; with an outcome, the message of the rejection.
            via: how the answer came.
            review_key: see `get`.
            interrupt: see `get`.
            external_id: see `get`.
            thread: see `get`.

        Raises:
            InvalidResponseError: it does not fit the question; `problems` say why.
            InvalidOutcomeError: the word is unknown or does not fit.
            AlreadyResolvedError: another answer came before; so are `ExpiredError`,
                `ReviewCancelledError` and `SupersededError` (with `successor`).
            NotAuthorizedError: not an approver of the open stage.
            WrongStageError: the stage is not open.
            AlreadyVotedError: the actor answered otherwise before.
            SelfApprovalError: the requester must not decide.
            ConflictError: somebody else has claimed it, or it has another revision.
            IdempotencyMismatchError: the key came with another answer before.
            UnknownReviewError: there is none; or several, `AmbiguousReviewError`.
            TokenInvalidError: the token is none of this store; so are `TokenUsedError` and
                `TokenExpiredError`.
        """
        members = {
            **_selector(id, review_key, interrupt, external_id, thread),
            "actor": actor,
            "token": token,
            "outcome": outcome,
            "stage": stage,
            "revision": revision,
            "key": key,
            "comment": comment,
            "via": via,
        }
        request = given(members)
        if response is not UNSET:
            request["response"] = response
        answered: Answered = ask(self._handle, "interlock_review_respond", request)
        return answered

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
        selector = _selector(id, review_key, interrupt, external_id, thread)
        return self._change("cancel", {**selector, "actor": actor, "reason": reason})

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
            successor: the members that `open` takes. Its key and interrupt must be new, or those
                of the old review.
            actor: who does it.
            review_key: see `get`.
            interrupt: see `get`.
            external_id: see `get`.
            thread: see `get`.

        Raises:
            ReviewError: as `open` and `respond`.
        """
        members = {
            **_selector(id, review_key, interrupt, external_id, thread),
            "actor": actor,
            "successor": in_milliseconds(dict(successor)),
        }
        done: Superseded = ask(self._handle, "interlock_review_supersede", given(members))
        return done

    def claim(
        self,
        id: str | None = None,
        *,
        actor: str | Actor,
        review_key: str | None = None,
        interrupt: str | None = None,
        external_id: str | None = None,
        thread: str | None = None,
    ) -> Review:
        """Take a review: until it is released nobody else can answer it. Since 0.1.

        For stages that one answer decides.

        Args:
            id: the review; or one of the last four, see `get`.
            actor: an approver of the open stage.
            review_key: see `get`.
            interrupt: see `get`.
            external_id: see `get`.
            thread: see `get`.

        Raises:
            ConflictError: somebody else has claimed it, or the stage takes several answers.
            ReviewError: as `respond`.
        """
        selector = _selector(id, review_key, interrupt, external_id, thread)
        return self._change("claim", {**selector, "actor": actor})

    def release(
        self,
        id: str | None = None,
        *,
        actor: str | Actor,
        review_key: str | None = None,
        interrupt: str | None = None,
        external_id: str | None = None,
        thread: str | None = None,
    ) -> Review:
        """Give a claimed review back. Since 0.1.

        Args:
            id: the review; or one of the last four, see `get`.
            actor: who has claimed it.
            review_key: see `get`.
            interrupt: see `get`.
            external_id: see `get`.
            thread: see `get`.

        Raises:
            ConflictError: nobody has claimed it.
            NotAuthorizedError: somebody else has.
            ReviewError: as `respond`.
        """
        selector = _selector(id, review_key, interrupt, external_id, thread)
        return self._change("release", {**selector, "actor": actor})

    def reassign(
        self,
        id: str | None = None,
        *,
        assignee: str | Actor | None,
        actor: str | Actor | None = None,
        review_key: str | None = None,
        interrupt: str | None = None,
        external_id: str | None = None,
        thread: str | None = None,
    ) -> Review:
        """Ask somebody else, and end a claim. Since 0.1.

        Args:
            id: the review; or one of the last four, see `get`.
            assignee: an approver of the open stage; None asks nobody in particular.
            actor: who does it.
            review_key: see `get`.
            interrupt: see `get`.
            external_id: see `get`.
            thread: see `get`.

        Raises:
            NotAuthorizedError: the assignee is no approver of the open stage.
            ReviewError: as `respond`.
        """
        request = given(
            {**_selector(id, review_key, interrupt, external_id, thread), "actor": actor}
        )
        request["assignee"] = assignee
        return self._change("reassign", request, all_given=True)

    def comment(
        self,
        id: str | None = None,
        *,
        actor: str | Actor,
        text: str,
        review_key: str | None = None,
        interrupt: str | None = None,
        external_id: str | None = None,
        thread: str | None = None,
    ) -> Comment:
        """Put a remark beside a review, in whatever state it is. It decides nothing. Since 0.1.

        Args:
            id: the review; or one of the last four, see `get`.
            actor: whose remark it is.
            text: the remark, 1 to 65536 bytes of UTF-8.
            review_key: see `get`.
            interrupt: see `get`.
            external_id: see `get`.
            thread: see `get`.
        """
        selector = _selector(id, review_key, interrupt, external_id, thread)
        request = given({**selector, "actor": actor, "text": text})
        remark: Comment = ask(self._handle, "interlock_review_comment", request)
        return remark

    def history(
        self,
        id: str | None = None,
        *,
        review_key: str | None = None,
        interrupt: str | None = None,
        external_id: str | None = None,
        thread: str | None = None,
    ) -> History:
        """What was decided and said, oldest first: the newest 1000 of each. Since 0.1.

        Args:
            id: the review; or one of the others, see `get`.
            review_key: see `get`.
            interrupt: see `get`.
            external_id: see `get`.
            thread: see `get`.
        """
        request = given(_selector(id, review_key, interrupt, external_id, thread))
        found: History = ask(self._handle, "interlock_review_history", request)
        return found

    def escalate(
        self,
        id: str | None = None,
        *,
        actor: str | Actor | None = None,
        confidence: float | None = None,
        error: bool | None = None,
        sensitive: bool | None = None,
        review_key: str | None = None,
        interrupt: str | None = None,
        external_id: str | None = None,
        thread: str | None = None,
    ) -> Escalated:
        """Go up the ladder, if there is reason to. Since 0.1.

        Args:
            id: the review; or one of the last four, see `get`.
            actor: somebody of the open stage says so; or the next three.
            confidence: 0 to 1, how sure the work of the open stage is.
            error: whether it failed.
            sensitive: whether it touches something sensitive.
            review_key: see `get`.
            interrupt: see `get`.
            external_id: see `get`.
            thread: see `get`.

        Raises:
            ReviewError: as `respond`.
        """
        members = {
            **_selector(id, review_key, interrupt, external_id, thread),
            "actor": actor,
            "confidence": confidence,
            "error": error,
            "sensitive": sensitive,
        }
        done: Escalated = ask(self._handle, "interlock_review_escalate", given(members))
        return done

    def explain(
        self,
        id: str | None = None,
        *,
        actor: str | Actor | None = None,
        response: Any = UNSET,
        stage: str | None = None,
        review_key: str | None = None,
        interrupt: str | None = None,
        external_id: str | None = None,
        thread: str | None = None,
    ) -> Explanation:
        """Why a review is where it is, from the function that decides. Since 0.1.

        Args:
            id: the review; or one of the last four, see `get`.
            actor: also say whether this one may answer now.
            response: also say what this answer of the actor would do; None is JSON null.
            stage: the stage it would answer.
            review_key: see `get`.
            interrupt: see `get`.
            external_id: see `get`.
            thread: see `get`.
        """
        selector = _selector(id, review_key, interrupt, external_id, thread)
        request = given({**selector, "actor": actor, "stage": stage})
        if response is not UNSET:
            request["response"] = response
        why: Explanation = ask(self._handle, "interlock_review_explain", request)
        return why

    def receipt(
        self,
        id: str | None = None,
        *,
        review_key: str | None = None,
        interrupt: str | None = None,
        external_id: str | None = None,
        thread: str | None = None,
    ) -> Receipt:
        """A signed statement of how a review ended. Since 0.1.

        `interlock.verify_receipt` verifies it without the store.

        Args:
            id: the review; or one of the others, see `get`.
            review_key: see `get`.
            interrupt: see `get`.
            external_id: see `get`.
            thread: see `get`.

        Raises:
            ConflictError: the review is pending.
        """
        request = given(_selector(id, review_key, interrupt, external_id, thread))
        signed: Receipt = ask(self._handle, "interlock_review_receipt", request)
        return signed

    def wait(
        self, id: str, *, timeout: Seconds | None = None, cancel: Cancel | None = None
    ) -> Review:
        """Wait until a review is final. Since 0.1.

        An answer that came before counts, and one that comes after a timeout is not lost: `get`
        or the next wait returns it. A deadline that passes meanwhile is applied. Ctrl-C works.

        Args:
            id: the review.
            timeout: seconds or a timedelta; 0 only looks, None waits for as long as it takes.
            cancel: ends the wait from another thread.

        Raises:
            WaitTimeoutError: a TimeoutError: the timeout has passed; the review is unchanged.
            WaitCancelledError: the wait was ended through `cancel`.
            ClosedError: the engine was closed, also meanwhile.
            UnknownReviewError: there is no such review.
        """
        return self.wait_any([id], timeout=timeout, cancel=cancel)

    def wait_any(
        self,
        ids: Iterable[str],
        *,
        timeout: Seconds | None = None,
        cancel: Cancel | None = None,
    ) -> Review:
        """Wait until one of several reviews is final; the first of them that is. Since 0.1.

        Args:
            ids: 1 to 65536 reviews.
            timeout: this and the next as for `wait`.
            cancel: see `wait`.

        Raises:
            InterlockError: as `wait`.
        """
        names = _names(ids)
        ended: Review = ask_for_a_while(
            self._handle,
            "interlock_review_wait",
            {"ids": names},
            seconds("timeout", timeout),
            None if cancel is None else cancel.token,
        )
        return ended

    aopen = twin(open)
    aget = twin(get)
    apage = twin(page)
    arespond = twin(respond)
    acancel = twin(cancel)
    asupersede = twin(supersede)
    aclaim = twin(claim)
    arelease = twin(release)
    areassign = twin(reassign)
    acomment = twin(comment)
    ahistory = twin(history)
    aescalate = twin(escalate)
    aexplain = twin(explain)
    areceipt = twin(receipt)

    async def alist(
        self,
        *,
        status: ReviewStatus | None = None,
        kind: Kind | None = None,
        channel: str | None = None,
        thread: str | None = None,
        assignee: str | Actor | None = None,
        due_before: Moment | None = None,
        order: Literal["newest", "oldest"] | None = None,
        page_size: int | None = None,
    ) -> AsyncIterator[Review]:
        """`list` beside an event loop. Since 0.1."""
        cursor: str | None = None
        while True:
            page = await offload(
                self.page,
                status=status,
                kind=kind,
                channel=channel,
                thread=thread,
                assignee=assignee,
                due_before=due_before,
                order=order,
                limit=page_size,
                cursor=cursor,
            )
            for review in page["reviews"]:
                yield review
            cursor = page["next"]
            if cursor is None:
                return

    async def await_(self, id: str, *, timeout: Seconds | None = None) -> Review:
        """`wait` in an event loop, without a thread: thousands may wait at once. Since 0.1.

        (`await` is a word of the language, hence the name.) Cancelling the task ends the wait.
        """
        return await self.await_any([id], timeout=timeout)

    async def await_any(self, ids: Iterable[str], *, timeout: Seconds | None = None) -> Review:
        """`wait_any` in an event loop, without a thread. Since 0.1."""
        names = _names(ids)
        patience = seconds("timeout", timeout)
        if not names:
            return await offload(self.wait_any, names, timeout=0)  # the core says what is wrong
        return await _watch.ended(self._handle, names, patience)

    def _change(self, verb: str, members: Mapping[str, Any], *, all_given: bool = False) -> Review:
        request = members if all_given else given(members)
        review: Review = ask(self._handle, f"interlock_review_{verb}", request)
        return review


def _names(ids: Iterable[str]) -> list[str]:
    names = [*ids] if not isinstance(ids, (str, bytes)) else ids
    texts("ids", names)
    return names  # type: ignore[return-value]  # checked by texts


def _selector(
    id: str | None,
    review_key: str | None,
    interrupt: str | None,
    external_id: str | None,
    thread: str | None,
) -> dict[str, Any]:
    return {
        "id": id,
        "review_key": review_key,
        "interrupt": interrupt,
        "external_id": external_id,
        "thread": thread,
    }


def in_milliseconds(request: dict[str, Any]) -> dict[str, Any]:
    """A request to open a review, with its times as the core counts them."""
    if "deadline" in request:
        request["deadline"] = moment("deadline", request["deadline"])
    if "expires_in" in request:
        request["expires_in"] = duration("expires_in", request["expires_in"])
    if "reminders" in request:
        request["reminders"] = [duration("reminders", before) for before in request["reminders"]]
    return request
