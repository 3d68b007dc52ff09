"""A file agent that asks a person before it deletes anything.

    python agent.py start  DATABASE FOLDER            works until it must ask, then waits
    python agent.py resume DATABASE FOLDER [--approve FILE ...] [--ask]

Reading and writing run at once; every delete stops at `interrupt()`, also when one turn proposes
several. The two commands share nothing but the database and the folder.
"""

from __future__ import annotations

import argparse
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolCall, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool, tool
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.types import Command, Interrupt, Send, interrupt

from interlock.langgraph import InterlockSaver

CONFIG: Any = {"configurable": {"thread_id": "file-agent-1"}}
TASK = "Summarise notes.txt in report.txt, then tidy up: old.log and customers.csv can go."
GUARDED = {"delete_file"}


def call(name: str, identity: str, **arguments: str) -> ToolCall:
    """What a model says when it wants a tool to run."""
    return ToolCall(name=name, args=arguments, id=identity)


class ScriptedModel(BaseChatModel):
    """Stands where a chat model would: says its lines in order, whichever process asks."""

    script: Sequence[AIMessage] = (
        AIMessage("I read the notes.", tool_calls=[call("read_file", "c1", file_path="notes.txt")]),
        AIMessage(
            "I write the report and clean up.",
            tool_calls=[
                call("write_file", "c2", file_path="report.txt", content="All is well.\n"),
                call("delete_file", "c3", file_path="old.log"),
                call("delete_file", "c4", file_path="customers.csv"),
            ],
        ),
        AIMessage("Done. I kept what you wanted to keep."),
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

    def bind_tools(
        self, tools: Sequence[Any], *, tool_choice: str | None = None, **kwargs: Any
    ) -> Runnable[Any, AIMessage]:
        """A script does not choose its tools."""
        return self

    @property
    def _llm_type(self) -> str:
        return "scripted"


def file_tools(folder: Path) -> list[BaseTool]:
    """The tools of the agent. They see this folder only, and report errors as their result."""

    def inside(file_path: str) -> Path:
        path = (folder / file_path).resolve()
        if not path.is_relative_to(folder.resolve()):
            raise PermissionError(f"'{file_path}' is outside of the folder")
        return path

    @tool
    def read_file(file_path: str) -> str:
        """Read the first 200 characters of a file."""
        try:
            return inside(file_path).read_text()[:200]
        except (OSError, UnicodeError) as error:
            return f"Error reading file: {error}"

    @tool
    def write_file(file_path: str, content: str) -> str:
        """Write a file."""
        try:
            inside(file_path).write_text(content)
        except OSError as error:
            return f"Error writing file: {error}"
        return f"Successfully wrote file: {file_path}"

    @tool
    def delete_file(file_path: str) -> str:
        """Delete a file."""
        try:
            inside(file_path).unlink()
        except OSError as error:
            return f"Error deleting file: {error}"
        return f"Successfully deleted file: {file_path}"

    return [read_file, write_file, delete_file]


def is_approved(call: ToolCall) -> bool:
    """Stops until a person has decided about this one call. Anything but "approve" is a no."""
    file_path = call["args"].get("file_path")
    answer = interrupt(
        {
            "type": "approval_required",
            "action": call["name"],
            "file_path": file_path,
            "message": f"The agent wants to delete the file: {file_path}. Do you approve?",
        }
    )
    return bool(answer == "approve")


def build(folder: Path, saver: InterlockSaver, model: BaseChatModel | None = None) -> Any:
    """The graph: the model speaks, its tool calls run beside each other, the model speaks again."""
    tools = {each.name: each for each in file_tools(folder)}
    speaker = (model or ScriptedModel()).bind_tools(list(tools.values()))

    def agent(state: MessagesState) -> dict[str, list[BaseMessage]]:
        return {"messages": [speaker.invoke(state["messages"])]}

    def run_tool(call: ToolCall) -> dict[str, list[BaseMessage]]:
        if call["name"] in GUARDED and not is_approved(call):
            file_path = call["args"].get("file_path")
            result = f"Delete operation rejected by user. File '{file_path}' was NOT deleted."
            return {"messages": [ToolMessage(result, tool_call_id=call["id"] or "")]}
        return {"messages": [tools[call["name"]].invoke(call)]}

    def calls(state: MessagesState) -> list[Send] | str:
        message = state["messages"][-1]
        assert isinstance(message, AIMessage)
        # One task per call: each guarded one has a question of its own, with an id of its own.
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


def decide(question: Interrupt, approved: Sequence[str], ask: bool) -> str:
    """The person's answer."""
    if ask:
        said = input(f"{question.value['message']} [y/N] ")
        return "approve" if said.strip().lower() in ("y", "yes") else "reject"
    return "approve" if question.value["file_path"] in approved else "reject"


def start(graph: Any) -> None:
    """Works until the agent must ask, says so, and waits for whatever comes."""
    begun = bool(graph.get_state(CONFIG).values)
    graph.invoke(None if begun else {"messages": [HumanMessage(TASK)]}, CONFIG)
    for question in waiting(graph):
        print(f"paused: {question.value['message']}", flush=True)
    print("waiting", flush=True)
    signal.pause()


def resume(graph: Any, approved: Sequence[str], ask: bool) -> None:
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
