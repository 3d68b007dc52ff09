"""The documents of people: who acts, who is asked, who may answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypedDict

if TYPE_CHECKING:
    from collections.abc import Sequence

IdentityType = Literal["user_id", "email", "phone", "wallet", "agent", "system"]


class _Valued(TypedDict):
    value: str


class Actor(_Valued, total=False):
    """Who acts or is asked. Since 0.1.

    Attributes:
        value: the name, 1 to 512 bytes of UTF-8.
        type: what sort of name it is; "user_id" if it is left out.
        roles: roles that the host vouches for.
    """

    type: IdentityType
    roles: Sequence[str]


class Approver(TypedDict, total=False):
    """Who may answer a stage: an identity, or a role, or a type of identity. Since 0.1.

    Attributes:
        type: alone: every identity of this type; else that of the identity.
        value: the name of the identity.
        role: alone: everybody who has this role.
    """

    type: IdentityType
    value: str
    role: str
