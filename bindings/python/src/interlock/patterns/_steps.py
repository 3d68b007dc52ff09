"""Work in steps, each of which people approve before the next begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from interlock.errors import RejectedError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from typing import Literal

    from interlock import Engine, ReviewRequest, Run
    from interlock.programs import Outcome


def approve_steps(
    engine: Engine,
    thread: str,
    steps: Sequence[str],
    work: Callable[[str], Any],
    *,
    pause: Literal["before", "after"] = "after",
    review: ReviewRequest | Mapping[str, Any] | None = None,
    worker: str | None = None,
) -> Outcome:
    """Do steps one by one, and pause at each until people say yes; a no ends it. Since 0.1.

    Call it again when people have answered, in whichever process: nothing is done twice. Its
    result is {"steps", "current_step", "approvals", "completed"}: where it has come to, and one
    approval for each step that was asked about.

    Args:
        engine: an open engine.
        thread: whose work it is; the same each time.
        steps: their names, each once; the same each time.
        work: does the step of this name; what it returns must be JSON.
        pause: people see what a step has done ("after") or let it begin ("before").
        review: what is asked at each pause, as `engine.reviews.open` takes it; None is an approval.
        worker: who works, for people.

    Returns:
        `Interrupted` while people are asked, then `Completed`; `Failed` if work has raised.

    Raises:
        DuplicateKeyError: in `Failed`: a step has the name of another.
        ThreadBusyError: somebody else is at it.
    """

    def program(run: Run) -> dict[str, Any]:
        approvals: list[bool] = []
        for step in steps:
            try:
                run.step(step, work, step)
            except RejectedError:
                approvals.append(False)
                break
            approvals.append(True)
        return _progress(steps, approvals)

    return engine.run(thread, program, worker=worker, gate_review=review, **_gates(pause))


async def aapprove_steps(
    engine: Engine,
    thread: str,
    steps: Sequence[str],
    work: Callable[[str], Any | Awaitable[Any]],
    *,
    pause: Literal["before", "after"] = "after",
    review: ReviewRequest | Mapping[str, Any] | None = None,
    worker: str | None = None,
) -> Outcome:
    """`approve_steps` beside an event loop; work may be a coroutine function. Since 0.1."""

    async def program(run: Run) -> dict[str, Any]:
        approvals: list[bool] = []
        for step in steps:
            try:
                await run.astep(step, work, step)
            except RejectedError:
                approvals.append(False)
                break
            approvals.append(True)
        return _progress(steps, approvals)

    return await engine.arun(thread, program, worker=worker, gate_review=review, **_gates(pause))


def _gates(pause: str) -> Any:
    if pause not in ("before", "after"):
        raise ValueError(f'pause must be "before" or "after", not {pause!r}')
    return {f"interrupt_{pause}": "*"}


def _progress(steps: Sequence[str], approvals: list[bool]) -> dict[str, Any]:
    return {
        "steps": [*steps],
        "current_step": max(0, len(approvals) - 1),
        "approvals": approvals,
        "completed": len(approvals) == len(steps) and all(approvals),
    }
