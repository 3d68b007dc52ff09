"""The documents of answers: what was decided and said about a review, and why."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

from .actors import Actor, Approver
from .policies import ExpiryAction
from .reviews import Outcome, Review, ReviewStatus, Verdict

Via = Literal["api", "token", "webhook", "timer", "import"]


class ReviewProblem(TypedDict, total=False):
    """One thing that is wrong with a payload, a policy or a response. Since 0.1.

    Attributes:
        code: what sort, for example "missing", "not_an_option", "too_few".
        path: JSON pointer (RFC 6901) to it.
        message: one English line.
        expected: what would have been right, if that can be said.
        got: what came instead; never a secret.
    """

    code: str
    path: str
    message: str
    expected: Any
    got: Any


class Refusal(TypedDict, total=False):
    """Why an answer was or would be refused. Since 0.1.

    Attributes:
        code: the name of the status, for example "NOT_AUTHORIZED".
        message: one English line.
        problems: every problem at once.
        successor: the review that took the place of this one.
    """

    code: str
    message: str
    problems: list[ReviewProblem]
    successor: str


class Decision(TypedDict):
    """One person's answer to one stage of a review. Since 0.1.

    Attributes:
        id: its id.
        review: the review.
        stage: the stage it answers.
        actor: who answered.
        verdict: what it counts as, or None if it was refused before that was clear.
        response: the answer.
        comment: the remark that came with it, or None.
        via: how it came.
        key: its idempotency key, or None.
        at: when.
        accepted: whether it counts.
        refusal: why not, or None.
    """

    id: str
    review: str
    stage: str
    actor: Actor
    verdict: Verdict | None
    response: Any
    comment: str | None
    via: Via
    key: str | None
    at: int
    accepted: bool
    refusal: Refusal | None


class Answered(TypedDict):
    """What `respond` did. Since 0.1.

    Attributes:
        decision: the decision on record.
        replayed: the same answer came before: this is its first result, nothing was changed.
        review: the review after it.
    """

    decision: Decision
    replayed: bool
    review: Review


class Comment(TypedDict):
    """A remark beside a review. Since 0.1."""

    review: str
    actor: Actor
    text: str
    at: int


class History(TypedDict):
    """What was decided and said about a review, oldest first. Since 0.1.

    Attributes:
        review: the id of the review.
        decisions: the newest 1000, refused ones too.
        comments: the newest 1000.
    """

    review: str
    decisions: list[Decision]
    comments: list[Comment]


class Next(TypedDict):
    """What time does next. Since 0.1."""

    at: int
    what: Literal["reminder"] | ExpiryAction


class Forecast(TypedDict):
    """What an answer would do now. Since 0.1.

    Attributes:
        accepted: whether it would count.
        action: what it would do, in a word.
        refusal: why it would not count, or None.
    """

    accepted: bool
    action: str
    refusal: Refusal | None


class Explanation(TypedDict):
    """Why a review is where it is. Since 0.1.

    Attributes:
        review: the id of the review.
        status: its status.
        outcome: its outcome, or None.
        why: one English line.
        stage: the open stage, or None.
        have: how many equal answers there are.
        needed: how many there must be.
        approvers: who may answer.
        voted: who has answered.
        next: what time does next, or None.
        answer: what the given answer would do, or None.
    """

    review: str
    status: ReviewStatus
    outcome: Outcome | None
    why: str
    stage: str | None
    have: int
    needed: int
    approvers: list[Approver | Literal["anyone"]]
    voted: list[Actor]
    next: Next | None
    answer: Forecast | None
