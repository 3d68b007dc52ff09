"""Runs programs, and guards functions."""

from __future__ import annotations

from .nouns import Nouns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from typing import Any, Literal

    from ..documents import (
        Actor,
        Duration,
        ExpiryAction,
        Permit,
        Policy,
        ReviewRequest,
        Seconds,
    )
    from ..guards import Guard
    from ..programs import Outcome


class Running(Nouns):
    """The part of `Engine` that runs programs and guards functions."""

    __slots__ = ()

    def run(
        self,
        thread: str,
        program: Callable[..., Any],
        /,
        *args: Any,
        worker: str | None = None,
        lease: Seconds | None = None,
        heartbeat: Seconds | None = None,
        interrupt_before: Literal["*"] | Sequence[str] = (),
        interrupt_after: Literal["*"] | Sequence[str] = (),
        gate_review: ReviewRequest | Mapping[str, Any] | None = None,
    ) -> Outcome:
        """Run a program on a thread, or go on with it, to its end or its next question. Since 0.1.

        Run it again when people have answered, or after a crash, in whichever process: no recorded
        step is repeated. After its end the same call begins a new run.

            def program(run, name):
                draft = run.step("draft", write, name)
                answer = run.interrupt("ok?", review={"kind": "approval", "payload": {}})
                return run.step("send", send, draft) if answer["outcome"] == "approved" else None

            outcome = engine.run("letter-1", program, "Ana")

        Args:
            thread: its name, 1 to 512 bytes of UTF-8.
            program: a function or coroutine function: `program(run, *args)`, see `Run`. What it
                returns must be JSON.
            args: for program; the same each time.
            worker: who works, for people.
            lease: seconds without a sign of life after which another worker may take over; None
                is 60. Steps and questions are signs of life.
            heartbeat: a thread gives one every so many seconds too, for steps that take long.
            interrupt_before: steps that wait for a review before they are done; "*" is all.
            interrupt_after: steps that wait for a review after they are done; "*" is all.
            gate_review: that review, as `reviews.open` takes it; None is an approval.

        Returns:
            `Completed`, `Interrupted` or `Failed`. A program that raises has failed, and is tried
            again by the same call.

        Raises:
            ThreadBusyError: another worker has the lease.
            FencedError: another worker has taken over, or the run was cancelled.
        """
        from .. import programs
        from .._moment import seconds

        every = seconds("heartbeat", heartbeat)
        run = self._runs.begin(
            thread,
            worker=worker,
            lease=lease,
            interrupt_before=interrupt_before,
            interrupt_after=interrupt_after,
            gate_review=gate_review,
        )
        return programs.drive(run, program, args, every)

    async def arun(
        self,
        thread: str,
        program: Callable[..., Any],
        /,
        *args: Any,
        worker: str | None = None,
        lease: Seconds | None = None,
        heartbeat: Seconds | None = None,
        interrupt_before: Literal["*"] | Sequence[str] = (),
        interrupt_after: Literal["*"] | Sequence[str] = (),
        gate_review: ReviewRequest | Mapping[str, Any] | None = None,
    ) -> Outcome:
        """`run` beside an event loop; a plain function runs in a worker thread. Since 0.1."""
        from .. import programs
        from .._moment import seconds

        every = seconds("heartbeat", heartbeat)
        run = await self._runs.abegin(
            thread,
            worker=worker,
            lease=lease,
            interrupt_before=interrupt_before,
            interrupt_after=interrupt_after,
            gate_review=gate_review,
        )
        return await programs.adrive(run, program, args, every)

    def guard(
        self,
        *,
        mode: Literal["wait", "raise", "suspend"] = "wait",
        tool: str | None = None,
        edit: bool = False,
        key: Callable[..., str] | None = None,
        title: str | Callable[..., str] | None = None,
        timeout: Seconds | None = None,
        lease: Seconds | None = None,
        worker: str | None = None,
        verify: Callable[[Permit], bool | Awaitable[bool | None] | None] | None = None,
        summary: str | None = None,
        thread: str | None = None,
        channel: str | None = None,
        requester: str | Actor | None = None,
        assignee: str | Actor | None = None,
        policy: str | Policy | None = None,
        expires_in: Duration | None = None,
        on_expiry: ExpiryAction | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> Guard:
        """Put a review before a plain function or coroutine function. Since 0.1.

            @engine.guard(title=lambda path: f"Delete {path}?", policy="ops", timeout=3600)
            def delete(path: str) -> None: ...

        People see the tool and all its arguments, which must be JSON. A call that is approved runs
        once, with the arguments that were approved, as JSON gives them back; its permit is
        reported done, or failed if it raises. What Ctrl-C or a crash ends stays unreported:
        unknown, and never run again by itself.

        Args:
            mode: "wait" blocks until there is an answer; "raise" raises `PendingError` while
                there is none; "suspend", within `engine.run`, leaves the program until there is
                one, and makes the call a step.
            tool: what people see; None is the name of the function.
            edit: people may change the arguments: a review of kind "actions" instead of "approval".
            key: names the call by its arguments; a second call with the same key finds the first
                review, and the result if it was done. None: each call asks anew, but in a run.
            title: a text, or a function of the arguments; None is "Run <tool>?".
            timeout: patience of mode "wait"; the review stays open after it.
            lease: how long the call may take before its effect counts as unknown; None is 60 s.
            worker: who runs it, for people.
            verify: finds out about an effect that is unknown: True, it happened; False, it did
                not; None, nobody knows. The first two are reported. It is never run again.
            summary: this and the rest as `reviews.open` takes them.
            thread: see summary.
            channel: see summary.
            requester: see summary.
            assignee: see summary.
            policy: see summary.
            expires_in: see summary.
            on_expiry: see summary.
            metadata: see summary.

        Raises:
            RejectedError: by the call: people did not approve.
            PendingError: by the call: nobody has answered yet.
            WaitTimeoutError: by the call: nobody has answered in time.
            UnknownEffectError: by the call: an earlier one may have happened.
            AlreadyUsedError: by the call: an earlier one is under way, or has failed.
            TypeError: by the call: the arguments are not JSON, or were edited to what the
                function does not take; nothing was used up.
        """
        from ..guards import Guard

        members = {
            "summary": summary,
            "thread": thread,
            "channel": channel,
            "requester": requester,
            "assignee": assignee,
            "policy": policy,
            "expires_in": expires_in,
            "on_expiry": on_expiry,
            "metadata": metadata,
        }
        return Guard(
            self.handle,
            mode=mode,
            tool=tool,
            edit=edit,
            key=key,
            title=title,
            timeout=timeout,
            lease=lease,
            worker=worker,
            verify=verify,
            members={name: value for name, value in members.items() if value is not None},
        )
