"""Asking and answering from C, and reading what happened afterwards."""

from __future__ import annotations

import json
from statistics import median

import native
from common import Bar, Context, Result, in_rounds
from native import CALLS, PEER

COMMIT = Bar(2.0)


def measure(context: Context) -> None:
    """An approval opened, and answered: each beside one commit of a row as large as the request."""
    sizes = (str(context.pick(60, 6)), str(CALLS))
    found = json.loads(native.run(native.build(context, "c_review"), str(context.folder), *sizes))
    times = {name.replace("sqlite", PEER): in_rounds(each, CALLS) for name, each in found.items()}
    for action in ("open", "respond"):
        name = f"{action} of an approval from C, p50"
        context.compare("review", name, times, action, PEER, COMMIT, (1e6, "us"))


def measure_events(context: Context) -> None:
    """A thousand events, and the audit verified, beside reading the rows. Figures to know."""
    reviews, rounds = context.pick(2000, 400), context.pick(50, 5)
    program = native.build(context, "c_events")
    found = json.loads(native.run(program, str(context.folder), str(reviews), str(rounds)))
    times = {name: in_rounds(each, 1) for name, each in found.items()}
    each = {"interlock": times["read"], PEER: times["read plain"]}
    context.compare("events", "1000 events read, p50", each, "interlock", PEER)
    ours, peer = ([reviews / spent for spent in found[side]] for side in ("verify", "verify plain"))
    ratio = median(a / b for a, b in zip(ours, peer, strict=True))
    name = f"audit of {reviews} verified"
    rates = (median(ours), median(peer))
    context.add(Result("events", name, "records/s", *rates, f"{PEER}, read", ratio))
