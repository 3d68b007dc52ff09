"""The errors of permits."""

from __future__ import annotations

from .base import InterlockError


class PermitError(InterlockError):
    """A refusal of a permit. Nothing was changed but the audit trail. Since 0.1."""


class ArgsChangedError(PermitError):
    """The tool or the arguments are not those that were approved. Since 0.1."""


class AlreadyUsedError(PermitError):
    """The permit was used, or its use was reported otherwise. Since 0.1."""


class UnknownEffectError(PermitError):
    """The permit was used and nobody reported: the effect may have happened. Since 0.1."""


class NotUsedError(PermitError):
    """A report about a permit that was not used. Since 0.1."""


class UnknownPermitError(PermitError, LookupError):
    """There is no such permit. Since 0.1."""
