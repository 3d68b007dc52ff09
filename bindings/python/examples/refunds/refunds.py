"""Refunds that people allow, paid by workers that may die at any moment.

    python refunds.py ask DATABASE ORDER...       each order asks and waits
    python refunds.py answer DATABASE approve     or reject: all that wait
    python refunds.py work DATABASE LEDGER NAME   pays until nothing is left; start several

Kill a worker while it pays: another one takes over after two seconds, with the same answer, and
nobody is asked again. When its worker died, the payment may have been made or not: the order is its
idempotency key, and a bank (here the ledger) that has seen it does not pay again.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any, TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.types import interrupt

from interlock import Engine
from interlock.langgraph import InterlockSaver, Resumed, Resumer

LEASE_MS = 2000  # a worker that was silent for so long is taken for dead


class Refund(TypedDict, total=False):
    """The state of one refund."""

    order: str
    answer: str
    paid_by: str


def graph_of(saver: InterlockSaver, ledger: Path, worker: str) -> Any:
    """Ask, then pay."""

    def ask(state: Refund) -> Refund:
        return {"answer": interrupt({"question": f"Refund {state['order']}?", "action": "refund"})}

    def pay(state: Refund) -> Refund:
        if state["answer"] != "approve":
            return {"paid_by": "nobody"}
        print(f"{worker} pays {state['order']}", flush=True)
        time.sleep(1)  # a slow bank
        if state["order"] not in ledger.read_text().split():
            with ledger.open("a") as file:
                file.write(f"{state['order']}\n")
        return {"paid_by": worker}

    builder = StateGraph(Refund)
    builder.add_node("ask", ask)
    builder.add_node("pay", pay)
    builder.add_edge(START, "ask")
    builder.add_edge("ask", "pay")
    builder.add_edge("pay", END)
    return builder.compile(checkpointer=saver)


def ask(database: str, *orders: str) -> None:
    """Begin with these orders; each stops at its question."""
    with InterlockSaver(database, graph="refunds") as saver:
        graph = graph_of(saver, Path(), "nobody")
        for order in orders:
            graph.invoke({"order": order}, {"configurable": {"thread_id": order}})
            print(f"{order} waits")


def answer(database: str, option: str) -> None:
    """Answer what waits."""
    with Engine.open(database, must_exist=True) as engine:
        for review in [*engine.reviews.list(status="pending")]:
            engine.reviews.respond(review["id"], actor="ana", response={"selectedOption": option})
            print(f"{review['title']} {option}")


def work(database: str, ledger: str, name: str) -> None:
    """Pay what was allowed, until every order has come to its end."""

    def tell(done: Resumed) -> None:
        paid_by = None if done.result is None else done.result["paid_by"]
        print(f"{done.thread} paid by {paid_by}", flush=True)

    path = Path(ledger)
    path.touch()
    with InterlockSaver(database, graph="refunds") as saver:
        graph = graph_of(saver, path, name)
        resumer = Resumer(saver.engine, graph, worker=name, lease_ms=LEASE_MS, on_resumed=tell)
        while is_open(saver.engine):
            if resumer.run_once() is None:
                time.sleep(0.1)  # another worker is at it, or a dead one's lease has not run out


def is_open(engine: Engine) -> bool:
    """Whether an answer waits for its graph."""
    return any(
        interrupt["status"] in ("answered", "applying")
        for thread in engine.threads.list()
        for interrupt in engine.graphs.interrupts(thread)
    )


if __name__ == "__main__":
    {"ask": ask, "answer": answer, "work": work}[sys.argv[1]](*sys.argv[2:])
