"""The documents of runs: work that pauses, what it waits for, what came of it."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

from .reviews import Outcome, ReviewStatus

RunStatus = Literal["idle", "busy", "interrupted", "error"]
InterruptStatus = Literal["pending", "resumed", "cancelled"]


class RunOutcome(TypedDict, total=False):
    """What a run has come to. Since 0.1.

    Attributes:
        type: how it ended.
        result: of a run that completed.
        error: of a run that failed.
        reason: why it was cancelled, or None.
    """

    type: Literal["completed", "failed", "cancelled"]
    result: Any
    error: Any
    reason: str | None


class RunState(TypedDict):
    """The work of a thread. Since 0.1.

    Attributes:
        thread: the thread.
        status: where it stands.
        run: the run that is under way, or was last.
        fence: counts the leases of this thread.
        worker: who has the lease, or None.
        lease_until: until when, or None.
        outcome: how the run ended, or None.
        parent: the run and step that it is a part of, or None.
        updated_at: when it changed last.
    """

    thread: str
    status: RunStatus
    run: str | None
    fence: int
    worker: str | None
    lease_until: int | None
    outcome: RunOutcome | None
    parent: str | None
    updated_at: int


class Interrupt(TypedDict):
    """A pause of a run, waiting for a value. Since 0.1.

    Attributes:
        id: its id.
        thread: its thread.
        run: its run.
        key: its key in the run.
        status: where it stands.
        request: the value or the review that the program asked with.
        review: the id of the review that decides about it, or None.
        value: the answer; None also while there is none.
        update: what the resume brought beside it, or None.
        created_at: when it was asked.
        resolved_at: when it was answered or cancelled, or None.
    """

    id: str
    thread: str
    run: str
    key: str
    status: InterruptStatus
    request: Any
    review: str | None
    value: Any
    update: dict[str, Any] | None
    created_at: int
    resolved_at: int | None


class RunDetails(RunState):
    """The work of a thread, and what it waits for. Since 0.1."""

    interrupts: list[Interrupt]


class Begun(TypedDict):
    """What `begin` did. Since 0.1.

    Attributes:
        thread: the thread.
        run: the run.
        fence: the number of the lease.
        action: whether it is a new run, one that goes on, or one of a worker that was lost.
        recorded: how much of the program is recorded.
        updates: what resumes brought, in the order of the questions.
    """

    thread: str
    run: str
    fence: int
    action: Literal["started", "resumed", "took_over"]
    recorded: int
    updates: list[dict[str, Any]]


class _Stated(TypedDict):
    state: Literal["answered", "waiting"]


class Asked(_Stated, total=False):
    """What became of a question of a run. Since 0.1.

    Attributes:
        state: whether there is an answer.
        value: the answer.
        interrupt: the id of the interrupt that waits.
        review: the id of the review that decides about it, or None.
    """

    value: Any
    interrupt: str
    review: str | None


class ReviewAnswer(TypedDict):
    """What a program gets for a question that a review decides. Since 0.1.

    Attributes:
        review: the id of the review.
        status: how it ended; so is outcome.
        outcome: see status.
        response: what was answered, or None.
    """

    review: str
    status: ReviewStatus
    outcome: Outcome | None
    response: Any


class Resumed(TypedDict):
    """What `resume` did. Since 0.1.

    Attributes:
        interrupt: the interrupt after it.
        replayed: the same value came before: nothing was changed.
    """

    interrupt: Interrupt
    replayed: bool


class RunPage(TypedDict):
    """Some runs. Since 0.1.

    Attributes:
        runs: the runs.
        next: the thread to pass as `after` for the next page, or None at the end.
    """

    runs: list[RunState]
    next: str | None


class InterruptPage(TypedDict):
    """Some interrupts. Since 0.1.

    Attributes:
        interrupts: those that wait, in the order of asking.
        next: the cursor of the next page, or None at the end.
    """

    interrupts: list[Interrupt]
    next: str | None
