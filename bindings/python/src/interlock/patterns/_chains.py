"""Approval by several levels: a manager, then a director."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from interlock._ask import given
from interlock._moment import duration

if TYPE_CHECKING:
    from collections.abc import Mapping

    from interlock import Policy, Stage
    from interlock.documents import Duration, ExpiryAction


def approval_chain(
    *levels: str | Stage,
    name: str | None = None,
    distinct: bool = False,
    forbid_requester: bool = False,
    deadline_in: Duration | None = None,
    on_expiry: ExpiryAction | None = None,
) -> Policy:
    """A policy whose levels must all say yes, one after the other; a no ends it. Since 0.1.

    It is for `policy=` of `engine.reviews.open`, `engine.guard` and the tools, or for
    `engine.policies.put` if it has a name.

    Args:
        levels: each the name of a role, or a whole stage, for which the rest does not count.
        name: of the policy.
        distinct: who has answered an earlier level must not answer a later one.
        forbid_requester: who asks must not answer.
        deadline_in: how long each level has, from its opening.
        on_expiry: what happens then; None is as the review says.
    """
    rules = {
        "distinct_from_earlier": distinct or None,
        "forbid_requester": forbid_requester or None,
        "deadline_in": None if deadline_in is None else duration("deadline_in", deadline_in),
        "on_expiry": on_expiry,
    }
    policy: Any = given({"name": name, "stages": [stage(level, rules) for level in levels]})
    return policy  # type: ignore[no-any-return]


def stage(level: str | Stage, rules: Mapping[str, Any]) -> Mapping[str, Any]:
    """The stage of a level: everybody of the role decides it."""
    if not isinstance(level, str):
        return level
    return {"name": level, "approvers": [{"role": level}], **given(rules)}
