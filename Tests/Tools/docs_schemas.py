"""Steps about schemas and JSON: what is accepted, which keywords there are, how texts are kept."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from docs_library import Outcome
from docs_session import Session, expect, refusal
from docs_steps import ROOT, Mismatch, Step, codes, pairs

KEYWORDS = ROOT / "Sources/InterlockCore/Schema/SchemaKeyword.swift"
SUITE = ROOT.parent / "shared/testdata/json-parsing"
# Keywords that mean something only in a schema of an older draft.
LATER = {"additionalItems"}


class Schemas(Session):
    """What schemas accept, and which schemas there are."""

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


class Texts(Session):
    """How JSON texts are read."""

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


def member_text(document: str, name: str) -> str:
    """The text of a member of the review, digits untouched: Python would round them."""
    start = document.index(f'"{name}":') + len(name) + 3
    decoder = json.JSONDecoder(parse_float=str, parse_int=str)
    _, end = decoder.raw_decode(document, start)
    return document[start:end]


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
