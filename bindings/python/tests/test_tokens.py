"""Approval links and tickets, and webhooks: through the Python face."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import interlock
from interlock import Engine, InterlockError, Status
from review_tools import APPROVE, MINUTE, NOON, REJECT, ask_id, by, chain

# The example that the Standard Webhooks libraries are tested with.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
MESSAGE = "msg_p5jXN8AQM9LWM0D4loKWxJek"
SECONDS = 1614265330
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.fixture
def engine(url: str) -> Any:
    with Engine.open(url, clock=NOON) as opened:
        yield opened


def link(engine: Engine, review: str, **more: Any) -> str:
    members = {"actor": "ana", "expires_in": MINUTE, **more}
    return engine.tokens.issue("decide", review=review, **members)["token"]


def test_a_link_answers_once(engine: Engine) -> None:
    id = ask_id(engine)
    token = link(engine, id)
    assert engine.tokens.inspect(token)["status"] == "issued"
    first = engine.reviews.respond(token=token, response=APPROVE)
    assert first["review"]["outcome"] == "approved"
    assert (first["decision"]["actor"]["value"], first["decision"]["via"]) == ("ana", "token")
    again = engine.reviews.respond(token=token, response=APPROVE)
    assert again["replayed"]
    assert again["decision"] == first["decision"]
    assert engine.tokens.inspect(token)["status"] == "used"


def test_a_second_click_does_not_approve_the_next_stage(engine: Engine) -> None:
    stages = by("ana", name="manager"), by("ana", name="director")
    id = ask_id(engine, policy=chain(*stages))
    token = link(engine, id)
    for _ in range(3):
        engine.reviews.respond(token=token, response=APPROVE)
    review = engine.reviews.get(id)
    assert (review["status"], review["stage"]) == ("pending", "director")


def used(engine: Engine) -> None:
    token = link(engine, ask_id(engine))
    engine.reviews.respond(token=token, response=APPROVE)
    engine.reviews.respond(token=token, response=REJECT)


def expired(engine: Engine) -> None:
    token = link(engine, ask_id(engine))
    engine.set_time(NOON + MINUTE)
    engine.reviews.respond(token=token, response=APPROVE)


def revoked(engine: Engine) -> None:
    issued = engine.tokens.issue("subscribe", actor="ana", expires_in=MINUTE)
    assert engine.tokens.revoke(issued["id"])["status"] == "revoked"
    engine.tokens.redeem(issued["token"])


def other_verdict(engine: Engine) -> None:
    token = link(engine, ask_id(engine), verdicts=["approve"])
    engine.reviews.respond(token=token, response=REJECT)


def other_content(engine: Engine) -> None:
    engine.webhooks.receive("noxy", "d1", content=1, result=None)
    engine.webhooks.receive("noxy", "d1", content=2)


def verify(engine: Engine, body: bytes = BODY, **changed: Any) -> Any:
    headers = engine.webhooks.sign(BODY, secrets=[SECRET])
    headers.update(changed.pop("headers", {}))
    return engine.webhooks.verify(body, headers, **{"secrets": [SECRET], **changed})


def stale(engine: Engine) -> None:
    headers = engine.webhooks.sign(BODY, secrets=[SECRET])
    engine.set_time(NOON + 300_001)
    engine.webhooks.verify(BODY, headers, secrets=[SECRET])


REFUSALS: list[tuple[Status, Callable[[Engine], Any]]] = [
    (Status.TOKEN_INVALID, lambda e: e.reviews.respond(token="x.y", response=APPROVE)),
    (Status.TOKEN_INVALID, lambda e: e.tokens.redeem(link(e, ask_id(e)))),
    (Status.TOKEN_INVALID, revoked),
    (Status.TOKEN_USED, used),
    (Status.TOKEN_EXPIRED, expired),
    (Status.NOT_AUTHORIZED, other_verdict),
    (Status.INVALID_ARGUMENT, lambda e: e.tokens.revoke()),
    (Status.INVALID_ARGUMENT, lambda e: e.tokens.revoke("id", token="x.y")),
    (Status.SIGNATURE_INVALID, lambda e: verify(e, b"{}")),
    (Status.SIGNATURE_INVALID, lambda e: verify(e, secrets=[OTHER])),
    (Status.SIGNATURE_INVALID, lambda e: verify(e, headers={"webhook-id": "msg_other"})),
    (Status.TIMESTAMP_STALE, stale),
    (Status.INVALID_ARGUMENT, lambda e: verify(e, headers={"webhook-timestamp": "now"})),
    (Status.IDEMPOTENCY_MISMATCH, other_content),
]


@pytest.mark.parametrize(("status", "refused"), REFUSALS)
def test_each_refusal(engine: Engine, status: Status, refused: Callable[[Engine], Any]) -> None:
    with pytest.raises(InterlockError) as caught:
        refused(engine)
    assert caught.value.code is status
    assert type(caught.value) is interlock.errors._TABLE[status][0]
    assert caught.value.details["code"] == status.name
    assert engine.audit.verify().ok


def test_a_token_fits_into_a_link(engine: Engine) -> None:
    id = ask_id(engine)
    roles = [f"{number:0512}" for number in range(8)]
    with pytest.raises(interlock.TooLargeError) as caught:
        link(engine, id, actor={"value": "ana", "roles": roles})
    assert caught.value.path == "/actor"
    token = link(engine, id, actor={"value": "ana", "roles": roles[:7]})
    assert engine.tokens.inspect(token)["actor"]["roles"] == roles[:7]


def test_a_ticket_and_the_rotation_of_keys(engine: Engine) -> None:
    ticket = engine.tokens.issue("subscribe", actor="ana", channel="c", expires_in=MINUTE)["token"]
    keys = engine.tokens.rotate(actor="ops")
    assert [key["until"] for key in keys] == [None, NOON + MINUTE]
    claims = engine.tokens.redeem(ticket)
    assert (claims["channel"], claims["status"]) == ("c", "used")
    with pytest.raises(interlock.TokenUsedError):
        engine.tokens.redeem(ticket)


def test_the_published_webhook(engine: Engine) -> None:
    engine.set_time(SECONDS * 1000)
    headers = engine.webhooks.sign(BODY, secrets=[SECRET], id=MESSAGE)
    assert headers == {
        "webhook-id": MESSAGE,
        "webhook-timestamp": str(SECONDS),
        "webhook-signature": SIGNATURE,
    }
    titled = {name.title(): value for name, value in headers.items()}
    verified = engine.webhooks.verify(str(BODY, "utf-8"), titled, secrets=[OTHER, SECRET])
    assert verified == {"id": MESSAGE, "timestamp": SECONDS}


def test_bytes_of_any_kind_are_signed(engine: Engine) -> None:
    body = bytes(range(256))
    headers = engine.webhooks.sign(body, secrets=[OTHER, SECRET])
    assert headers["webhook-signature"].count("v1,") == 2
    for secret in (OTHER, SECRET):
        assert engine.webhooks.verify(body, headers, secrets=[secret])["id"]


def test_a_repeat_gets_the_first_result(engine: Engine) -> None:
    assert engine.webhooks.receive("noxy", "d1")["replayed"] is False
    first = engine.webhooks.receive("noxy", "d1", result={"status": 200})
    assert first == {"replayed": False, "result": {"status": 200}, "received_at": NOON}
    assert engine.webhooks.receive("noxy", "d1", result=2) == {**first, "replayed": True}
    assert engine.webhooks.receive("noxy", "d1")["result"] == {"status": 200}
    assert engine.webhooks.receive("other", "d1")["replayed"] is False


async def test_beside_an_event_loop(engine: Engine) -> None:
    issued = await engine.tokens.aissue("subscribe", actor="ana", expires_in=MINUTE)
    assert (await engine.tokens.ainspect(issued["token"]))["id"] == issued["id"]
    assert (await engine.tokens.aredeem(issued["token"]))["status"] == "used"
    headers = await engine.webhooks.asign(b"", secrets=[SECRET])
    assert await engine.webhooks.averify(b"", headers, secrets=[SECRET])
    assert (await engine.webhooks.areceive("a", "b", result=1))["result"] == 1
