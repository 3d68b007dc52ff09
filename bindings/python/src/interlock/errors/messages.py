"""The errors of messages."""

from __future__ import annotations

from .base import InterlockError


class InvalidIterationError(InterlockError):
    """No other try can follow that message. Since 0.1."""


class InGroupError(InterlockError):
    """The message is one of several tries and is not deleted alone. Since 0.1."""


class UnknownMessageError(InterlockError, LookupError):
    """There is no such message. Since 0.1."""
