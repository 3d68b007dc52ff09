"""Runs a plain function or coroutine function as the program of a run."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ._offload import offload
from .errors import InterlockError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from typing import TypeAlias

    from .documents import Interrupt
    from .runs import Run

    Outcome: TypeAlias = "Completed | Interrupted | Failed"
    """What became of a program."""

CURRENT: ContextVar[Run | None] = ContextVar("interlock_run", default=None)


@dataclass(frozen=True, slots=True)
class Completed:
    """The program is done. Since 0.1.

    Attributes:
        result: what it returned, as JSON gives it back.
    """

    result: Any


@dataclass(frozen=True, slots=True)
class Interrupted:
    """The program waits for people. Run it again when they have answered. Since 0.1.

    Attributes:
        interrupts: what it waits for, that of the runs within it too.
    """

    interrupts: tuple[Interrupt, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """The program has raised. Running it again tries again from what is recorded. Since 0.1.

    Attributes:
        error: what is on record: the "type" and the "message" of the exception.
        exception: the exception itself.
    """

    error: dict[str, str]
    exception: Exception = field(compare=False)


def drive(
    run: Run, program: Callable[..., Any], args: Sequence[Any], heartbeat: float | None
) -> Outcome:
    """Run a program to its end or its next question; closes the run."""
    result: Any = None
    error: BaseException | None = None
    with run, _heart(run, heartbeat):
        token = CURRENT.set(run)
        try:
            result = program(run, *args)
            if hasattr(result, "__await__"):
                result = _to_its_end(result)
        except BaseException as raised:
            error = raised
        finally:
            CURRENT.reset(token)
        return _settle(run, result, error)


async def adrive(
    run: Run, program: Callable[..., Any], args: Sequence[Any], heartbeat: float | None
) -> Outcome:
    """The same beside an event loop; a plain function runs in a worker thread."""
    from inspect import iscoroutinefunction

    result: Any = None
    error: BaseException | None = None
    with run, _heart(run, heartbeat):
        token = CURRENT.set(run)
        try:
            if iscoroutinefunction(program):
                result = await program(run, *args)
            else:
                result = await offload(program, run, *args)
                if hasattr(result, "__await__"):
                    result = await result
        except BaseException as raised:
            error = raised
        finally:
            CURRENT.reset(token)
        if isinstance(error, Exception) or error is None:
            return await offload(_settle, run, result, error)
        return _settle(run, result, error)  # the task may be on its way out


def _settle(run: Run, result: Any, error: BaseException | None) -> Outcome:
    """Tell the core how a program has ended."""
    if run.waits_for is not None:
        return Interrupted(run.waits_for)
    if error is None:
        try:
            outcome = run.complete(result)["outcome"]
            return Completed(None if outcome is None else outcome.get("result"))
        except Exception as refused:  # the result is not JSON, or the program has diverged
            error = refused
    facts = {"type": type(error).__name__, "message": readable(error)}
    try:
        run.fail(facts)
    except InterlockError as refused:
        raise refused from error
    if not isinstance(error, Exception):
        raise error  # Ctrl-C, exit or a cancelled task: the lease is given back all the same
    return Failed(facts, error)


def readable(error: BaseException) -> str:
    """Its message, as JSON can hold it."""
    message = str(error)[:10_000]
    return message.encode("utf-8", "replace").decode("utf-8")


def _to_its_end(awaitable: Any) -> Any:
    import asyncio

    async def main() -> Any:
        return await awaitable

    return asyncio.run(main())


@contextmanager
def _heart(run: Run, every: float | None) -> Generator[None, None, None]:
    """Renew the lease now and then while a program works, from a thread of its own."""
    if every is None:
        yield
        return
    import threading

    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(every):
            try:
                run.heartbeat()
            except InterlockError:
                return  # the program is told at its next step

    thread = threading.Thread(target=beat, name="interlock heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
