"""The saver as an object: opening, closing, copies, serializers, the async face."""

from __future__ import annotations

import asyncio
import copy
from contextvars import ContextVar
from typing import Any

import pytest
from langgraph.checkpoint.serde.encrypted import EncryptedSerializer
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from interlock import ClosedError, Engine
from interlock.langgraph import InterlockSaver
from saver_tools import META, at, config, make, put


async def test_the_async_face_equals_the_sync_one(saver: InterlockSaver) -> None:
    checkpoint = make("1", {"a": [1]})
    stored = await saver.aput(config(), checkpoint, META, checkpoint["channel_versions"])
    assert stored == at("1")
    await saver.aput_writes(stored, [("a", 2)], "T", task_path="~p")
    found = await saver.aget_tuple(config())
    assert found == saver.get_tuple(config())
    assert await saver.aget(config()) == checkpoint
    assert [item async for item in saver.alist(None, filter={"step": 1})] == [found]
    assert await saver.aget_delta_channel_history(config=stored, channels=["a"]) == {
        "a": {"writes": []}
    }
    await saver.acopy_thread("t", "u")
    await saver.acopy_thread("absent", "v")
    await saver.aprune(["u"], strategy="delete_all")
    await saver.adelete_for_runs(["absent"])
    await saver.adelete_thread("t")
    assert await saver.aget_tuple(config()) is None


async def test_context_variables_reach_the_serializer() -> None:
    tenant: ContextVar[str] = ContextVar("tenant")

    class Marking(JsonPlusSerializer):
        def dumps_typed(self, obj: Any) -> tuple[str, bytes]:
            seen.append(tenant.get())
            return super().dumps_typed(obj)

    seen: list[str] = []
    with InterlockSaver(":memory:", serde=Marking()) as saver:
        tenant.set("acme")
        await saver.aput(config(), make("1", {"a": 1}), META, {"a": "1.0.5"})
    assert seen and set(seen) == {"acme"}


def test_from_conn_string_serves_with_and_async_with(url: str) -> None:
    with InterlockSaver.from_conn_string(url) as saver:
        assert type(saver) is InterlockSaver
        saver.setup()
        put(saver, "1")

    async def use() -> None:
        async with InterlockSaver.from_conn_string(url) as again:
            await again.setup()
            found = await again.aget_tuple(config())
            assert (found is not None) == url.endswith(".db")
        with pytest.raises(ClosedError):
            await again.aget_tuple(config())
        async with InterlockSaver(url) as third:
            await third.aput(config(), make("2"), META, {})
        with pytest.raises(ClosedError):
            third.get_tuple(config())

    asyncio.run(use())
    with pytest.raises(ClosedError):
        saver.get_tuple(config())
    saver.close()


def test_an_engine_that_was_given_stays_open() -> None:
    with Engine.open(":memory:") as engine:
        with InterlockSaver(engine) as saver:
            put(saver, "1")
        saver.close()
        assert engine.checkpoints.get("t") is not None
        assert InterlockSaver(engine).get_tuple(config()) is not None


def test_copies_share_the_store(saver: InterlockSaver) -> None:
    strict = InterlockSaver(saver.engine, serde=JsonPlusSerializer(allowed_msgpack_modules=None))
    derived = strict.with_allowlist([("some.module", "Name")])
    assert isinstance(derived, InterlockSaver)
    assert derived is not strict and derived.serde is not strict.serde
    put(derived, "1", {"a": 1})
    twin = copy.copy(derived)
    del derived, strict
    assert twin.get_tuple(config()) == saver.get_tuple(config()) is not None


def test_an_encrypted_serializer_works() -> None:
    class Cipher:
        def encrypt(self, plaintext: bytes) -> tuple[str, bytes]:
            return "xor", bytes(byte ^ 7 for byte in plaintext)

        def decrypt(self, ciphername: str, ciphertext: bytes) -> bytes:
            assert ciphername == "xor"
            return bytes(byte ^ 7 for byte in ciphertext)

    with InterlockSaver(":memory:", serde=EncryptedSerializer(Cipher())) as saver:
        put(saver, "1", {"a": "plain secret"})
        found = saver.get_tuple(config())
        assert found is not None
        assert found.checkpoint["channel_values"] == {"a": "plain secret"}
        stored = saver.engine.checkpoints.get("t")
        assert stored is not None
        assert stored.values["a"].type == "msgpack+xor"
        assert b"secret" not in (stored.values["a"].data or b"") + stored.body
