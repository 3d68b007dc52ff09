"""How the reviews of guarded tools are to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from interlock.reviews.requests import in_milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from interlock.documents import Actor


class Templates:
    """The members of reviews, by tool."""

    def __init__(
        self,
        common: Mapping[str, Any] | None,
        by_tool: Mapping[str, Mapping[str, Any]] | None,
        tools: Iterable[str],
        *,
        share: bool,
    ) -> None:
        """Take them.

        Args:
            common: those of all tools.
            by_tool: what is otherwise for one tool.
            tools: the guarded tools.
            share: several tools may share one review.

        Raises:
            ValueError: a tool is not guarded, or tools that share a review have several policies.
        """
        guarded = {*tools}
        for name in by_tool or {}:
            if name not in guarded:
                raise ValueError(f"`reviews` names {name!r}, which is not in `interrupt_on`")
        self._by_tool = {
            name: _expanded({**(common or {}), **(by_tool or {}).get(name, {})}) for name in guarded
        }
        policies = [template.get("policy") for template in self._by_tool.values()]
        if share and any(policy != policies[0] for policy in policies):
            raise ValueError(
                "tools with policies of their own need a review each: interrupt_mode='per_call'"
            )

    def of(self, tools: Sequence[str]) -> dict[str, Any]:
        """The members of the one review of these tool calls: the first that says something wins."""
        merged: dict[str, Any] = {}
        for name in tools:
            for member, value in self._by_tool[name].items():
                if member in ("expires_in", "deadline") and member in merged:
                    merged[member] = min(merged[member], value)
                else:
                    merged.setdefault(member, value)
        return merged


def _expanded(template: Mapping[str, Any]) -> dict[str, Any]:
    """With "identity" as what it stands for: who is asked, and who alone may answer."""
    members = in_milliseconds(dict(template))
    identity: str | Actor | None = members.pop("identity", None)
    if identity is not None:
        if "policy" in members:
            raise ValueError("a review has an identity or a policy, not both")
        approver = identity if not isinstance(identity, str) else {"value": identity}
        approver = {"type": approver.get("type", "user_id"), "value": approver["value"]}
        members["assignee"] = approver
        members["policy"] = {"stages": [{"approvers": [approver]}]}
    return members
