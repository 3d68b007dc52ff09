"""The run of one page, and whether what the library does there is what the page says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from docs_library import Engine, Library, Outcome
from docs_steps import Mismatch, Step


def expect(condition: bool, message: str) -> None:
    """Raises if a condition does not hold."""
    if not condition:
        raise Mismatch(message)


def holds(value: Any, wanted: Any, path: str = "") -> None:
    """Raises if `value` lacks something of `wanted`."""
    if wanted == "...":
        return
    if isinstance(wanted, dict) and isinstance(value, dict):
        for name, member in wanted.items():
            expect(name in value, f"{path}/{name} is missing")
            holds(value[name], member, f"{path}/{name}")
    elif isinstance(wanted, list) and isinstance(value, list):
        expect(len(value) == len(wanted), f"{path} has {len(value)} elements: {value}")
        for index, (one, other) in enumerate(zip(value, wanted, strict=True)):
            holds(one, other, f"{path}/{index}")
    else:
        same = type(value) is type(wanted) and value == wanted
        expect(same, f"{path} is {value!r}, not {wanted!r}")


def refusal(outcome: Outcome, status: str, problems: list[str]) -> None:
    """Raises unless a call was refused exactly so."""
    expect(
        outcome.status == status and sorted(outcome.problems) == sorted(problems),
        f"{outcome.status} {' '.join(outcome.problems)} ({outcome.message})",
    )


def state(review: dict[str, Any]) -> str:
    """The outcome of a review, or pending."""
    return str(review["outcome"] or review["status"])


class Session:
    """Runs the steps of one page; what a step does is `do_` and its name, in the subclasses."""

    def __init__(self, library: Library) -> None:
        """Begins with an empty store."""
        self.library = library
        self.engine = Engine(library)
        self.question: dict[str, Any] = {}
        self.review = ""
        self.result: Any = None

    def run(self, step: Step) -> None:
        """Runs one step."""
        name, *rest = step.words
        method: Callable[..., None] | None = getattr(self, "do_" + name.replace("-", "_"), None)
        expect(method is not None, f"there is no check called {name}")
        assert method is not None
        method(step, *rest)
