"""Puts a review before a plain function: it runs once, with what was approved."""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any

from . import programs
from ._moment import seconds
from ._offload import offload
from .errors import RejectedError, UnknownEffectError
from .permits import Permits
from .reviews import Reviews

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from typing import Literal, ParamSpec, TypeVar

    from ._handle import Handle
    from .documents import Permit, Review, Seconds

    P = ParamSpec("P")
    R = TypeVar("R")


class PendingError(Exception):
    """A guarded call waits for its review: call it again when people have answered. Since 0.1.

    Attributes:
        review: the review.
    """

    def __init__(self, review: Review) -> None:
        """Take the review."""
        super().__init__(f"review {review['id']} is pending")
        self.review = review

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle with the review."""
        return type(self), (self.review,)


class Guard:
    """What `engine.guard` makes; it is a decorator. Since 0.1."""

    __slots__ = (
        "_edit",
        "_handle",
        "_key",
        "_lease",
        "_members",
        "_mode",
        "_timeout",
        "_title",
        "_tool",
        "_verify",
        "_worker",
    )

    def __init__(
        self,
        handle: Handle,
        *,
        mode: Literal["wait", "raise", "suspend"],
        tool: str | None,
        edit: bool,
        key: Callable[..., str] | None,
        title: str | Callable[..., str] | None,
        timeout: Seconds | None,
        lease: Seconds | None,
        worker: str | None,
        verify: Callable[[Permit], bool | Awaitable[bool | None] | None] | None,
        members: dict[str, Any],
    ) -> None:
        """Not for callers: use `engine.guard`."""
        if mode not in ("wait", "raise", "suspend"):
            raise ValueError(f'mode must be "wait", "raise" or "suspend", not {mode!r}')
        if mode == "raise" and key is None:
            raise ValueError('mode "raise" needs a key, so that the next call finds its review')
        self._handle = handle
        self._mode = mode
        self._tool = tool
        self._edit = edit
        self._key = key
        self._title = title
        self._timeout = seconds("timeout", timeout)
        self._lease = lease
        self._worker = worker
        self._verify = verify
        self._members = members

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        """Guard a function or a coroutine function."""
        made: Any = self._around_async if inspect.iscoroutinefunction(function) else self._around
        guarded: Callable[P, R] = made(_Target(function, self._tool))
        return guarded

    def _around(self, target: _Target) -> Callable[..., Any]:
        @functools.wraps(target.function)
        def call(*args: Any, **named: Any) -> Any:
            arguments = target.arguments(args, named)
            if self._mode == "suspend":
                return self._in_a_run(target, arguments)
            return self._act(target, self._asked(target, arguments), arguments)

        return call

    def _around_async(self, target: _Target) -> Callable[..., Any]:
        @functools.wraps(target.function)
        async def call(*args: Any, **named: Any) -> Any:
            arguments = target.arguments(args, named)
            if self._mode == "suspend":
                return await self._in_a_run_async(target, arguments)
            answer = await self._asked_async(target, arguments)
            return await self._act_async(target, answer, arguments)

        return call

    # asking

    def _request(self, target: _Target, arguments: dict[str, Any]) -> dict[str, Any]:
        """The review of a call."""
        positional, named = target.call(arguments)
        title = self._title
        if callable(title):
            title = title(*positional, **named)
        payload: dict[str, Any] = {"tool": target.tool, "arguments": arguments}
        if self._edit:
            payload = {"items": [{"id": "call", "name": target.tool, "args": arguments}]}
        return {
            "kind": "actions" if self._edit else "approval",
            "payload": payload,
            "title": title or f"Run {target.tool}?",
            **self._members,
        }

    def _key_of(self, target: _Target, arguments: dict[str, Any]) -> str | None:
        if self._key is None:
            return None
        positional, named = target.call(arguments)
        return self._key(*positional, **named)

    def _opened(self, target: _Target, arguments: dict[str, Any]) -> Review:
        request = self._request(target, arguments)
        key = self._key_of(target, arguments)
        return Reviews(self._handle).open(**request, key=key)["review"]

    def _asked(self, target: _Target, arguments: dict[str, Any]) -> Mapping[str, Any]:
        review = self._opened(target, arguments)
        if self._mode == "wait":
            review = Reviews(self._handle).wait(review["id"], timeout=self._timeout)
        return _answer(review)

    async def _asked_async(self, target: _Target, arguments: dict[str, Any]) -> Mapping[str, Any]:
        review = await offload(self._opened, target, arguments)
        if self._mode == "wait":
            review = await Reviews(self._handle).await_(review["id"], timeout=self._timeout)
        return _answer(review)

    # within a run

    def _in_a_run(self, target: _Target, arguments: dict[str, Any]) -> Any:
        run = _current()
        name = self._key_of(target, arguments) or run.numbered(target.tool)
        answer = run.interrupt(f"{name}?", review=self._request(target, arguments))
        return run.step(name, self._act, target, answer, arguments)

    async def _in_a_run_async(self, target: _Target, arguments: dict[str, Any]) -> Any:
        run = _current()
        name = self._key_of(target, arguments) or run.numbered(target.tool)
        answer = await run.ainterrupt(f"{name}?", review=self._request(target, arguments))
        return await run.astep(name, self._act_async, target, answer, arguments)

    # acting

    def _permit(self, answer: Mapping[str, Any]) -> Permit:
        """What the review lets run. The core issues a permit if people said yes, else none."""
        for permit in Permits(self._handle).list(review=answer["review"]):
            return permit
        raise RejectedError(answer)

    def _consume(self, permit: Permit, target: _Target, arguments: dict[str, Any]) -> Permit:
        return Permits(self._handle).consume(
            permit["id"],
            target.tool,
            permit["arguments"] if self._edit else arguments,
            worker=self._worker,
            lease=self._lease,
        )

    def _act(self, target: _Target, answer: Mapping[str, Any], arguments: dict[str, Any]) -> Any:
        permit = self._permit(answer)
        if permit["status"] == "done":
            return permit["result"]
        positional, named = target.call(permit["arguments"])  # wrong ones use nothing up
        try:
            self._consume(permit, target, arguments)
        except UnknownEffectError:
            if self._verify is None:
                raise
            return self._settled(permit, self._verify(permit))
        try:
            result = target.function(*positional, **named)
        except Exception as error:
            self._failed(permit, error)
            raise
        self._done(permit, result)
        return result

    async def _act_async(
        self, target: _Target, answer: Mapping[str, Any], arguments: dict[str, Any]
    ) -> Any:
        permit = await offload(self._permit, answer)
        if permit["status"] == "done":
            return permit["result"]
        positional, named = target.call(permit["arguments"])
        try:
            await offload(self._consume, permit, target, arguments)
        except UnknownEffectError:
            if self._verify is None:
                raise
            verdict: Any = self._verify(permit)
            if inspect.isawaitable(verdict):
                verdict = await verdict
            return await offload(self._settled, permit, verdict)
        try:
            result = await target.function(*positional, **named)
        except Exception as error:
            await offload(self._failed, permit, error)
            raise
        await offload(self._done, permit, result)
        return result

    # reporting

    def _done(self, permit: Permit, result: Any) -> None:
        permits = Permits(self._handle)
        try:
            permits.report(permit["id"], "done", result=result)
        except (TypeError, ValueError):  # not JSON: that it was done counts
            permits.report(permit["id"], "done")

    def _failed(self, permit: Permit, error: Exception) -> None:
        facts = {"type": type(error).__name__, "message": programs.readable(error)}
        Permits(self._handle).report(permit["id"], "failed", result=facts)

    def _settled(self, permit: Permit, verdict: Any) -> Any:
        """Report what a verification has found about an unknown effect."""
        if verdict is True:
            return Permits(self._handle).report(permit["id"], "done")["result"]
        if verdict is False:
            Permits(self._handle).report(permit["id"], "failed")
        # used up, or still unknown: the core says which, and refuses either way
        Permits(self._handle).consume(permit["id"], permit["tool"], permit["arguments"])
        raise AssertionError("a permit was used twice")


class _Target:
    """A function, and how its arguments are JSON and back."""

    __slots__ = ("_signature", "function", "tool")

    def __init__(self, function: Callable[..., Any], tool: str | None) -> None:
        self.function = function
        self.tool = tool or str(getattr(function, "__name__", type(function).__name__))
        self._signature = inspect.signature(function)

    def arguments(self, args: tuple[Any, ...], named: dict[str, Any]) -> dict[str, Any]:
        """Every argument by name, defaults too: what people see is what runs."""
        bound = self._signature.bind(*args, **named)
        bound.apply_defaults()
        return dict(bound.arguments)

    def call(self, arguments: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        """The same as positional and named ones.

        Raises:
            TypeError: the function does not take them.
        """
        positional: list[Any] = []
        named: dict[str, Any] = {}
        left = dict(arguments)
        for name, parameter in self._signature.parameters.items():
            if name not in left:
                continue
            value = left.pop(name)
            if parameter.kind is parameter.VAR_POSITIONAL:
                positional.extend(value)
            elif parameter.kind is parameter.VAR_KEYWORD:
                named.update(value)
            elif parameter.kind is parameter.KEYWORD_ONLY:
                named[name] = value
            else:
                positional.append(value)
        self._signature.bind(*positional, **named, **left)
        return positional, named


def _current() -> Any:
    run = programs.CURRENT.get()
    if run is None:
        raise RuntimeError('mode "suspend" works within engine.run: there is no run here')
    return run


def _answer(review: Review) -> Mapping[str, Any]:
    """A review that has ended, as a program gets it."""
    if review["status"] == "pending":
        raise PendingError(review)
    return {
        "review": review["id"],
        "status": review["status"],
        "outcome": review["outcome"],
        "response": review["response"],
    }
