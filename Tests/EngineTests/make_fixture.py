"""Makes the database that FixtureTests reads: once per released schema, never again."""

from __future__ import annotations

import sys

from interlock import ChannelValue, Engine


def main(path: str) -> None:
    """Writes a thread of twenty checkpoints whose log grows, and a second thread."""
    with Engine.open(path) as engine:
        lines: list[str] = []
        for number in range(1, 21):
            lines.append(f"line {number} " + "abcdefgh" * 40)
            name = f"{number:04}"
            engine.checkpoints.put(
                "fixture",
                name,
                parent_id=f"{number - 1:04}" if number > 1 else None,
                type="text",
                body=f"body {number}".encode(),
                metadata={"step": number, "run_id": f"run-{number % 2}"},
                versions={"log": name, "n": name},
                values=[
                    ChannelValue("log", name, "text", "\n".join(lines).encode()),
                    ChannelValue("n", name, "text", str(number).encode()),
                ],
            )
        engine.checkpoints.put_writes(
            "fixture",
            "0020",
            [("answer", "text", b"yes"), ("__interrupt__", "text", b"ask")],
            task_id="task",
        )
        engine.checkpoints.put("other", "0001", checkpoint_ns="child:1")


if __name__ == "__main__":
    main(sys.argv[1])
