"""Ways of asking people that come up again and again, each a few lines over the engine.

Nothing is decided here: each is a policy, a review or a run of the core with the usual members.

    from interlock.patterns import approval_chain, confirm, rejects_after

    policy = approval_chain("manager", "director")
    engine.reviews.open("approval", {}, title="Drop it?", policy=policy, **rejects_after())
    if confirm(engine, "Delete db-7", level="verify", phrase="DELETE db-7"):
        ...
"""

from __future__ import annotations

from ._chains import approval_chain
from ._confirmations import Level, aconfirm, confirm, confirmation, typed
from ._deadlines import Deadline, rejects_after
from ._ladders import Attempt, aclimb, climb, ladder
from ._ratings import acollect_feedback, collect_feedback, rating
from ._steps import aapprove_steps, approve_steps

__all__ = [
    "Attempt",
    "Deadline",
    "Level",
    "aapprove_steps",
    "aclimb",
    "acollect_feedback",
    "aconfirm",
    "approval_chain",
    "approve_steps",
    "climb",
    "collect_feedback",
    "confirm",
    "confirmation",
    "ladder",
    "rating",
    "rejects_after",
    "typed",
]
