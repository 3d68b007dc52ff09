"""Runs the file agent in two processes: the first is killed while it waits, the second goes on.

python demo.py [--interactive]
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

AGENT = str(Path(__file__).with_name("agent.py"))
FILES = {
    "notes.txt": "The quarter went well.\n",
    "old.log": "2019: nothing happened\n",
    "customers.csv": "ada,lovelace\n",
}
REPORT = "All is well.\n"


def heading(text: str) -> None:
    """A line that stands out, in colour on a terminal."""
    bold, plain = ("\033[1;36m", "\033[0m") if sys.stdout.isatty() else ("", "")
    print(f"\n{bold}{text}{plain}", flush=True)


def show(folder: Path) -> None:
    """What is in the folder."""
    for path in sorted(folder.iterdir()):
        print(f"  {path.name:<14} {path.stat().st_size:>3} bytes")


def first_process(database: str, folder: Path) -> None:
    """Starts the agent, waits until it asks, and kills it."""
    command = [sys.executable, AGENT, "start", database, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip() == "waiting":
                os.kill(process.pid, signal.SIGKILL)
                break
            print(f"  {line.rstrip()}")
        status = process.wait()
    if status != -signal.SIGKILL:
        sys.exit(f"the first process was to be killed while waiting; it ended with {status}")
    print(f"  kill -9 {process.pid}: the process is gone, in the middle of its work")


def second_process(database: str, folder: Path, interactive: bool) -> str:
    """Opens the same database, answers what is waiting, lets the agent finish; what it said."""
    command = [sys.executable, AGENT, "resume", database, str(folder)]
    command += ["--ask"] if interactive else ["--approve", "old.log"]
    said = ""
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        # In pieces, not lines: a prompt has no end of line.
        while piece := os.read(process.stdout.fileno(), 4096).decode():
            print(piece if interactive else re.sub("(?m)^(?=.)", "  ", piece), end="", flush=True)
            said += piece
    if process.returncode != 0:
        sys.exit(f"the second process ended with {process.returncode}")
    return said


def verify(folder: Path, said: str, interactive: bool) -> None:
    """Ends with an error unless the files are as the decisions say."""
    decisions = dict(re.findall(r"waiting: delete (\S+) -> (\w+)", said))
    if not interactive and decisions != {"old.log": "approve", "customers.csv": "reject"}:
        sys.exit(f"these decisions were not made: {decisions}")
    expected = {**FILES, "report.txt": REPORT}
    for name, decision in decisions.items():
        if decision == "approve":
            del expected[name]
    found = {path.name: path.read_text() for path in folder.iterdir()}
    if found != expected:
        sys.exit(f"expected {sorted(expected)}, found {sorted(found)}")


def main() -> None:
    """Plays the whole story in a temporary folder."""
    interactive = "--interactive" in sys.argv[1:]
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root) / "files"
        folder.mkdir()
        database = str(Path(root) / "agent.db")
        for name, content in FILES.items():
            (folder / name).write_text(content)

        heading("The files before")
        show(folder)
        heading("Process 1: the agent works, and stops before it deletes anything")
        first_process(database, folder)
        heading("The files while nobody runs: nothing was deleted")
        show(folder)
        if not all((folder / name).exists() for name in FILES):
            sys.exit("a file was deleted without approval")
        heading("Process 2: another process opens the same database and goes on")
        said = second_process(database, folder, interactive)
        heading("The files after")
        show(folder)
        verify(folder, said, interactive)


if __name__ == "__main__":
    main()
