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

import os
import sys
from pathlib import Path

from docs_library import Library
from docs_programs import Programs
from docs_reviews import ManyAnswers, OneReview
from docs_schemas import Schemas, Texts
from docs_steps import ROOT, Mismatch, steps

CATALOGUE = ROOT / "Sources/Interlock/Interlock.docc"


class Page(OneReview, ManyAnswers, Schemas, Texts, Programs):
    """Every step that a page may have."""


def main() -> int:
    """Checks every page and counts."""
    default = os.environ.get("INTERLOCK_LIBRARY", ROOT / ".build-dist/release/libinterlock.so")
    library = Library(Path(sys.argv[1] if len(sys.argv) > 1 else default).resolve())
    passed = failed = 0
    for page in [ROOT / "README.md", *sorted(CATALOGUE.rglob("*.md"))]:
        session = Page(library)
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
