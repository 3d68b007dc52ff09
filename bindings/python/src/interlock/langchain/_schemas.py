"""What the arguments of tools must be, so that an edit is checked before it is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from langchain.agents.middleware.types import ExtendedModelResponse
from langchain_core.messages import AIMessage
from langchain_core.tools import BaseTool
from langgraph.types import Command
from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Collection

    from langchain.agents.middleware.types import ModelCallResult, ModelRequest, ModelResponse


def schemas_of(
    request: ModelRequest[Any], response: ModelResponse[Any], tools: Collection[str]
) -> dict[str, Any]:
    """The schemas of the tools that the model has called, of those that are named."""
    called = {
        call["name"]
        for message in response.result
        if isinstance(message, AIMessage)
        for call in message.tool_calls
    }
    found: dict[str, Any] = {}
    for tool in request.tools:
        if isinstance(tool, BaseTool) and tool.name in called and tool.name in tools:
            schema = _schema(tool)
            if schema:
                found[tool.name] = schema
    return found


def with_schemas(
    request: ModelRequest[Any], response: ModelResponse[Any], schemas: dict[str, Any], key: str
) -> ModelCallResult[Any]:
    """The response, and the schemas for the state if they are not there yet.

    They are kept with the thread: what is asked again, by another process, is then the same.
    """
    kept: dict[str, Any] = request.state.get(key) or {}  # type: ignore[assignment]
    if all(kept.get(name) == schema for name, schema in schemas.items()):
        return response
    return ExtendedModelResponse(response, Command(update={key: {**kept, **schemas}}))


def _schema(tool: BaseTool) -> dict[str, Any] | None:
    schema: Any = tool.tool_call_schema
    if isinstance(schema, dict):
        return cast("dict[str, Any]", schema)
    if isinstance(schema, type) and issubclass(schema, BaseModel):
        return schema.model_json_schema()
    return None
