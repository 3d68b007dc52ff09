"""What an open store has: its reviews, its runs and so on, each with functions of its own."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._handle import Handle
    from ..audit import Audit
    from ..checkpoints import Checkpoints
    from ..deliveries import Deliveries
    from ..endpoints import Endpoints
    from ..events import Events
    from ..feedback import Feedback
    from ..graphs import Graphs
    from ..messages import Messages
    from ..permits import Permits
    from ..policies import Policies
    from ..reviews import Reviews
    from ..runs import Runs
    from ..threads import Threads
    from ..tokens import Tokens
    from ..webhooks import Webhooks


class Nouns:
    """The part of `Engine` that leads to its reviews, its runs and so on."""

    __slots__ = (
        "__weakref__",
        "_audit",
        "_checkpoints",
        "_deliveries",
        "_endpoints",
        "_events",
        "_feedback",
        "_graphs",
        "_messages",
        "_permits",
        "_policies",
        "_reviews",
        "_runs",
        "_threads",
        "_tokens",
        "_url",
        "_webhooks",
        "handle",
    )

    def __init__(self, handle: Handle, url: str) -> None:
        """Not for callers: use `Engine.open`."""
        # Imported here, not at first use: a child that is forked while another thread imports
        # would wait for that thread for ever.
        from ..audit import Audit
        from ..checkpoints import Checkpoints
        from ..deliveries import Deliveries
        from ..endpoints import Endpoints
        from ..events import Events
        from ..feedback import Feedback
        from ..graphs import Graphs
        from ..messages import Messages
        from ..permits import Permits
        from ..policies import Policies
        from ..reviews import Reviews
        from ..runs import Runs
        from ..threads import Threads
        from ..tokens import Tokens
        from ..webhooks import Webhooks

        self.handle = handle
        self._url = url
        self._audit = Audit(handle)
        self._checkpoints = Checkpoints(handle)
        self._deliveries = Deliveries(handle)
        self._endpoints = Endpoints(handle)
        self._events = Events(handle)
        self._permits = Permits(handle)
        self._feedback = Feedback(handle)
        self._graphs = Graphs(handle)
        self._messages = Messages(handle)
        self._policies = Policies(handle)
        self._reviews = Reviews(handle)
        self._runs = Runs(handle)
        self._threads = Threads(handle)
        self._tokens = Tokens(handle)
        self._webhooks = Webhooks(handle)

    @property
    def checkpoints(self) -> Checkpoints:
        """The checkpoints and pending writes of this store. Since 0.1."""
        return self._checkpoints

    @property
    def threads(self) -> Threads:
        """The threads of this store. Since 0.1."""
        return self._threads

    @property
    def reviews(self) -> Reviews:
        """The reviews of this store. Since 0.1."""
        return self._reviews

    @property
    def policies(self) -> Policies:
        """The policies of this store. Since 0.1."""
        return self._policies

    @property
    def runs(self) -> Runs:
        """The runs of this store. Since 0.1."""
        return self._runs

    @property
    def graphs(self) -> Graphs:
        """The graphs of this store that wait for people. Since 0.1."""
        return self._graphs

    @property
    def permits(self) -> Permits:
        """The permits of this store. Since 0.1."""
        return self._permits

    @property
    def tokens(self) -> Tokens:
        """The tokens of this store. Since 0.1."""
        return self._tokens

    @property
    def webhooks(self) -> Webhooks:
        """Webhooks, signed and verified, and those that came in. Since 0.1."""
        return self._webhooks

    @property
    def endpoints(self) -> Endpoints:
        """Where events are pushed. Since 0.1."""
        return self._endpoints

    @property
    def deliveries(self) -> Deliveries:
        """Events on their way to endpoints. Since 0.1."""
        return self._deliveries

    @property
    def events(self) -> Events:
        """The events of this store. Since 0.1."""
        return self._events

    @property
    def messages(self) -> Messages:
        """The messages of this store. Since 0.1."""
        return self._messages

    @property
    def feedback(self) -> Feedback:
        """The feedback of this store. Since 0.1."""
        return self._feedback

    @property
    def audit(self) -> Audit:
        """The audit trail of this store. Since 0.1."""
        return self._audit
