"""LangChain's middleware for people before tools, with reviews, permits and deadlines."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

from langchain.agents.middleware.human_in_the_loop import (
    _EDIT_NOTICE,  # pyright: ignore[reportPrivateUsage]
    ActionRequest,
    HumanInTheLoopMiddleware,
    InterruptMode,
    InterruptOnConfig,
    ReviewConfig,
    _HumanInTheLoopState,  # pyright: ignore[reportPrivateUsage]
)
from langchain.agents.middleware.types import ContextT, PrivateStateAttr, ResponseT, StateT
from langgraph.errors import GraphInterrupt
from typing_extensions import NotRequired

from interlock._offload import offload
from interlock.langgraph import Question

from ._bound import BoundCall, permits_of, refusal
from ._place import Place
from ._schemas import schemas_of, with_schemas
from ._templates import Templates

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from langchain.agents.middleware.types import (
        AgentState,
        ModelCallResult,
        ModelRequest,
        ModelResponse,
        ToolCallRequest,
    )
    from langchain_core.messages import ToolCall, ToolMessage
    from langgraph.runtime import Runtime
    from langgraph.types import Command, Interrupt

    from interlock import Engine
    from interlock.documents import Seconds

    Result = ToolMessage | Command[Any]

_SCHEMAS = "interlock_args_schemas"
_PERMITS = "interlock_permits"

_asked: ContextVar[list[_Call] | None] = ContextVar("interlock_asked", default=None)


class _Call:
    """A tool call that is asked about."""

    def __init__(self, call: ToolCall, description: str) -> None:
        self.name: str = call["name"]
        self.id: str = call["id"] or ""
        self.description = description


class _State(_HumanInTheLoopState[ResponseT]):
    """What the middleware keeps with the thread."""

    interlock_args_schemas: NotRequired[Annotated[dict[str, Any], PrivateStateAttr]]
    interlock_permits: NotRequired[Annotated[dict[str, Any], PrivateStateAttr]]


class InterlockMiddleware(HumanInTheLoopMiddleware[StateT, ContextT, ResponseT]):
    """LangChain's `HumanInTheLoopMiddleware`, whose questions are reviews. Since 0.1.

    It takes the place of LangChain's, and asks exactly what that asks. With an `InterlockSaver` as
    the checkpointer of the agent every question is a review: it is answered with
    `engine.reviews.respond`, which checks the answer before anything goes on, and a `Resumer` or an
    `InterlockResumeHandler` goes on with it. What was approved or edited runs once and with just
    these arguments: its permit is consumed before, and what came of it is recorded. If the process
    dies in between, nothing is run again, and the permit is "unknown".

    With another checkpointer it does what LangChain's does.
    """

    state_schema = _State

    def __init__(
        self,
        interrupt_on: dict[str, bool | InterruptOnConfig],
        *,
        description_prefix: str = "Tool execution requires approval",
        edit_notice: str | None = _EDIT_NOTICE,
        interrupt_mode: InterruptMode = "batched",
        engine: Engine | None = None,
        review: Mapping[str, Any] | None = None,
        reviews: Mapping[str, Mapping[str, Any]] | None = None,
        require_permit: bool = False,
        lease: Seconds | None = None,
        worker: str | None = None,
        on_unknown: Literal["tell", "raise"] = "tell",
    ) -> None:
        """Guard tools.

        Args:
            interrupt_on: as for LangChain's; so are the next three.
            description_prefix: begins the description of a call that has none of its own.
            edit_notice: what the model is told of an edited call; None is nothing.
            interrupt_mode: "batched" asks once for all guarded calls of a turn, "per_call" for
                each.
            engine: says that there must be an `InterlockSaver`; its engine is used, not this one,
                if both are given.
            review: members of `engine.reviews.open` for all reviews: policy, expires_in, on_expiry,
                reminders, channel and so on; and "identity": who is asked and alone may answer.
            reviews: the same by tool, over `review`. Batched calls share a review: it has the
                first deadline of its tools, and their policies must be equal.
            require_permit: a guarded call that was resumed past its review, with nothing but
                `Command(resume=...)`, is not run; and the checkpointer must be an `InterlockSaver`.
            lease: how long a tool may take before its effect counts as unknown; None is 60 s.
            worker: who runs the tools, for people to read.
            on_unknown: the model is told that an effect is unknown, or `UnknownEffectError` is
                raised.

        Raises:
            ValueError: as LangChain's; and if `reviews` names a tool that is not guarded, or
                batched tools have several policies.
        """
        super().__init__(
            interrupt_on,
            description_prefix=description_prefix,
            edit_notice=edit_notice,
            interrupt_mode=interrupt_mode,
        )
        if on_unknown not in ("tell", "raise"):
            raise ValueError(f'on_unknown must be "tell" or "raise", not {on_unknown!r}')
        self._engine = engine
        self._templates = Templates(
            review, reviews, self.interrupt_on, share=interrupt_mode == "batched"
        )
        self._require_permit = require_permit
        self._lease = lease
        self._worker = worker
        self._on_unknown: Literal["tell", "raise"] = on_unknown

    # asking

    def wrap_model_call(
        self,
        request: ModelRequest[ContextT],
        handler: Callable[[ModelRequest[ContextT]], ModelResponse[ResponseT]],
    ) -> ModelCallResult[ResponseT]:
        """Keep the argument schemas of the guarded calls, so that edits are checked. Since 0.1."""
        response = handler(request)
        return with_schemas(request, response, self._schemas(request, response), _SCHEMAS)

    async def awrap_model_call(
        self,
        request: ModelRequest[ContextT],
        handler: Callable[[ModelRequest[ContextT]], Awaitable[ModelResponse[ResponseT]]],
    ) -> ModelCallResult[ResponseT]:
        """The same in an event loop. Since 0.1."""
        response = await handler(request)
        return with_schemas(request, response, self._schemas(request, response), _SCHEMAS)

    def after_model(
        self, state: AgentState[Any], runtime: Runtime[ContextT]
    ) -> dict[str, Any] | None:
        """Ask about the guarded calls of the turn. Since 0.1.

        Raises:
            ValueError: the agent has no checkpointer, or its config no thread id.
        """
        update, asked = self._after_model(state, runtime)
        return self._with_permits(state, update, asked)

    async def aafter_model(
        self, state: AgentState[Any], runtime: Runtime[ContextT]
    ) -> dict[str, Any] | None:
        """The same in an event loop. Since 0.1."""
        update, asked = self._after_model(state, runtime)
        if not asked:
            return self._with_permits(state, update, asked)
        return await offload(self._with_permits, state, update, asked)

    def _after_model(
        self, state: AgentState[Any], runtime: Runtime[ContextT]
    ) -> tuple[dict[str, Any] | None, list[_Call]]:
        asked: list[_Call] = []
        token = _asked.set(asked)
        try:
            return super().after_model(state, runtime), asked
        except GraphInterrupt as stop:
            raise self._stop(stop, asked) from None
        finally:
            _asked.reset(token)

    def _create_action_and_config(
        self,
        tool_call: ToolCall,
        config: InterruptOnConfig,
        state: AgentState[Any],
        runtime: Runtime[Any],
    ) -> tuple[ActionRequest, ReviewConfig]:
        self._place()  # before anything is asked that nobody could answer
        action, review_config = super()._create_action_and_config(tool_call, config, state, runtime)
        kept: dict[str, Any] = cast("dict[str, Any]", state).get(_SCHEMAS) or {}
        schema = config.get("args_schema") or kept.get(tool_call["name"])
        if schema and self.interrupt_mode == "batched":
            review_config["args_schema"] = schema
        asked = _asked.get()
        if asked is not None:
            asked.append(_Call(tool_call, action.get("description", "")))
        return action, review_config

    def _stop(self, stop: GraphInterrupt, asked: list[_Call]) -> GraphInterrupt:
        """The same interrupt, with how its review is to be."""
        interrupts: tuple[Interrupt, ...] = stop.args[0]
        first = asked[0]
        shown = {"title": f"Approve {first.name}?", "summary": first.description}
        members = {**shown, **self._templates.of([call.name for call in asked])}
        for each in interrupts:
            each.value = Question(each.value, **members)
        return GraphInterrupt(interrupts)

    def _schemas(
        self, request: ModelRequest[ContextT], response: ModelResponse[ResponseT]
    ) -> dict[str, Any]:
        if self.interrupt_mode != "batched":
            return {}  # LangChain has them in the schema of the answer
        edited = {
            name
            for name, config in self.interrupt_on.items()
            if "edit" in config["allowed_decisions"] and not config.get("args_schema")
        }
        return schemas_of(request, response, edited)

    # running what was approved

    def _with_permits(
        self, state: AgentState[Any], update: dict[str, Any] | None, asked: list[_Call]
    ) -> dict[str, Any] | None:
        """Note the permits of the calls that were asked about, for when they run."""
        permits: dict[str, str | None] = {}
        if asked and (saver := (place := self._place()).saver) is not None:
            issued = permits_of(saver.engine, place.thread, next(place.interrupts())) or {}
            permits = {call.id: issued.get(str(index)) for index, call in enumerate(asked)}
        if permits or state.get(_PERMITS):
            return {**(update or {}), _PERMITS: permits}
        return update

    def wrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Result]
    ) -> Result:
        """Run what was approved, once. Since 0.1."""
        asked: list[_Call] = []
        began: list[bool] = []

        def bound(to_run: ToolCallRequest) -> Result:
            began.append(True)
            call = self._bound(request, asked)
            if call is None:
                return handler(to_run)
            return call.run(to_run, handler) if isinstance(call, BoundCall) else call

        token = _asked.set(asked)
        try:
            return super().wrap_tool_call(request, bound)
        except GraphInterrupt as stop:
            if began or not asked:  # the tool itself asks
                raise
            raise self._stop(stop, asked) from None
        finally:
            _asked.reset(token)

    async def awrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Awaitable[Result]]
    ) -> Result:
        """The same in an event loop. Since 0.1."""
        asked: list[_Call] = []
        began: list[bool] = []

        async def bound(to_run: ToolCallRequest) -> Result:
            began.append(True)
            call = await offload(self._bound, request, asked)
            if call is None:
                return await handler(to_run)
            return await call.arun(to_run, handler) if isinstance(call, BoundCall) else call

        token = _asked.set(asked)
        try:
            return await super().awrap_tool_call(request, bound)
        except GraphInterrupt as stop:
            if began or not asked:
                raise
            raise self._stop(stop, asked) from None
        finally:
            _asked.reset(token)

    def _bound(
        self, request: ToolCallRequest, asked: list[_Call]
    ) -> BoundCall | ToolMessage | None:
        """How a call is to run: by a permit, not at all, or just so."""
        id = request.tool_call["id"] or ""
        noted: dict[str, str | None] = request.state.get(_PERMITS) or {}
        if not asked and (self.interrupt_mode == "per_call" or id not in noted):
            return None  # nobody was asked
        place = self._place()
        if place.saver is None:
            return None
        permit = noted.get(id)
        if self.interrupt_mode == "per_call":
            permit = self._permit_of(place, place.saver.engine, id)
        if permit is None:
            if self._require_permit:
                return refusal(request, "was not run: no review has approved it.")
            return None
        return BoundCall(
            place.saver.engine,
            place.saver.serde,
            permit,
            self._worker,
            self._lease,
            self._on_unknown,
        )

    def _place(self) -> Place:
        return Place.current(self._engine, require_permit=self._require_permit)

    @staticmethod
    def _permit_of(place: Place, engine: Engine, call: str) -> str | None:
        """The permit of the call that a task has asked about, among what else it has asked."""
        for interrupt in place.interrupts():
            issued = permits_of(engine, place.thread, interrupt)
            if issued is None or call in issued:
                return (issued or {}).get(call)
        return None
