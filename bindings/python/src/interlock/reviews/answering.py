"""Answers reviews, and what people do before they answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._ask import UNSET, ask, given
from .._offload import twin
from .requests import selector

if TYPE_CHECKING:
    from typing import Any

    from .._handle import Handle
    from ..documents import Actor, Answered, Comment, Escalated, Review, Via


class Answering:
    """The part of `Reviews` that answers, takes, passes on, and remarks."""

    __slots__ = ()

    _handle: Handle

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
            **selector(id, review_key, interrupt, external_id, thread),
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
        request = given(
            {**selector(id, review_key, interrupt, external_id, thread), "actor": actor}
        )
        review: Review = ask(self._handle, "interlock_review_claim", request)
        return review

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
        request = given(
            {**selector(id, review_key, interrupt, external_id, thread), "actor": actor}
        )
        review: Review = ask(self._handle, "interlock_review_release", request)
        return review

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
            {**selector(id, review_key, interrupt, external_id, thread), "actor": actor}
        )
        request["assignee"] = assignee
        review: Review = ask(self._handle, "interlock_review_reassign", request)
        return review

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
        members = {
            **selector(id, review_key, interrupt, external_id, thread),
            "actor": actor,
            "text": text,
        }
        remark: Comment = ask(self._handle, "interlock_review_comment", given(members))
        return remark

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
            **selector(id, review_key, interrupt, external_id, thread),
            "actor": actor,
            "confidence": confidence,
            "error": error,
            "sensitive": sensitive,
        }
        done: Escalated = ask(self._handle, "interlock_review_escalate", given(members))
        return done

    arespond = twin(respond)
    aclaim = twin(claim)
    arelease = twin(release)
    areassign = twin(reassign)
    acomment = twin(comment)
    aescalate = twin(escalate)
