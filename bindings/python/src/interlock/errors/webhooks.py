"""The errors of webhooks."""

from __future__ import annotations

from .base import InterlockError


class SignatureInvalidError(InterlockError):
    """No signature of the webhook is of one of the secrets. Since 0.1."""


class TimestampStaleError(InterlockError):
    """The webhook is signed, and too old or too far in the future. Since 0.1."""
