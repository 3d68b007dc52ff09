#!/usr/bin/env python3
"""Checks what the shared library exports and needs, and that all lists of names and numbers agree.

exports.py LIBRARY
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import prototypes

ROOT = Path(__file__).resolve().parent.parent.parent
HEADER = ROOT / "include/interlock.h"
VERSION_SCRIPT = ROOT / "Sources/InterlockABI/interlock.map"
SWIFT_STATUS = ROOT / "Sources/Interlock/Status.swift"
PYTHON_STATUS = ROOT / "bindings/python/src/interlock/errors/status.py"

SONAME = "libinterlock.so.1"
STRIPPED_LIMIT = 8 << 20
# The Swift runtime looks for this class by name, in case a program brings Foundation.
RUNTIME_STRINGS = {"Foundation.__SwiftValue"}
ALLOWED = re.compile(
    r"(libc|libm|libgcc_s|libstdc\+\+|libsqlite3|libpthread|libdl|ld-linux[-\w]*)\.so(\.\d+)*"
)

passed = failed = 0


def check(name: str, complaints: Iterable[str]) -> None:
    """Passes if there is nothing to complain about."""
    global passed, failed
    found = sorted(complaints)
    print(f"exports: {name}{'' if not found else ': FAILED'}")
    for complaint in found:
        print(f"  {complaint}")
    passed += not found
    failed += bool(found)


def run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def differ(left_name: str, left: set, right_name: str, right: set) -> list[str]:
    return [f"only in {left_name}: {item}" for item in left - right] + [
        f"only in {right_name}: {item}" for item in right - left
    ]


def exported(library: str) -> set[str]:
    """The defined dynamic symbols; the name of the version node itself is absolute (A)."""
    symbols = set()
    for line in run("nm", "-D", "--defined-only", library).splitlines():
        _, kind, name = line.split()
        if kind != "A":
            symbols.add(name.split("@")[0])
    return symbols


def scripted() -> set[str]:
    script = VERSION_SCRIPT.read_text(encoding="utf-8")
    section = re.search(r"global:(.*?)local:\s*\*;", script, re.DOTALL)
    return set(re.findall(r"[^\s;]+", section[1])) if section else set()


def header_statuses() -> set[tuple[str, int]]:
    """The numbers between INTERLOCK_OK and the types, which is the status section."""
    section = re.search(
        r"typedef int32_t interlock_status;(.*?)/\* -+ shared types",
        HEADER.read_text(encoding="utf-8"),
        re.DOTALL,
    )
    found = re.findall(r"^#define INTERLOCK_(\w+) (\d+)$", section[1], re.MULTILINE)
    return {(name, int(number)) for name, number in found}


def swift_statuses() -> set[tuple[str, int]]:
    source = SWIFT_STATUS.read_text(encoding="utf-8")
    numbers = dict(re.findall(r"^ *case (\w+) = (\d+)$", source, re.MULTILINE))
    names = dict(re.findall(r'^ *case \.(\w+): "(\w+)"$', source, re.MULTILINE))
    return {(names.get(case, case), int(number)) for case, number in numbers.items()}


def python_statuses() -> set[tuple[str, int]]:
    tree = ast.parse(PYTHON_STATUS.read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == "Status":
            return {
                (item.targets[0].id, item.value.value)
                for item in node.body
                if isinstance(item, ast.Assign) and isinstance(item.value, ast.Constant)
            }
    return set()


def dynamic(library: str) -> dict[str, list[str]]:
    """The dynamic section: tag to values."""
    entries: dict[str, list[str]] = {}
    for line in run("readelf", "-dW", library).splitlines():
        match = re.match(r" *0x[0-9a-f]+ \((\w+)\) *(.*)", line)
        if match:
            bracket = re.search(r"\[(.*)\]", match[2])
            entries.setdefault(match[1], []).append(bracket[1] if bracket else match[2])
    return entries


def stripped_size(library: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        copy = f"{folder}/stripped"
        run("strip", "--strip-unneeded", "-o", copy, library)
        return Path(copy).stat().st_size


def check_names(library: str) -> None:
    functions = {function.name for function in prototypes.read_header(str(HEADER)).functions}
    symbols = exported(library)
    check(
        f"{len(symbols)} symbols, those of the header",
        differ("the library", symbols, "the header", functions),
    )
    check("version script", differ("interlock.map", scripted(), "the header", functions))
    statuses = header_statuses()
    check(
        f"{len(statuses)} status numbers in Swift",
        differ("the header", statuses, "Status.swift", swift_statuses()),
    )
    check(
        "status numbers in Python",
        differ("the header", statuses, "status.py", python_statuses()),
    )


def check_file(library: str) -> None:
    entries = dynamic(library)
    needed = entries.get("NEEDED", [])
    check(
        f"needs {' '.join(sorted(needed))}",
        [f"needs {name}" for name in needed if not ALLOWED.fullmatch(name)],
    )
    soname = entries.get("SONAME", [])
    check(f"SONAME {SONAME}", [] if soname == [SONAME] else [f"SONAME is {soname}"])
    paths = entries.get("RUNPATH", []) + entries.get("RPATH", [])
    check("no RUNPATH but $ORIGIN", [f"RUNPATH {path}" for path in paths if path != "$ORIGIN"])
    flags = " ".join(entries.get("FLAGS", []) + entries.get("FLAGS_1", []))
    wanted = {"BIND_NOW": r"\b(BIND_)?NOW\b", "NODELETE": r"\bNODELETE\b"}
    check(
        "BIND_NOW and NODELETE",
        [f"not {flag}" for flag, pattern in wanted.items() if not re.search(pattern, flags)],
    )
    contents = Path(library).read_bytes()
    strings = {found.decode() for found in re.findall(rb"[ -~]*Foundation[ -~]*", contents)}
    strings.update(name for name in needed if "Foundation" in name)
    check("no Foundation", strings - RUNTIME_STRINGS)
    check("no path of the build folder", [str(ROOT)] if str(ROOT).encode() in contents else [])
    size = stripped_size(library)
    check(
        f"{size} bytes stripped, limit {STRIPPED_LIMIT}",
        [] if size <= STRIPPED_LIMIT else [f"{size} bytes"],
    )


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    check_names(arguments[0])
    check_file(arguments[0])
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
