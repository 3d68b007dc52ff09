"""The saver as the custom checkpointer of `langgraph dev`, driven through the SDK."""

from __future__ import annotations

from pathlib import Path

from langgraph_sdk import get_client

from dev_server import serving


async def test_graph_is_interrupted_copied_and_resumed(tmp_path: Path) -> None:
    """The server keeps its threads in our database, and copies them with the saver's own verb."""
    with serving(tmp_path, "agent") as server:
        async with get_client(url=server.url) as client:
            thread = (await client.threads.create())["thread_id"]
            asked = await client.runs.wait(thread, "agent", input={"some_text": "q3"})
            copy = (await client.http.post(f"/threads/{thread}/copy", json=None))["thread_id"]
            answered = await client.runs.wait(thread, "agent", command={"resume": {"ok": True}})
            state = await client.threads.get_state(thread)
            assert state["values"] == answered
            assert len(await client.threads.get_history(thread)) == 3
        assert isinstance(asked, dict)
        assert asked["__interrupt__"][0]["value"] == {"text_to_revise": "q3"}
        assert answered == {"some_text": {"ok": True}}
        assert "Using custom checkpointer: InterlockSaver" in server.log.read_text()
        with server.engine() as engine:
            assert {thread, copy} <= set(engine.threads.list())
            assert engine.check().ok
