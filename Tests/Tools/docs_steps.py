"""The pages of the guide as steps: each is a comment that says what is checked, and its block."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMENT = re.compile(r"^<!-- check: (.*?) -->$")
CODE = re.compile(r"(`+)(.+?)\1")


class Mismatch(Exception):
    """The library does something else than the guide says."""


@dataclass
class Step:
    """A marked block or table."""

    place: str
    words: list[str]
    language: str
    text: str

    def rows(self) -> Iterator[list[str]]:
        """The cells of a table, without its head."""
        for line in self.text.splitlines()[2:]:
            cells = re.split(r"(?<!\\)\|", line.strip().strip("|"))
            yield [cell.strip().replace("\\|", "|") for cell in cells]


def codes(cell: str) -> list[str]:
    """What stands between backticks."""
    return [text.strip(" ") for _, text in CODE.findall(cell)]


def steps(page: Path) -> Iterator[Step]:
    """The steps of a page in order."""
    lines = page.read_text().splitlines()
    words: list[str] | None = None
    number = 0
    while number < len(lines):
        line, start = lines[number], number
        number += 1
        place = f"{page.relative_to(ROOT)}:{number}"
        if found := COMMENT.match(line):
            words = found[1].split()
            if words[0] in ("time", "anew"):
                yield Step(place, words, "", "")
                words = None
        elif line.startswith("```"):
            while not lines[number].startswith("```"):
                number += 1
            text = "\n".join(lines[start + 1 : number])
            number += 1
            language = line[3:].strip()
            if language == "json" and words is None:
                raise Mismatch(f"{place}: JSON that nobody checks")
            if words is not None:
                yield Step(place, words, language, text)
            words = None
        elif line.strip() and words is not None:
            while number < len(lines) and lines[number].strip():
                number += 1
            yield Step(place, words, "", "\n".join(lines[start:number]))
            words = None


def pairs(code: str, path: str, root: str = "") -> list[str]:
    """The problems of a row, as `code@path`; a cell without a path means the root."""
    return [f"{one}@{root}{two}" for one, two in zip(codes(code), codes(path) or [""], strict=True)]
