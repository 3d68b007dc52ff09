"""Endpoints and deliveries: through the Python face."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.request import Request, urlopen

import pytest

import interlock
from interlock import Engine, InterlockError, Sending, Status
from review_tools import APPROVE, MINUTE, NOON, ask_id

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
URL = "https://x.example/hook"


@pytest.fixture
def engine(url: str) -> Any:
    with Engine.open(url, clock=NOON) as opened:
        yield opened


def sent(engine: Engine, **more: Any) -> Sending:
    """One delivery, claimed."""
    engine.endpoints.put("a", URL, secret=SECRET, **more)
    ask_id(engine)
    return engine.deliveries.due(limit=1)["deliveries"][0]


def failed(engine: Engine, sending: Sending) -> interlock.Delivery:
    return engine.deliveries.report(sending["id"], sending["claim"], status="failed")


def test_an_event_is_delivered_and_verified(engine: Engine) -> None:
    sending = sent(engine)
    assert (sending["url"], sending["attempt"], sending["until"]) == (URL, 1, NOON + MINUTE)
    verified = engine.webhooks.verify(sending["body"], sending["headers"], secrets=[SECRET])
    assert verified == {"id": sending["id"], "timestamp": NOON // 1000}
    assert interlock._ask.parsed(sending["body"]) == engine.events.read()["events"][0]
    done = engine.deliveries.report(
        sending["id"], sending["claim"], status="delivered", http_status=204
    )
    assert (done["status"], done["http_status"], done["next_at"]) == ("delivered", 204, None)
    again = engine.deliveries.report(sending["id"], sending["claim"], status="delivered")
    assert again == done == engine.deliveries.get(sending["id"])
    assert engine.deliveries.due() == {"deliveries": [], "next_at": None}


def test_it_backs_off_dies_and_is_retried(engine: Engine) -> None:
    sending = sent(engine, attempts=2)
    waiting = failed(engine, sending)
    assert waiting["status"] == "pending"
    assert waiting["next_at"] is not None
    assert 2500 <= waiting["next_at"] - NOON <= 5000
    assert engine.deliveries.due() == {"deliveries": [], "next_at": waiting["next_at"]}
    engine.set_time(waiting["next_at"])
    second = engine.deliveries.due()["deliveries"][0]
    assert (second["id"], second["attempt"]) == (sending["id"], 2)
    assert second["body"] == sending["body"]
    assert failed(engine, second)["status"] == "dead"
    assert [dead["id"] for dead in engine.deliveries.list(status="dead")] == [sending["id"]]
    assert engine.deliveries.retry(sending["id"])["status"] == "pending"
    assert engine.deliveries.due()["deliveries"][0]["attempt"] == 1


def lost(engine: Engine) -> None:
    sending = sent(engine)
    engine.set_time(NOON + MINUTE)
    assert engine.deliveries.due()["deliveries"][0]["id"] == sending["id"]
    failed(engine, sending)


def otherwise(engine: Engine) -> None:
    sending = sent(engine)
    failed(engine, sending)
    engine.deliveries.report(sending["id"], sending["claim"], status="delivered")


def removed(engine: Engine) -> None:
    sending = sent(engine)
    engine.endpoints.remove("a")
    failed(engine, sending)


REFUSALS: list[tuple[Status, Callable[[Engine], Any]]] = [
    (Status.FENCED, lost),
    (Status.CONFLICT, otherwise),
    (Status.CONFLICT, lambda e: e.deliveries.retry(sent(e)["id"])),
    (Status.NOT_FOUND, removed),
    (Status.NOT_FOUND, lambda e: e.deliveries.get("dlv_0")),
    (Status.NOT_FOUND, lambda e: e.endpoints.get("none")),
    (Status.NOT_FOUND, lambda e: e.endpoints.disable("none")),
    (Status.NOT_FOUND, lambda e: e.endpoints.remove("none")),
    (Status.INVALID_ARGUMENT, lambda e: e.endpoints.put("a", "ftp://x")),
    (Status.INVALID_ARGUMENT, lambda e: e.endpoints.put("a", "https://me:pw@x")),
    (Status.INVALID_ARGUMENT, lambda e: e.endpoints.put("a", URL, secret="whsec_AAAA")),
    (Status.INVALID_ARGUMENT, lambda e: e.deliveries.due(limit=0)),
]


@pytest.mark.parametrize(("status", "refused"), REFUSALS)
def test_each_refusal(engine: Engine, status: Status, refused: Callable[[Engine], Any]) -> None:
    with pytest.raises(InterlockError) as caught:
        refused(engine)
    assert caught.value.code is status
    assert type(caught.value) is interlock.errors._TABLE[status][0]
    assert caught.value.details["code"] == status.name


def test_an_error_is_kept_up_to_its_limit(engine: Engine) -> None:
    sending = sent(engine)
    with pytest.raises(interlock.TooLargeError) as caught:
        engine.deliveries.report(sending["id"], sending["claim"], status="failed", error="e" * 4097)
    assert caught.value.path == "/error"
    assert engine.deliveries.get(sending["id"])["status"] == "claimed"
    done = engine.deliveries.report(
        sending["id"], sending["claim"], status="failed", error="e" * 4096
    )
    assert done["error"] == "e" * 4096


def test_endpoints_are_kept_without_showing_their_secret(engine: Engine) -> None:
    made = engine.endpoints.put("b", URL, types=["review.resolved"], description="mails")
    assert made.pop("secret").startswith("whsec_")
    assert engine.endpoints.put("b", URL, types=["review.resolved"], description="mails") == made
    engine.endpoints.put("a", URL, secret=SECRET)
    listed = list(engine.endpoints.list(page_size=1))
    assert [endpoint["name"] for endpoint in listed] == ["a", "b"]
    assert listed[1] == made == engine.endpoints.get("b")
    assert not any("secret" in endpoint for endpoint in listed)
    id = ask_id(engine)
    engine.reviews.respond(id, actor="ana", response=APPROVE)
    engine.deliveries.due(limit=100)
    events = [d["event"] for d in engine.deliveries.list(endpoint="b", page_size=1)]
    assert events == [engine.events.read(types=["review.resolved"])["events"][0]["seq"]]


def test_what_is_disabled_loses_nothing(engine: Engine) -> None:
    engine.endpoints.put("a", URL)
    assert engine.endpoints.disable("a")["status"] == "disabled"
    ask_id(engine)
    assert engine.deliveries.due() == {"deliveries": [], "next_at": None}
    assert engine.endpoints.put("a", URL)["status"] == "disabled"
    engine.endpoints.put("a", URL, enabled=True)
    assert len(engine.deliveries.due()["deliveries"]) == 1


def test_a_host_sends_over_http(engine: Engine) -> None:
    received: list[tuple[dict[str, str], bytes]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            received.append((dict(self.headers.items()), body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        serving = threading.Thread(target=server.handle_request)
        serving.start()
        engine.endpoints.put("a", f"http://127.0.0.1:{server.server_port}/", secret=SECRET)
        ask_id(engine)
        (sending,) = engine.deliveries.due()["deliveries"]
        request = Request(sending["url"], data=sending["body"], headers=sending["headers"])
        with urlopen(request, timeout=10) as answer:
            done = engine.deliveries.report(
                sending["id"], sending["claim"], status="delivered", http_status=answer.status
            )
        serving.join()
    assert done["status"] == "delivered"
    headers, body = received[0]
    assert engine.webhooks.verify(body, headers, secrets=[SECRET])["id"] == sending["id"]


async def test_beside_an_event_loop(engine: Engine) -> None:
    await engine.endpoints.aput("a", URL)
    assert (await engine.endpoints.aget("a"))["url"] == URL
    assert [endpoint["name"] async for endpoint in engine.endpoints.alist()] == ["a"]
    ask_id(engine)
    (sending,) = (await engine.deliveries.adue())["deliveries"]
    await engine.deliveries.areport(sending["id"], sending["claim"], status="delivered")
    assert (await engine.deliveries.aget(sending["id"]))["status"] == "delivered"
    assert [d["id"] async for d in engine.deliveries.alist(page_size=1)] == [sending["id"]]
    await engine.endpoints.adisable("a")
    await engine.endpoints.aremove("a")
    assert (await engine.endpoints.apage())["endpoints"] == []
