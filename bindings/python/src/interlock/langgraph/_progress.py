"""A progress bar on stderr: Rich's if it is installed, else one line of text."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Generator

_WIDTH = 40


class Progress(Protocol):
    """Something that is told of every step. Since 0.1."""

    def advance(self) -> None:
        """One step is done."""
        ...


class _Silent:
    def advance(self) -> None:
        """Say nothing."""


class _Line:
    def __init__(self, total: int) -> None:
        self._total = max(1, total)
        self._done = 0
        self._shown = -1

    def advance(self) -> None:
        """Redraw the line when its bar grows."""
        self._done += 1
        filled = _WIDTH * self._done // self._total
        if filled != self._shown:
            self._shown = filled
            bar = "#" * filled + "." * (_WIDTH - filled)
            print(f"\r[{bar}] {self._done}/{self._total}", end="", file=sys.stderr, flush=True)


@contextmanager
def show_progress(total: int, quiet: bool) -> Generator[Progress]:
    """A bar of `total` steps, or silence. Since 0.1."""
    if quiet:
        yield _Silent()
        return
    try:
        from rich.console import Console
        from rich.progress import Progress as RichProgress
    except ImportError:
        yield _Line(total)
        print(file=sys.stderr)
        return
    with RichProgress(console=Console(stderr=True)) as bar:
        task = bar.add_task("importing", total=total)

        class Rich:
            def advance(self) -> None:
                """Move Rich's bar."""
                bar.advance(task)

        yield Rich()
