"""A file agent that asks a person before it deletes anything.

    python agent.py start  DATABASE FOLDER            works until it must ask, then waits
    python agent.py resume DATABASE FOLDER [--approve FILE ...] [--ask]

Reading and writing run at once; every delete stops at `interrupt()`, also when one turn proposes
several. The two commands share nothing but the database and the folder.
"""

from __future__ import annotations

import argparse
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolCall, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.types import Command, Interrupt, Send, interrupt

from interlock.langgraph import InterlockSaver

CONFIG: Any = {"configurable": {"thread_id": "file-agent-1"}}
TASK = "Summarise notes.txt in report.txt, then tidy up: old.log and customers.csv can go."


class ScriptedModel(BaseChatModel):
    """Stands where a chat model would: says its lines in order, whichever process asks."""

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: Any = None,
        **kwargs: Any,
    ) -> ChatResult:
        turn = sum(isinstance(message, AIMessage) for message in messages)
        return ChatResult(generations=[ChatGeneration(message=self._script()[turn])])

    @staticmethod
    def _script() -> Sequence[AIMessage]:
        def call(name: str, identity: str, **arguments: str) -> ToolCall:
            return ToolCall(name=name, args=arguments, id=identity)

        return [
            AIMessage("I read the notes.", tool_calls=[call("read_file", "c1", path="notes.txt")]),
            AIMessage(
                "I write the report and clean up.",
                tool_calls=[
                    call("write_file", "c2", path="report.txt", content="All is well.\n"),
                    call("delete_file", "c3", path="old.log"),
                    call("delete_file", "c4", path="customers.csv"),
                ],
            ),
            AIMessage("Done. I kept what you wanted to keep."),
        ]

    @property
    def _llm_type(self) -> str:
        return "scripted"


def read_file(folder: Path, path: str) -> str:
    """The beginning of a file."""
    return (folder / path).read_text()[:200]


def write_file(folder: Path, path: str, content: str) -> str:
    """Replaces a file. Reversible, so nobody is asked."""
    (folder / path).write_text(content)
    return f"Successfully wrote file: {path}"


def delete_file(folder: Path, path: str) -> str:
    """Deletes a file, if a person says so. Anything but "approve" is a no."""
    answer = interrupt(
        {
            "type": "approval_required",
            "action": "delete_file",
            "file_path": path,
            "message": f"The agent wants to delete the file: {path}. Do you approve?",
        }
    )
    if answer != "approve":
        return f"Delete operation rejected by user. File '{path}' was NOT deleted."
    (folder / path).unlink()
    return f"Successfully deleted file: {path}"


TOOLS: dict[str, Callable[..., str]] = {
    "read_file": read_file,
    "write_file": write_file,
    "delete_file": delete_file,
}


def build(folder: Path, saver: InterlockSaver) -> Any:
    """The graph: the model speaks, its tool calls run beside each other, the model speaks again."""
    model = ScriptedModel()

    def agent(state: MessagesState) -> dict[str, list[BaseMessage]]:
        return {"messages": [model.invoke(state["messages"])]}

    def run_tool(call: ToolCall) -> dict[str, list[BaseMessage]]:
        try:
            result = TOOLS[call["name"]](folder, **call["args"])
        except OSError as error:
            result = f"Error in {call['name']}: {error.strerror}"
        return {"messages": [ToolMessage(result, tool_call_id=call["id"] or "")]}

    def calls(state: MessagesState) -> list[Send] | str:
        message = state["messages"][-1]
        assert isinstance(message, AIMessage)
        return [Send("run_tool", call) for call in message.tool_calls] or END

    builder = StateGraph(MessagesState)
    builder.add_node("agent", agent)
    builder.add_node("run_tool", run_tool)  # type: ignore[arg-type]  # a Send brings the call
    builder.add_edge(START, "agent")
    builder.add_conditional_edges("agent", calls, ["run_tool", END])
    builder.add_edge("run_tool", "agent")
    return builder.compile(checkpointer=saver)


def waiting(graph: Any) -> list[Interrupt]:
    """The questions that nobody has answered."""
    return list(graph.get_state(CONFIG).interrupts)


def decide(question: Interrupt, approved: list[str], ask: bool) -> str:
    """The person's answer."""
    if ask:
        said = input(f"  {question.value['message']} [y/N] ")
        return "approve" if said.strip().lower() in ("y", "yes") else "reject"
    return "approve" if question.value["file_path"] in approved else "reject"


def start(graph: Any) -> None:
    """Works until the agent must ask, says so, and waits for whatever comes."""
    graph.invoke({"messages": [HumanMessage(TASK)]}, CONFIG)
    for question in waiting(graph):
        print(f"paused: {question.value['message']}", flush=True)
    print("waiting", flush=True)
    signal.pause()


def resume(graph: Any, approved: list[str], ask: bool) -> None:
    """Shows what is waiting, answers each question by its id, and lets the agent finish."""
    answers = {}
    for question in waiting(graph):
        answers[question.id] = decide(question, approved, ask)
        print(f"waiting: delete {question.value['file_path']} -> {answers[question.id]}")
    state = graph.invoke(Command(resume=answers), CONFIG)
    for message in state["messages"]:
        if isinstance(message, ToolMessage):
            print(f"tool: {str(message.content).strip()}")
    print(f"agent: {state['messages'][-1].content}")


def main() -> None:
    """Runs one of the two commands."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("command", choices=["start", "resume"])
    parser.add_argument("database")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--approve", nargs="*", default=[], metavar="FILE")
    parser.add_argument("--ask", action="store_true", help="ask at the prompt")
    given = parser.parse_args()
    with InterlockSaver.from_conn_string(given.database) as saver:
        graph = build(given.folder, saver)
        if given.command == "start":
            start(graph)
        else:
            resume(graph, given.approve, given.ask)


if __name__ == "__main__":
    main()
