"""The patterns of the notebook and of the skill as graphs, answered in `engine.reviews`."""

from __future__ import annotations

from typing import Annotated, Any, TypedDict

import pytest
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage
from langgraph.graph import END, START, StateGraph
from langgraph.graph.message import add_messages
from langgraph.types import Command, interrupt

from conftest import Child
from graph_tools import State, answer, config, graph_of, pending, statuses
from interlock import Engine, InvalidResponseError
from interlock.langgraph import InterlockSaver, PauseReviews, Resumer
from review_tools import APPROVE, REJECT

# ------------------------------------------------------------------ the graph of the notebook


class Approval(TypedDict, total=False):
    messages: Annotated[list[AnyMessage], add_messages]
    user_approval: str


PROPOSAL = "I will send the report."
APPROVED = "Action approved and executed!"
REJECTED = "Action rejected and cancelled."


def propose(_: Approval) -> Approval:
    return {"messages": [AIMessage(PROPOSAL)]}


def ask(state: Approval) -> Approval:
    action = state["messages"][-1].content
    question = {"question": "Do you approve this action?", "action": action}
    return {"user_approval": interrupt(question)}


def execute(state: Approval) -> Approval:
    approved = state.get("user_approval", "reject") == "approve"
    return {"messages": [AIMessage(APPROVED if approved else REJECTED)]}


def notebook(saver: Any) -> Any:
    builder: StateGraph[Any] = StateGraph(Approval)
    builder.add_sequence([("propose", propose), ("ask", ask), ("execute", execute)])
    builder.add_edge(START, "propose")
    builder.add_edge("execute", END)
    return builder.compile(checkpointer=saver)


GO: Any = {"messages": [HumanMessage("Send the report.")]}


def said(state: Any) -> list[str]:
    return [message.content for message in state["messages"]]


@pytest.mark.parametrize(
    ("response", "last"), [(APPROVE, APPROVED), (REJECT, REJECTED)], ids=["yes", "no"]
)
def test_N3_N6_N7_N9_execute_interrupt_decide_resume(
    engine: Engine, response: Any, last: str
) -> None:
    graph = notebook(InterlockSaver(engine))
    first = graph.invoke(GO, config())  # 1: execute, 2: give back control
    assert said(first) == ["Send the report.", PROPOSAL]
    assert "user_approval" not in first
    [review] = pending(engine)  # 3: a person reviews and decides
    assert review["kind"] == "approval"
    assert review["details"] == {"question": "Do you approve this action?", "action": PROPOSAL}
    engine.reviews.respond(review["id"], actor="ana", response=response)
    resumed = Resumer(engine, graph).run_once()  # 4: resume with the decision
    assert resumed is not None
    assert resumed.result["user_approval"] == response["selectedOption"]
    assert said(resumed.result) == ["Send the report.", PROPOSAL, last]


def test_N4_without_a_checkpointer_there_is_no_resume(engine: Engine) -> None:
    bare = notebook(None)
    assert "__interrupt__" in bare.invoke(GO, config())
    with pytest.raises(RuntimeError, match="without checkpointer"):
        bare.invoke(Command(resume="approve"), config())
    with pytest.raises(ValueError, match="no InterlockSaver"):
        Resumer(engine, bare)
    assert pending(engine) == []
    graph = notebook(InterlockSaver(engine))
    graph.invoke(GO, config())
    assert said(graph.invoke(Command(resume="approve"), config()))[-1] == APPROVED


def test_N5_N10_G12_the_same_config_goes_on(engine: Engine) -> None:
    graph = notebook(InterlockSaver(engine))
    same = config("simple-hitl-1")
    result = graph.invoke(GO, same)
    assert "__interrupt__" in result
    assert graph.get_state(same).next == ("ask",)
    [review] = pending(engine)
    engine.reviews.respond(review["id"], actor="ana", response=APPROVE)
    result = graph.invoke(Command(resume="approve"), same)
    assert "__interrupt__" not in result
    assert (said(result)[-1], graph.get_state(same).next) == (APPROVED, ())
    assert statuses(engine, "simple-hitl-1") == ["applied"]


def test_N11_threads_are_runs_of_their_own(engine: Engine) -> None:
    graph = notebook(InterlockSaver(engine))
    names = [f"simple-hitl-{number}" for number in (1, 2, 3)]
    for name in names:
        graph.invoke(GO, config(name))
    answer(engine, APPROVE, names[0])
    answer(engine, REJECT, names[1])
    assert Resumer(engine, graph).run_until_idle() == 2
    ends = [said(graph.get_state(config(name)).values)[-1] for name in names]
    assert ends == [APPROVED, REJECTED, PROPOSAL]
    assert [review["thread"] for review in pending(engine)] == names[2:]


def test_N23_the_exact_state_is_resumed_in_another_process(path: str, child: Child) -> None:
    """What ran before the question does not run again; the next turn of the thread goes on."""
    code = (
        "import sys; from interlock import Engine\n"
        "from interlock.langgraph import InterlockSaver; import test_requirements_graph as here\n"
        "with Engine.open(sys.argv[1]) as engine:\n"
        "    here.notebook(InterlockSaver(engine)).invoke(here.GO, here.config())\n"
    )
    child("-c", code, path)
    with Engine.open(path) as engine:
        graph = notebook(InterlockSaver(engine))
        before = graph.get_state(config())
        assert (said(before.values), before.next) == (["Send the report.", PROPOSAL], ("ask",))
        answer(engine, APPROVE)
        resumed = Resumer(engine, graph).run_once()
        assert resumed is not None
        ids = [message.id for message in resumed.result["messages"]]
        assert ids[:2] == [message.id for message in before.values["messages"]]
        graph.invoke(GO, config())  # the same thread: its conversation goes on
        assert len(said(graph.get_state(config()).values)) == 5


@pytest.mark.parametrize(
    "name", ["user-123-session-456", "Größe/日本 😀", " a\tb\n", "x" * 512, "../../etc", "0"]
)
def test_N25_a_thread_is_named_by_its_caller(engine: Engine, name: str) -> None:
    graph = notebook(InterlockSaver(engine))
    graph.invoke(GO, config(name))
    answer(engine, APPROVE, name)
    resumed = Resumer(engine, graph).run_once()
    assert resumed is not None
    assert (resumed.thread, said(resumed.result)[-1]) == (name, APPROVED)
    assert [*engine.threads.list()] == [name]


def test_N37_questions_of_one_node_are_matched_in_order(engine: Engine) -> None:
    def node(_: State) -> Any:
        return {"first": interrupt("name?"), "second": interrupt("age?")}

    graph = graph_of(node, InterlockSaver(engine))
    graph.invoke({}, config())
    asked = []
    for response in ("Ana", 42):
        [review] = pending(engine)
        asked.append(review["details"])
        answer(engine, response)
        assert Resumer(engine, graph).run_until_idle() == 1
    assert asked == ["name?", "age?"]
    assert graph.get_state(config()).values == {"log": [], "first": "Ana", "second": 42}
    assert statuses(engine) == ["applied", "applied"]


# --------------------------------------------------------------------- what resuming repeats


def test_G11_G14_G18_the_answer_is_what_interrupt_returns(engine: Engine) -> None:
    """The node begins anew, and so does what it does before it asks; nobody is asked anew."""
    ran: list[str] = []

    def human_node(state: State) -> Any:
        ran.append("before")
        edited = interrupt({"text_to_revise": state["first"]})
        ran.append("after")
        return {"first": edited}

    graph = graph_of(human_node, InterlockSaver(engine))
    result = graph.invoke({"first": "original text"}, config())
    assert result["__interrupt__"][0].value == {"text_to_revise": "original text"}
    assert ran == ["before"]
    review = answer(engine, "Edited text")
    resumed = Resumer(engine, graph).run_once()
    assert resumed is not None
    assert (resumed.result["first"], resumed.reviews) == ("Edited text", (review,))
    assert ran == ["before", "before", "after"]
    assert [each["id"] for each in engine.reviews.list()] == [review]


EDIT = {"type": "edit", "edited_action": {"name": "send", "args": {"to": "zoe"}}}
CALL = {
    "action_requests": [{"name": "send", "args": {"to": "bob"}, "description": "send"}],
    "review_configs": [{"action_name": "send", "allowed_decisions": ["approve", "edit"]}],
}
AGE = {"type": "integer", "minimum": 0, "maximum": 150}


@pytest.mark.parametrize(
    ("question", "schema", "wrong", "response", "returned"),
    [
        ({"question": "Send it?", "action": "send"}, None, {"selectedOption": "perhaps"},
         REJECT, "reject"),
        ({"question": "What shall I write?"}, {"type": "string"}, None, "Dear Ana", "Dear Ana"),
        (CALL, None, {"decisions": []}, {"decisions": [EDIT]}, {"decisions": [EDIT]}),
        ({"question": "How old are you?"}, AGE, -3, 42, 42),
    ],
    ids=["approve or reject", "request input", "review a tool call", "validate input"],
)  # fmt: skip
def test_G17_the_patterns_of_asking(
    engine: Engine, question: Any, schema: Any, wrong: Any, response: Any, returned: Any
) -> None:
    """What a person may not answer never comes to the graph."""
    options = {} if schema is None else {"response_schema": schema}
    ran: list[Any] = []

    def node(_: State) -> Any:
        ran.append(None)
        return {"first": interrupt(question, **options)}

    graph = graph_of(node, InterlockSaver(engine))
    graph.invoke({}, config())
    [review] = pending(engine)
    with pytest.raises(InvalidResponseError):
        engine.reviews.respond(review["id"], actor="ana", response=wrong)
    assert Resumer(engine, graph).run_once() is None
    assert len(ran) == 1
    answer(engine, response)
    resumed = Resumer(engine, graph).run_once()
    assert resumed is not None
    assert resumed.result["first"] == returned


# --------------------------------------------------------------------- the graph of the skill


class Task(TypedDict, total=False):
    task: str
    proposed_action: dict[str, Any]
    approved: bool | None
    result: str


class Skill:
    """`propose`, a pause, `execute`; and how often each has run."""

    def __init__(self) -> None:
        self.ran: list[str] = []

    async def propose(self, state: Task) -> Task:
        self.ran.append("propose")
        return {"proposed_action": {"do": state["task"]}, "approved": None}

    async def execute(self, state: Task) -> Task:
        self.ran.append("execute")
        done = f"Executed {state['proposed_action']['do']}"
        return {"result": done if state.get("approved") else "Action rejected by user"}

    def graph(self, saver: Any) -> Any:
        builder: StateGraph[Any] = StateGraph(Task)
        builder.add_sequence([("propose", self.propose), ("execute", self.execute)])
        builder.add_edge(START, "propose")
        builder.add_edge("execute", END)
        return builder.compile(checkpointer=saver, interrupt_before=["execute"])


async def paused(engine: Engine, skill: Skill) -> tuple[Any, Any, Any]:
    """The graph at its pause, its config, and the state that it gave back."""
    graph = skill.graph(InterlockSaver(engine))
    where = config()
    asking = {**where, "callbacks": [PauseReviews(graph, "t")]}
    return graph, where, await graph.ainvoke({"task": "deploy"}, asking)


async def test_S4_S8_the_first_call_returns_what_is_proposed(engine: Engine) -> None:
    """Async throughout: the graph, the answer and who goes on."""
    skill = Skill()
    graph, where, state = await paused(engine, skill)
    assert state["proposed_action"] == {"do": "deploy"}
    [review] = [found async for found in engine.reviews.alist(status="pending")]
    details: Any = review["details"]
    assert details["values"]["proposed_action"] == {"do": "deploy"}
    await graph.aupdate_state(where, {"approved": True})
    assert (await graph.ainvoke(None, where))["result"] == "Executed deploy"
    assert (await engine.reviews.aget(review["id"]))["status"] == "superseded"

    other = config("u")
    asking = {**other, "callbacks": [PauseReviews(graph, "u")]}
    await graph.ainvoke({"task": "drop"}, asking)
    [review] = [found async for found in engine.reviews.alist(status="pending")]
    await engine.reviews.arespond(review["id"], actor="ana", outcome="approved")
    resumed = await Resumer(engine, graph).arun_once()
    assert resumed is not None
    assert resumed.result["result"] == "Action rejected by user"  # S3: nobody set approved


@pytest.mark.parametrize("approved", [True, False, None])
async def test_S6_S7_an_update_resumes_without_proposing_again(
    engine: Engine, approved: bool | None
) -> None:
    skill = Skill()
    graph, where, _ = await paused(engine, skill)
    await graph.aupdate_state(where, {"approved": approved})
    state = await graph.ainvoke(None, where)
    assert state["result"] == ("Executed deploy" if approved else "Action rejected by user")
    assert skill.ran == ["propose", "execute"]
