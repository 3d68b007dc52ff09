"""An agent that asks by a signed link: python agent.py DATABASE MAILBOX.

The mail with the two links goes into the file MAILBOX. A link needs no account, is good for one
answer to one question, and expires. Open one of them with the other program:

    python open_link.py DATABASE TOKEN approve

The agent waits for it; it may be killed meanwhile and started again.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from langchain.agents import create_agent
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, ToolCall
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.tools import tool

from interlock import Engine
from interlock.langchain import InterlockMiddleware, notices
from interlock.langgraph import InterlockSaver, Resumer

CONFIG: Any = {"configurable": {"thread_id": "signed-link-1"}}
MANAGER = {"type": "email", "value": "mia@example.com"}
DAY = 86_400_000


class ScriptedModel(BaseChatModel):
    """Stands where a chat model would: says its lines in order, whichever process asks."""

    script: Sequence[AIMessage] = (
        AIMessage("", tool_calls=[ToolCall(name="publish", args={"report": "Q3"}, id="c1")]),
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


@tool
def publish(report: str) -> str:
    """Publish a report."""
    print(f"publishing {report}", flush=True)
    return f"{report} is public"


def send_mail(engine: Engine, mailbox: Path) -> None:
    """A mail for each question that nobody was told of."""
    for notice in notices(engine, cursor="mails", types=["review.opened"], timeout=0):
        tokens = {
            verdict: engine.tokens.issue(
                "decide",
                review=notice.review["id"],
                actor=MANAGER,  # type: ignore[arg-type]  # a plain dict
                expires_in=DAY,
                verdicts=[verdict],
            )["token"]
            for verdict in ("approve", "reject")
        }
        lines = [f"{verdict} {token}" for verdict, token in tokens.items()]
        mailbox.write_text("\n".join([str(notice.review.get("title")), *lines]) + "\n")
        engine.events.ack("mails", notice.seq)
        print(f"asked {MANAGER['value']}: {notice.review.get('title')}", flush=True)


def main() -> None:
    """Start or go on, until the agent is done."""
    database, mailbox = sys.argv[1], Path(sys.argv[2])
    with Engine.open(database) as engine:
        before = InterlockMiddleware(
            {"publish": {"allowed_decisions": ["approve", "reject"]}},
            review={"identity": MANAGER, "expires_in": DAY},
        )
        saver = InterlockSaver(engine)
        agent = create_agent(ScriptedModel(), [publish], middleware=[before], checkpointer=saver)
        begun = agent.get_state(CONFIG).values
        task: Any = {"messages": [("user", "Publish the report.")]}
        agent.invoke(None if begun else task, CONFIG)
        send_mail(engine, mailbox)
        print("waiting", flush=True)
        resumer = Resumer(engine, agent, on_resumed=lambda _: resumer.stop())
        if agent.get_state(CONFIG).next:
            resumer.run_forever()
        for message in agent.get_state(CONFIG).values["messages"][2:]:
            print(f"{message.type}: {message.content}")


if __name__ == "__main__":
    main()
