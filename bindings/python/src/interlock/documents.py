"""The documents of reviews, runs and permits: what goes in and comes out as JSON.

They are plain dicts, typed for the reader and the type checker; the core checks them. Times are
milliseconds since 1970-01-01T00:00:00Z, durations are milliseconds, integers keep their digits.
A later release may add members to what comes out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timedelta
    from typing import TypeAlias

    Moment: TypeAlias = int | datetime
    """Milliseconds since 1970, or a datetime that knows its time zone."""
    Duration: TypeAlias = int | timedelta
    """Milliseconds, or a timedelta."""
    Seconds: TypeAlias = float | timedelta
    """How long a caller is willing to wait."""

Kind = Literal[
    "notify", "approval", "verify", "selection", "form", "text", "freeform", "actions", "rating"
]
ReviewStatus = Literal["pending", "resolved", "expired", "cancelled", "superseded"]
Outcome = Literal[
    "approved",
    "rejected",
    "edited",
    "answered",
    "dismissed",
    "acknowledged",
    "expired",
    "cancelled",
]
Verdict = Literal["approve", "edit", "reject", "answer", "dismiss"]
IdentityType = Literal["user_id", "email", "phone", "wallet", "agent", "system"]
Via = Literal["api", "token", "webhook", "timer", "import"]
EventType = Literal[
    "review.opened",
    "review.answered",
    "review.stage_opened",
    "review.resolved",
    "review.expired",
    "review.cancelled",
    "review.superseded",
    "review.escalated",
    "review.reminded",
    "review.claimed",
    "review.released",
    "review.reassigned",
    "review.commented",
    "run.started",
    "run.resumed",
    "run.taken_over",
    "run.asked",
    "run.answered",
    "run.interrupted",
    "run.completed",
    "run.failed",
    "run.cancelled",
    "message.created",
    "message.acked",
    "message.deleted",
]
AuditAction = Literal[
    "decision",
    "refusal",
    "expiry",
    "escalation",
    "cancellation",
    "supersession",
    "use",
    "report",
    "issue",
    "revocation",
    "rotation",
]
RunStatus = Literal["idle", "busy", "interrupted", "error"]
InterruptStatus = Literal["pending", "resumed", "cancelled"]
PermitStatus = Literal["issued", "consumed", "done", "failed", "unknown"]
Trigger = Literal["error", "sensitive", "confidence", "request", "deadline"]


class _Valued(TypedDict):
    value: str


class Actor(_Valued, total=False):
    """Who acts or is asked. Since 0.1.

    Attributes:
        value: the name, 1 to 512 bytes of UTF-8.
        type: what sort of name it is; "user_id" if it is left out.
        roles: roles that the host vouches for.
    """

    type: IdentityType
    roles: Sequence[str]


class Approver(TypedDict, total=False):
    """Who may answer a stage: an identity, or a role, or a type of identity. Since 0.1.

    Attributes:
        type: alone: every identity of this type; else that of the identity.
        value: the name of the identity.
        role: alone: everybody who has this role.
    """

    type: IdentityType
    value: str
    role: str


class ResumeWith(TypedDict):
    """On expiry, hand this value to whoever waits. Since 0.1."""

    resume_with: Any


ExpiryAction = Literal["expire", "reject", "approve", "escalate"] | ResumeWith
"""What happens when a deadline passes."""


class _Decided(TypedDict):
    approvers: Sequence[Approver | Literal["anyone"]]


class Stage(_Decided, total=False):
    """One step of a policy. Since 0.1.

    Attributes:
        approvers: who may answer, 1 to 256.
        name: its name; "stage 1", ... if it is left out.
        quorum: how many equal answers pass the stage; "any" is 1.
        veto: whether one rejection rejects the stage; True if it is left out.
        forbid_requester: who asks must not decide.
        distinct_from_earlier: who answered an earlier stage must not answer this one.
        deadline_in: milliseconds from the opening of the stage.
        on_expiry: what happens then; as the review says if it is left out.
        reminders: milliseconds before that deadline, at most 16.
    """

    name: str
    quorum: Literal["any", "all"] | int
    veto: bool
    forbid_requester: bool
    distinct_from_earlier: bool
    deadline_in: int
    on_expiry: ExpiryAction
    reminders: Sequence[int]


class Triggers(TypedDict, total=False):
    """What opens the next stage of a ladder. Since 0.1.

    Attributes:
        confidence_below: 0 to 1; 0.7 if it is left out.
        on_error: True if it is left out.
        on_sensitive: True if it is left out.
    """

    confidence_below: float
    on_error: bool
    on_sensitive: bool


class Policy(TypedDict, total=False):
    """Who must decide, how many, in which order, by when. Since 0.1.

    Attributes:
        name: 1 to 512 bytes of UTF-8; a policy without a name belongs to one review.
        version: counts from 1; only in what comes out.
        order: "chain": every stage must pass, one that rejects rejects the review; "ladder": the
            open stage decides, and a trigger opens the next.
        stages: 1 to 32; a ladder may leave them out.
        triggers: of a ladder.
    """

    name: str
    version: int
    order: Literal["chain", "ladder"]
    stages: Sequence[Stage]
    triggers: Triggers


class _Asked(TypedDict):
    kind: Kind
    payload: Mapping[str, Any]


class ReviewRequest(_Asked, total=False):
    """What `open` takes, as one dict: the successor in `supersede`. Since 0.1.

    The members are described at `Reviews.open`.
    """

    title: str
    summary: str
    details: Any
    key: str
    thread: str
    channel: str
    interrupt: str | Mapping[str, Any]
    external_id: str
    requester: str | Actor
    assignee: str | Actor
    policy: str | Policy
    deadline: Moment
    expires_in: Duration
    on_expiry: ExpiryAction
    reminders: Sequence[Duration]
    group: str
    metadata: Mapping[str, Any]


class Vote(TypedDict):
    """An answer as a stage counts it. Since 0.1."""

    decision: str
    actor: Actor
    verdict: Verdict
    at: int


class StageProgress(TypedDict):
    """How far a stage of a review has come. Since 0.1.

    Attributes:
        name: its name.
        status: where it stands.
        needed: how many equal answers pass it.
        opened_at: when it opened, or None.
        deadline: its own, or None.
        votes: the answers that were accepted.
    """

    name: str
    status: Literal["waiting", "open", "passed", "rejected", "expired", "escalated", "skipped"]
    needed: int
    opened_at: int | None
    deadline: int | None
    votes: list[Vote]


Escalation = TypedDict("Escalation", {"from": str, "to": str, "reason": Trigger, "at": int})
"""One step up a ladder."""


class _Open(TypedDict):
    id: str
    revision: int
    kind: Kind
    payload: dict[str, Any]
    status: ReviewStatus
    outcome: Outcome | None
    stage: str
    stages: list[StageProgress]
    response: Any
    successor: str | None
    assignee: Actor | None
    claimed_by: Actor | None
    escalations: list[Escalation]
    attempts: int
    created_at: int
    updated_at: int
    closed_at: int | None
    next_at: int | None
    reason: str | None
    policy: Policy


class Review(_Open, total=False):
    """One question to people. Since 0.1.

    Attributes:
        id: its id.
        revision: grows with every change.
        kind: what is asked.
        payload: the question.
        status: "pending", or one of the four final ones.
        outcome: how it ended; None while it is pending.
        stage: the name of the stage that is open, or was last.
        stages: how far each stage has come.
        response: what was answered; None until there is a result.
        successor: the review that took its place, or None.
        assignee: who was asked, or None.
        claimed_by: who has taken it, or None.
        escalations: the steps up the ladder.
        attempts: wrong phrases of kind "verify".
        created_at: when it was opened.
        updated_at: when it changed last.
        closed_at: when it ended, or None.
        next_at: when time changes it next, or None.
        reason: why it was cancelled, or None.
        policy: the whole policy, as it was when the review was opened.
        deadline: when the whole review ends, if it has a deadline.
        title: this and the rest as they were given to `open`, if they were.
    """

    deadline: int
    title: str
    summary: str
    details: Any
    key: str
    thread: str
    channel: str
    interrupt: str | dict[str, Any]
    external_id: str
    requester: str | Actor
    on_expiry: ExpiryAction
    reminders: list[int]
    group: str
    metadata: dict[str, Any]


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


class Opened(TypedDict):
    """What `open` did. Since 0.1.

    Attributes:
        created: False if the key or the interrupt was there before; then nothing was changed.
        review: the review.
    """

    created: bool
    review: Review


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


class Superseded(TypedDict):
    """What `supersede` did. Since 0.1.

    Attributes:
        review: the new one.
        superseded: the old one.
    """

    review: Review
    superseded: Review


class Escalated(TypedDict):
    """What `escalate` did. Since 0.1.

    Attributes:
        action: "escalated", or "at_top" or "stayed", which change nothing.
        review: the review after it.
    """

    action: Literal["escalated", "at_top", "stayed"]
    review: Review


class ReviewPage(TypedDict):
    """Some reviews. Since 0.1.

    Attributes:
        reviews: the reviews.
        next: the cursor of the next page, or None at the end.
    """

    reviews: list[Review]
    next: str | None


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


class ReceiptDecision(TypedDict):
    """A decision as a receipt states it. Since 0.1."""

    id: str
    stage: str
    actor: Actor
    verdict: Verdict
    at: int


class AuditHead(TypedDict):
    """The newest audit record: keep it elsewhere to notice that records were cut off. Since 0.1."""

    seq: int
    hash: str


class ReceiptStatement(TypedDict):
    """What a receipt says about the end of a review. Since 0.1.

    Attributes:
        version: 1.
        review: the id of the review.
        kind: what was asked.
        status: how it ended; so is outcome.
        outcome: see status.
        response_digest: SHA-256, in hex, of the canonical JSON of the response.
        payload_digest: the same of the payload.
        policy: the policy.
        decisions: who decided what, and when.
        opened_at: when the review was opened.
        closed_at: when it ended.
        audit: the head of the audit when the receipt was made.
    """

    version: int
    review: str
    kind: Kind
    status: ReviewStatus
    outcome: Outcome
    response_digest: str
    payload_digest: str
    policy: Any
    decisions: list[ReceiptDecision]
    opened_at: int
    closed_at: int
    audit: AuditHead


class Receipt(TypedDict):
    """A signed statement of how a review ended. Since 0.1.

    Attributes:
        receipt: the statement.
        key: base64 of the public key that it says signed it; trust your own copy instead.
        signature: base64 of the Ed25519 signature of the canonical JSON of the statement.
    """

    receipt: ReceiptStatement
    key: str
    signature: str


class PolicyPage(TypedDict):
    """Some policies. Since 0.1.

    Attributes:
        policies: the newest version of each.
        next: the name to pass as `after` for the next page, or None at the end.
    """

    policies: list[Policy]
    next: str | None


class Event(TypedDict):
    """Something that happened. Since 0.1.

    Attributes:
        seq: counts from 1 without gaps, in the order of the commits.
        type: what happened.
        at: when.
        review: the id of the review, or None.
        thread: its thread, or None.
        channel: its channel, or None.
        body: more, by type; without secret values.
    """

    seq: int
    type: EventType
    at: int
    review: str | None
    thread: str | None
    channel: str | None
    body: dict[str, Any]


class EventPage(TypedDict):
    """Some events, in order. Since 0.1.

    Attributes:
        events: the events.
        next: pass it as `after` for more; it moves past what a filter hides.
        last: the newest event there is.
    """

    events: list[Event]
    next: int
    last: int


class Cursor(TypedDict):
    """How far a named reader has acknowledged. Since 0.1."""

    cursor: str
    seq: int


class AuditRecord(TypedDict):
    """One link of the audit chain. Since 0.1.

    Attributes:
        seq: counts from 1 without gaps.
        at: when.
        review: the id of the review, or None.
        thread: its thread, or None.
        action: what is on record.
        actor: who did it.
        detail: more, by action.
        prev: the hash of the record before it; 64 zeros for the first.
        hash: SHA-256, in hex, of the canonical JSON (RFC 8785) of the record without `hash`.
    """

    seq: int
    at: int
    review: str | None
    thread: str | None
    action: AuditAction
    actor: Actor | None
    detail: dict[str, Any]
    prev: str
    hash: str


class AuditPage(TypedDict):
    """Some audit records, in order. Since 0.1.

    Attributes:
        records: the records.
        next: pass it as `after` for more.
        last: the newest record there is.
    """

    records: list[AuditRecord]
    next: int
    last: int


class AuditProblem(TypedDict):
    """One break in the audit chain. Since 0.1."""

    seq: int
    message: str


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


class Permit(TypedDict):
    """The right to run exactly what was approved, once. Since 0.1.

    Attributes:
        id: its id.
        review: the review that issued it.
        item: the call that it is for, in a review of several; else "".
        tool: what may run.
        arguments: with what.
        digest: SHA-256, in hex, of the canonical JSON of both.
        status: where it stands. "unknown": it was used and nobody reported in time: the effect
            may have happened.
        worker: who used it, or None.
        until: when a use without report becomes unknown, or None.
        result: what was reported, or None.
        issued_at: when it was issued.
        updated_at: when it changed last.
    """

    id: str
    review: str
    item: str
    tool: str
    arguments: dict[str, Any]
    digest: str
    status: PermitStatus
    worker: str | None
    until: int | None
    result: Any
    issued_at: int
    updated_at: int


class PermitPage(TypedDict):
    """Some permits. Since 0.1.

    Attributes:
        permits: the permits.
        next: the id to pass as `after` for the next page, or None at the end.
    """

    permits: list[Permit]
    next: str | None
