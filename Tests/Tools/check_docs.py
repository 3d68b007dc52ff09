"""Runs the examples of the guide against the library: what is shown there is what happens.

    python Tests/Tools/check_docs.py [LIBRARY]

A comment before a block or a table of README.md or Sources/Interlock/Interlock.docc says what is
checked:

    <!-- check: open -->               a request that opens a review; later steps are about it
    <!-- check: open OUTCOME -->       ... which ends at once
    <!-- check: refuse-open STATUS CODE@PATH ... -->
    <!-- check: respond OUTCOME -->    an answer to it; pending if it stays open
    <!-- check: refuse STATUS CODE@PATH ... -->   an answer that is refused
    <!-- check: call FUNCTION [STATUS] -->        any function; without a selector about the review
    <!-- check: gives -->              what the step before returned holds this; "..." is any
    <!-- check: time +MS -->           the clock moves; no block
    <!-- check: accepted -->           table: answer, verdict, outcome; each to a review of its own
    <!-- check: refused -->            table: answer, detail codes, paths
    <!-- check: definitions -->        table: payload, detail codes, paths; of the kind opened last
    <!-- check: outcomes -->           table: outcome words, outcome; each to a review of its own
    <!-- check: quorum -->             table: approvers, quorum, veto, answers, status or outcome
    <!-- check: schemas -->            table: schema, accepted values, refused values
    <!-- check: refused-schemas -->    table: schema, detail code, path
    <!-- check: patterns -->           table: pattern, texts that match, texts that do not
    <!-- check: formats -->            table: format, accepted texts, refused texts
    <!-- check: keywords ROLE -->      a paragraph of names: all there are of this role
    <!-- check: json -->               table: text, what it is kept as, or nothing if it is refused
    <!-- check: canonical -->          table: text, canonical text
    <!-- check: suite -->              table: files of the JSON parsing suite, accepted or refused
    <!-- check: run -->                a program in Python or C that must end well

    <!-- check: anew -->               an empty store; no block

JSON without such a comment is a mistake. Every page begins with an empty store.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docs_library import Engine, Library, Outcome

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "Sources/Interlock/Interlock.docc"
KEYWORDS = ROOT / "Sources/InterlockCore/Schema/SchemaKeyword.swift"
SUITE = ROOT.parent / "shared/testdata/json-parsing"
PYTHON = ROOT / "bindings/python/src"
LIBRARY = Path(
    sys.argv[1]
    if len(sys.argv) > 1
    else os.environ.get("INTERLOCK_LIBRARY", ROOT / ".build-dist/release/libinterlock.so")
).resolve()

COMMENT = re.compile(r"^<!-- check: (.*?) -->$")
CODE = re.compile(r"(`+)(.+?)\1")
# Functions that are not about one review.
ELSEWHERE = (
    "policy_",
    "event_",
    "audit_",
    "engine_",
    "message_",
    "feedback_",
    "review_open",
    "review_list",
    "token_",
    "webhook_",
    "graph_",
    "endpoint_",
    "delivery_",
)
SELECTORS = {"id", "review_key", "interrupt", "external_id", "thread"}


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


def expect(condition: bool, message: str) -> None:
    """Raises if a condition does not hold."""
    if not condition:
        raise Mismatch(message)


def holds(value: Any, wanted: Any, path: str = "") -> None:
    """Raises if `value` lacks something of `wanted`."""
    if wanted == "...":
        return
    if isinstance(wanted, dict) and isinstance(value, dict):
        for name, member in wanted.items():
            expect(name in value, f"{path}/{name} is missing")
            holds(value[name], member, f"{path}/{name}")
    elif isinstance(wanted, list) and isinstance(value, list):
        expect(len(value) == len(wanted), f"{path} has {len(value)} elements: {value}")
        for index, (one, other) in enumerate(zip(value, wanted, strict=True)):
            holds(one, other, f"{path}/{index}")
    else:
        same = type(value) is type(wanted) and value == wanted
        expect(same, f"{path} is {value!r}, not {wanted!r}")


def refusal(outcome: Outcome, status: str, problems: list[str]) -> None:
    """Raises unless a call was refused exactly so."""
    expect(
        outcome.status == status and sorted(outcome.problems) == sorted(problems),
        f"{outcome.status} {' '.join(outcome.problems)} ({outcome.message})",
    )


def state(review: dict[str, Any]) -> str:
    """The outcome of a review, or pending."""
    return str(review["outcome"] or review["status"])


class Session:
    """Runs the steps of one page."""

    def __init__(self, library: Library) -> None:
        """Begins with an empty store."""
        self.library = library
        self.engine = Engine(library)
        self.question: dict[str, Any] = {}
        self.review = ""
        self.result: Any = None

    def run(self, step: Step) -> None:
        """Runs one step."""
        name, *rest = step.words
        method: Callable[..., None] | None = getattr(self, "do_" + name.replace("-", "_"), None)
        expect(method is not None, f"there is no check called {name}")
        assert method is not None
        method(step, *rest)

    # One review and what happens to it

    def do_open(self, step: Step, outcome: str = "pending") -> None:
        self.question = json.loads(step.text)
        opened = self.engine.call("review_open", step.text)
        refusal(opened, "OK", [])
        self.result = opened.value
        self.review = opened.value["review"]["id"]
        expect(state(opened.value["review"]) == outcome, f"it is {state(opened.value['review'])}")

    def do_refuse_open(self, step: Step, status: str, *problems: str) -> None:
        refusal(self.engine.call("review_open", step.text), status, [*problems])

    def do_respond(self, step: Step, outcome: str) -> None:
        answered = self.engine.call("review_respond", self._about(step))
        refusal(answered, "OK", [])
        self.result = answered.value
        found = state(answered.value["review"])
        expect(found == outcome, f"it is {found}")

    def do_refuse(self, step: Step, status: str, *problems: str) -> None:
        # A deadline that has passed is put on record by whatever comes first.
        self.engine.call("engine_tick", {})
        before = self._get()
        refused = self.engine.call("review_respond", self._about(step))
        refusal(refused, status, [*problems])
        self.result = refused.details
        after = self._get()
        counts = before["kind"] == "verify"
        expect(counts or before == after, "a refusal has changed the review")

    def do_call(self, step: Step, function: str, status: str = "OK", *problems: str) -> None:
        done = self.engine.call(function, self._about(step))
        refusal(done, status, [*problems])
        self.result = done.details if status != "OK" else done.value
        if isinstance(done.value, dict) and function == "review_supersede":
            self.review = done.value["review"]["id"]

    def do_gives(self, step: Step) -> None:
        holds(self.result, json.loads(step.text))

    def do_anew(self, step: Step) -> None:
        self.engine.close()
        self.engine = Engine(self.library)

    def do_time(self, step: Step, by: str) -> None:
        self.engine.advance(int(by))

    # Many answers, each to a review of its own

    def do_accepted(self, step: Step) -> None:
        for answer, verdict, outcome in step.rows():
            for text in codes(answer):
                done = self._fresh({"response": json.loads(text)})
                found = done.status, *(done.problems)
                expect(done.status == "OK", f"{text}: {found}")
                got = done.value["decision"]["verdict"], state(done.value["review"])
                expect(got == (*codes(verdict), *codes(outcome)), f"{text}: {got}")

    def do_refused(self, step: Step) -> None:
        for answer, code, path, *_ in step.rows():
            wanted = pairs(code, path)
            for text in codes(answer):
                done = self._fresh({"response": json.loads(text)})
                expect(
                    done.status == "INVALID_RESPONSE" and sorted(done.problems) == sorted(wanted),
                    f"{text}: {done.status} {done.problems}",
                )

    def do_definitions(self, step: Step) -> None:
        for payload, code, path, *_ in step.rows():
            wanted = pairs(code, path, "/payload")
            for text in codes(payload):
                request = {"kind": self.question["kind"], "payload": json.loads(text)}
                done = self.engine.call("review_open", request)
                expect(
                    done.status == "INVALID_PAYLOAD" and sorted(done.problems) == sorted(wanted),
                    f"{text}: {done.status} {done.problems}",
                )

    def do_outcomes(self, step: Step) -> None:
        for words, outcome, *_ in step.rows():
            for word in codes(words):
                done = self._fresh({"outcome": word})
                found = state(done.value["review"]) if done.value else done.status
                expect([found] == codes(outcome), f"{word}: {found}")

    def do_quorum(self, step: Step) -> None:
        for approvers, quorum, veto, answers, outcome, *_ in step.rows():
            stage: dict[str, Any] = {"approvers": [json.loads(text) for text in codes(approvers)]}
            stage |= {"quorum": json.loads(codes(quorum)[0]), "veto": veto == "yes"}
            engine = Engine(self.library)
            opened = engine.call(
                "review_open",
                {"kind": "approval", "payload": {}, "policy": {"stages": [stage]}},
            )
            refusal(opened, "OK", [])
            found = "pending"
            for said in codes(answers):
                actor, word = said.split()
                request = {"id": opened.value["review"]["id"], "actor": actor}
                request["response"] = {"selectedOption": word}
                done = engine.call("review_respond", request)
                expect(done.status == "OK", f"{answers}: {actor} is refused: {done.status}")
                found = state(done.value["review"])
            engine.close()
            expect([found] == codes(outcome), f"{approvers} {quorum} {answers}: {found}")

    # Schemas and JSON

    def do_schemas(self, step: Step) -> None:
        for schema, accepted, refused, *_ in step.rows():
            self._schema(json.loads(codes(schema)[0]), accepted, refused, json.loads)

    def do_refused_schemas(self, step: Step) -> None:
        for schema, code, path, *_ in step.rows():
            done = self._open_schema(json.loads(codes(schema)[0]))
            wanted = pairs(code, path, "/payload/schema")
            expect(done.problems == wanted, f"{schema}: {done.status} {done.problems}")

    def do_patterns(self, step: Step) -> None:
        for pattern, accepted, refused, *_ in step.rows():
            self._schema({"pattern": codes(pattern)[0]}, accepted, refused, str)

    def do_formats(self, step: Step) -> None:
        for format, accepted, refused, *_ in step.rows():
            self._schema({"format": codes(format)[0]}, accepted, refused, str)

    def do_keywords(self, step: Step, role: str) -> None:
        shown = set(codes(step.text))
        known = keywords(role)
        expect(shown == known, f"missing {known - shown}, unknown {shown - known}")
        for name in shown:
            done = self._open_schema({name: None})
            found = done.problems[0].split("@")[0] if done.problems else "accepted"
            if role == "unsupported":
                expect(found == "unsupported", f"{name}: {found}")
            else:
                expect(found != "unsupported" or name in LATER, f"{name}: {found}")

    def do_json(self, step: Step) -> None:
        for text, kept, *_ in step.rows():
            given = codes(text)[0]
            request = '{"kind":"freeform","payload":{},"details":' + given + "}"
            done = self.engine.call("review_open", request)
            found = member_text(done.text, "details") if done.status == "OK" else done.status
            wanted = (codes(kept) or ["INVALID_JSON"])[0]
            expect(found == wanted, f"{given} is kept as {found}")

    def do_canonical(self, step: Step) -> None:
        """Compares through a digest: a receipt holds one of the payload."""
        for text, canonical, *_ in step.rows():
            request = '{"kind":"notify","payload":{"text":"t","x-value":' + codes(text)[0] + "}}"
            opened = self.engine.call("review_open", request)
            refusal(opened, "OK", [])
            receipt = self.engine.call("review_receipt", {"id": opened.value["review"]["id"]})
            wanted = '{"text":"t","x-value":' + codes(canonical)[0] + "}"
            digest = hashlib.sha256(wanted.encode()).hexdigest()
            found = receipt.value["receipt"]["payload_digest"]
            expect(found == digest, f"{text}: another digest than that of {wanted}")

    def do_suite(self, step: Step) -> None:
        rows = {codes(files)[0]: codes(verdict)[0] for files, verdict, *_ in step.rows()}
        if not SUITE.is_dir():
            print(f"{step.place}: {SUITE} is not there; the files were not read")
            return
        names = {path.stem for path in SUITE.glob("i_*.json")}
        expect(names == rows.keys(), f"differs: {names ^ rows.keys()}")
        for name, verdict in rows.items():
            done = self.engine.call("review_open", (SUITE / f"{name}.json").read_bytes())
            found = "refused" if done.status in ("INVALID_JSON", "TOO_LARGE") else "accepted"
            expect(found == verdict, f"{name} is {found}: {done.status} {done.message}")

    # Programs

    def do_run(self, step: Step) -> None:
        with tempfile.TemporaryDirectory() as folder:
            environment = os.environ | {"INTERLOCK_LIBRARY": str(LIBRARY)}
            environment.setdefault("PYTHONPATH", str(PYTHON))
            if step.language == "python":
                command = [sys.executable, "-c", step.text]
            else:
                source = Path(folder) / "example.c"
                source.write_text(step.text)
                compiler = ["cc", "-std=c99", "-Wall", "-Wextra", "-Werror", f"-I{ROOT}/include"]
                link = [str(LIBRARY), f"-Wl,-rpath,{LIBRARY.parent}", "-o", f"{folder}/example"]
                built = subprocess.run(
                    [*compiler, str(source), *link], capture_output=True, text=True
                )
                expect(built.returncode == 0, built.stderr)
                # The name that the library was linked under need not be that of the file.
                (Path(folder) / "libinterlock.so.1").symlink_to(LIBRARY)
                environment["LD_LIBRARY_PATH"] = folder
                command = [f"{folder}/example"]
            done = subprocess.run(
                command, cwd=folder, env=environment, capture_output=True, text=True
            )
            expect(done.returncode == 0, done.stdout + done.stderr)

    # What these share

    def _about(self, step: Step) -> object:
        """The request, about the review that was opened unless it names one."""
        request = json.loads(step.text)
        if "ids" in request:
            request["ids"] = [self.review if name == "..." else name for name in request["ids"]]
        elif (
            not any(word.startswith(ELSEWHERE) for word in step.words)
            and not SELECTORS & request.keys()
        ):
            request = {"id": self.review} | request
        return request

    def _get(self) -> Any:
        return self.engine.call("review_get", {"id": self.review}).value

    def _fresh(self, answer: dict[str, Any]) -> Outcome:
        engine = Engine(self.library)
        opened = engine.call("review_open", self.question)
        review = opened.value["review"]["id"]
        done = engine.call("review_respond", {"id": review, "actor": "ana"} | answer)
        if done.status != "OK" and self.question["kind"] != "verify":
            after = engine.call("review_get", {"id": review}).value
            expect(after == opened.value["review"], f"{answer}: a refusal has changed the review")
        engine.close()
        return done

    def _open_schema(self, schema: object) -> Outcome:
        request = {"kind": "freeform", "payload": {"raw": True, "schema": schema}}
        return self.engine.call("review_open", request)

    def _schema(
        self, schema: object, accepted: str, refused: str, read: Callable[[str], Any]
    ) -> None:
        opened = self._open_schema(schema)
        expect(opened.status == "OK", f"{schema}: {opened.status} {opened.problems}")
        review = opened.value["review"]["id"]
        for cell, wanted in ((accepted, True), (refused, False)):
            for text in codes(cell):
                request = {"id": review, "actor": "ana", "response": read(text)}
                tried = self.engine.call("review_explain", request)
                found = tried.value["answer"]["accepted"]
                expect(found == wanted, f"{schema}: {text} is {'accepted' if found else 'refused'}")


def member_text(document: str, name: str) -> str:
    """The text of a member of the review, digits untouched: Python would round them."""
    start = document.index(f'"{name}":') + len(name) + 3
    decoder = json.JSONDecoder(parse_float=str, parse_int=str)
    _, end = decoder.raw_decode(document, start)
    return document[start:end]


# Keywords that mean something only in a schema of an older draft.
LATER = {"additionalItems"}


def keywords(role: str) -> set[str]:
    """The names of a role, from the table that the compiler of schemas uses."""
    source = KEYWORDS.read_text()
    names = {}
    for case, name in re.findall(r'^  case `?(\w+)`?(?: = "(.+)")?$', source, re.MULTILINE):
        names[case] = name or case
    roles = source[source.index("var role: Role") : source.index("var dialects")]
    for cases, found in re.findall(r"case ((?:[^:]|\n)+?):\s*\.(\w+)", roles):
        if found == role:
            return {names[case.strip(" .`\n")] for case in cases.split(",")}
    raise Mismatch(f"there is no role {role}")


def main() -> int:
    """Checks every page and counts."""
    library = Library(LIBRARY)
    passed = failed = 0
    for page in [ROOT / "README.md", *sorted(CATALOGUE.rglob("*.md"))]:
        session = Session(library)
        try:
            for step in steps(page):
                try:
                    session.run(step)
                    passed += 1
                except (Mismatch, ValueError, LookupError, TypeError) as error:
                    failed += 1
                    kind = "" if isinstance(error, Mismatch) else f"{type(error).__name__}: "
                    print(f"{step.place}: {' '.join(step.words)}: {kind}{error}")
        except Mismatch as error:
            failed += 1
            print(error)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
