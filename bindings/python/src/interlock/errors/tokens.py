"""The errors of tokens."""

from __future__ import annotations

from .reviews import ReviewError


class TokenInvalidError(ReviewError):
    """Forged, changed, revoked, of another store or for another purpose. Since 0.1."""


class TokenUsedError(ReviewError):
    """The token was used. Since 0.1."""


class TokenExpiredError(ReviewError):
    """The token has expired. Since 0.1."""
