"""An agent behind HTTP whose payments people approve by webhook: python server.py DATABASE PORT.

    POST /runs       {"thread_id"?, "task"?}                        starts, or says what is awaited
    POST /decisions  {"decisionId", "identityId", "outcome"}, signed  the agent goes on

It may be killed at any moment and started again: nothing is asked twice and nothing is paid twice.
A delivery that comes again gets the first result. The secret is in the variable WEBHOOK_SECRET; a
sender signs as Standard Webhooks say (`engine.webhooks.sign`).
"""

from __future__ import annotations

import json
import os
import sys
import uuid
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from langchain.agents import create_agent
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, ToolCall
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.tools import tool

from interlock import Engine, ReviewError, SignatureInvalidError
from interlock.langchain import InterlockMiddleware, InterlockResumeHandler, UnknownDecisionError
from interlock.langgraph import InterlockSaver


class ScriptedModel(BaseChatModel):
    """Stands where a chat model would: says its lines in order, whichever process asks."""

    script: Sequence[AIMessage] = (
        AIMessage(
            "",
            tool_calls=[
                ToolCall(name="balance", args={}, id="c1"),
                ToolCall(name="pay", args={"to": "ACME", "amount": 120}, id="c2"),
            ],
        ),
        AIMessage("That is all."),
    )

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: Any = None,
        **kwargs: Any,
    ) -> ChatResult:
        turn = sum(isinstance(message, AIMessage) for message in messages)
        return ChatResult(generations=[ChatGeneration(message=self.script[turn])])

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Any:
        """A script does not choose its tools."""
        return self

    @property
    def _llm_type(self) -> str:
        return "scripted"


def build(engine: Engine, ledger: Path) -> Any:
    """The agent: asking for the balance needs nobody, paying needs Ana."""

    @tool
    def balance() -> str:
        """What there is."""
        return "1000"

    @tool
    def pay(to: str, amount: int) -> str:
        """Pay somebody."""
        with ledger.open("a") as file:
            file.write(f"{to} {amount}\n")
        return f"paid {amount} to {to}"

    before = InterlockMiddleware(
        {"pay": {"allowed_decisions": ["approve", "edit", "reject"]}},
        reviews={"pay": {"identity": "ana", "expires_in": 3_600_000}},
    )
    saver = InterlockSaver(engine)
    return create_agent(ScriptedModel(), [balance, pay], middleware=[before], checkpointer=saver)


def standing(engine: Engine, thread: str, output: Any) -> dict[str, Any]:
    """Where a run stands, for whoever started it."""
    for review in engine.reviews.list(status="pending", thread=thread):
        return {
            "thread_id": thread,
            "status": "awaiting_decision",
            "decision_id": review["id"],
            "title": review.get("title"),
        }
    result = [str(message.content) for message in output.value["messages"]]
    return {"thread_id": thread, "status": "completed", "result": result}


class Requests(BaseHTTPRequestHandler):
    """Serves the two paths."""

    engine: Engine
    agent: Any
    handler: InterlockResumeHandler

    def do_POST(self) -> None:
        """One request."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            if self.path == "/runs":
                self.answer(200, self.run(json.loads(body or b"{}")))
            elif self.path == "/decisions":
                output = self.handler.resume_from_webhook(body, headers=dict(self.headers))
                self.answer(200, {"ok": True, "result": str(output.value["messages"][-1].content)})
            else:
                self.answer(404, {"error": "there is no such path"})
        except UnknownDecisionError as error:
            self.answer(410, {"error": str(error)})  # sending it again changes nothing
        except SignatureInvalidError as error:
            self.answer(401, {"error": str(error)})
        except ReviewError as error:
            self.answer(409, {"error": str(error)})
        except ValueError as error:
            self.answer(400, {"error": str(error)})

    def run(self, request: dict[str, Any]) -> dict[str, Any]:
        """Start a thread; or see how far it is."""
        thread = str(request.get("thread_id") or uuid.uuid4())
        config: Any = {"configurable": {"thread_id": thread}}
        begun = self.agent.get_state(config).values
        task = {"messages": [("user", str(request.get("task", "demo task")))]}
        output = self.agent.invoke(None if begun else task, config, version="v2")
        return standing(self.engine, thread, output)

    def answer(self, status: int, document: dict[str, Any]) -> None:
        """Send a document."""
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(document).encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the decisions are in the audit of the store."""


def main() -> None:
    """Serve until killed."""
    database, port = sys.argv[1], int(sys.argv[2])
    with Engine.open(database) as engine:
        Requests.engine = engine
        Requests.agent = build(engine, Path(database).with_suffix(".ledger"))
        secret = os.environ["WEBHOOK_SECRET"]
        Requests.handler = InterlockResumeHandler(engine, Requests.agent, secrets=[secret])
        with ThreadingHTTPServer(("127.0.0.1", port), Requests) as server:
            print(f"listening on {server.server_port}", flush=True)
            server.serve_forever()


if __name__ == "__main__":
    main()
