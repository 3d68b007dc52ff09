"""The questions of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._ask import UNSET, ask
from .._offload import twin
from ..reviews import in_milliseconds
from .lease import Lease

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ..documents import Asked, ReviewRequest


class Questions(Lease):
    """The questions of a `Run`."""

    __slots__ = ()

    def ask(
        self,
        key: str,
        value: Any = UNSET,
        *,
        review: ReviewRequest | Mapping[str, Any] | None = None,
    ) -> Asked:
        """Ask, and say whether there is an answer; never leave the program. Since 0.1.

        Ask what else is to be asked, then `suspend`. It is asked once: a program that comes here
        again finds its question.

        Args:
            key: its name in the run.
            value: anything, for whoever resumes with a value; or
            review: the members that `engine.reviews.open` takes: people decide.
        """
        self.beat_if_due()
        request: dict[str, Any] = {"key": key}
        if value is not UNSET:
            request["value"] = value
        if review is not None:
            request["review"] = in_milliseconds(dict(review))
        asked: Asked = ask(self._handle, "interlock_run_interrupt", request)
        return asked

    def interrupt(
        self,
        key: str,
        value: Any = UNSET,
        *,
        review: ReviewRequest | Mapping[str, Any] | None = None,
    ) -> Any:
        """Ask, and leave the program until there is an answer. Since 0.1.

        Args:
            key: its name in the run.
            value: anything, for whoever resumes with a value; or
            review: the members that `engine.reviews.open` takes: people decide.

        Returns:
            The value that the run was resumed with; of a review, a `ReviewAnswer`: look at its
            "outcome", which need not be "approved".

        Raises:
            Suspended: there is no answer yet.
            DivergedError: something else was recorded at this place.
            DuplicateKeyError: the key was used before.
            ReviewError: the review cannot be opened; or the interrupt was cancelled.
        """
        asked = self.ask(key, value, review=review)
        if asked["state"] == "waiting":
            self.leave()
        return asked.get("value")

    def interrupts(self, questions: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        """Ask several things at once, and leave the program until all have an answer. Since 0.1.

        Args:
            questions: by key, each {"value": ...} or {"review": {...}}, as `interrupt` takes them.

        Returns:
            The answers, by key.

        Raises:
            Suspended: some have no answer yet.
            InterlockError: as `interrupt`.
        """
        asked = {key: self.ask(key, **question) for key, question in questions.items()}
        if any(one["state"] == "waiting" for one in asked.values()):
            self.leave()
        return {key: one.get("value") for key, one in asked.items()}

    aask = twin(ask)
    ainterrupt = twin(interrupt)
    ainterrupts = twin(interrupts)
