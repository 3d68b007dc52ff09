"""Writes Tests/CoreTests/PatternLookAheadRows.swift: what Python's `re` says about look-aheads.

The texts have no line ends and no letters beyond ASCII, where Python and ECMA-262 differ.
"""

from __future__ import annotations

import itertools
import re
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "CoreTests/PatternLookAheadRows.swift"

PATTERNS = [
    # pydantic's Decimal, zod's e-mail address.
    r"^(?!^[-+.]*$)[+-]?0*\d*\.?\d*$",
    r"^(?!\.)(?!.*\.\.)([A-Za-z0-9_'+\-\.]*)[A-Za-z0-9_+-]@([A-Za-z0-9][A-Za-z0-9\-]*\.)+[A-Za-z]{2,}$",
    # What people write for passwords, names and versions.
    r"^(?=.*\d)(?=.*[a-z])(?=.*[A-Z]).{4,}$",
    r"^(?!admin$|root$)[a-z]+$",
    r"^(?!.*--)[a-z][a-z0-9-]*$",
    r"^(?!-)(?!.*-$).+",
    # The rest need not end where a look-ahead ends, nor have anything left.
    r"^(?=a)",
    r"^(?!a)",
    r"^(?=)a",
    r"^(?!)a",
    r"^(?=a|b)[^a]",
    r"^(?=(a|b)+$)(?!aa)a?b*",
    r"^(?=a)(?!a)a",
    r"^(?!^a)[ab]",
    r"^(?=\ba\b)",
    r"^(?=.*b$)a",
    r"^(?!(?:a|b)(?:a|b)$)(?:a|b|-)*$",
    r"^(?=a{2,3})a{1,2}b?$",
    r"^(?=x?)(?!.{3})",
]

TEXTS = ["".join(letters) for n in range(4) for letters in itertools.product("ab-", repeat=n)] + [
    *("0", "1.5", "-1", "+.5", "-", ".", "+-.", "00012.50", "1..2", "1e5", "-.", "0x1", " 1"),
    *(
        "a@b.co",
        ".a@b.co",
        "a..b@c.de",
        "a.b@c.de",
        "a.@c.de",
        "a@b",
        "a+b@x-y.org",
        "a'b_-@c.d.ee",
    ),
    *("Ab1x", "ab1x", "AB1X", "Abxx", "A1b", "x1Abcd", "admin", "admins", "root", "ro", "xroot"),
    *("a-b-c", "a--b", "1-a", "-a-", "a ", "a b", "aabb", "abab", "aaab", "xyz", "xy", "x"),
]


def literal(text: str) -> str:
    """The text as a raw Swift literal: none of these has a quotation mark or a number sign."""
    assert '"' not in text and "#" not in text
    return f'#"{text}"#'


def main() -> None:
    """Writes the file."""
    lines = [
        "// Written by Tests/Tools/look_ahead_rows.py.",
        "",
        "/// Patterns, and in which of `texts` the `re.search` of Python finds each.",
        "enum PatternLookAheadRows {",
        "  static let texts: [String] = [",
        *(f"    {literal(text)}," for text in TEXTS),
        "  ]",
        "",
        "  static let table: [(pattern: String, found: Set<Int>)] = [",
    ]
    for pattern in PATTERNS:
        found = [n for n, text in enumerate(TEXTS) if re.search(pattern, text, re.ASCII)]
        lines.append("    (")
        lines.append(f"      {literal(pattern)},")
        lines.append("      [")
        for start in range(0, len(found), 20):
            lines.append("        " + " ".join(f"{n}," for n in found[start : start + 20]))
        lines += ["      ]", "    ),"]
    lines += ["  ]", "}", ""]
    TARGET.write_text("\n".join(lines))


if __name__ == "__main__":
    main()
