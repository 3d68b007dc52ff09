"""The base of every error that the core reports."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..documents import ReviewProblem


class InterlockError(Exception):
    """Base of every error that the core reports. Since 0.1.

    Attributes:
        code: the status number; a `Status` if this version knows it.
        name: its name, e.g. "NOT_FOUND", or "UNKNOWN".
        message: one English line that names the argument or the thing; not for parsing.
        path: JSON pointer or field name of the offending part, or "".
        details: more facts, by name; mostly empty.
        hint: what to do about it, or "".
    """

    def __init__(
        self,
        code: int,
        name: str,
        message: str,
        path: str = "",
        details: dict[str, Any] | None = None,
        hint: str = "",
    ) -> None:
        """Take the six facts as they are."""
        super().__init__(message)
        self.code = code
        self.name = name
        self.message = message
        self.path = path
        self.details: dict[str, Any] = details or {}
        self.hint = hint

    @property
    def problems(self) -> tuple[ReviewProblem, ...]:
        """What is wrong with a document, every problem at once; mostly empty."""
        return tuple(self.details.get("problems", ()))

    def __str__(self) -> str:
        """The name, the message and what to do about it, in one line."""
        text = f"{self.name}: {self.message}"
        return f"{text} ({self.hint})" if self.hint else text

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle with all facts, so that an error may cross to another process."""
        facts = (self.code, self.name, self.message, self.path, self.details, self.hint)
        return type(self), facts
