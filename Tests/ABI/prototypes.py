#!/usr/bin/env python3
"""Reads interlock.h with clang and prints it as a C table, as text, or compares it with a text.

prototypes.py table HEADER              the prototype table of ffi.c
prototypes.py text HEADER               functions, struct layouts and constants, one a line
prototypes.py names HEADER              the functions, one a line
prototypes.py compare TEXT HEADER       fails unless HEADER only adds to TEXT
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass

# clang writes both of these into its types; neither is part of an ABI.
NOISE = re.compile(r"\b(_Nullable|struct) ?")

FFI_TYPES = {
    "void": "void",
    "int": "sint32",
    "long": "sint64",
    "unsigned int": "uint32",
    "unsigned long": "uint64",
}


@dataclass(frozen=True)
class Function:
    name: str
    result: str
    arguments: tuple[str, ...]


@dataclass(frozen=True)
class Field:
    name: str
    offset: int
    type: str


@dataclass(frozen=True)
class Record:
    name: str
    size: int
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Header:
    functions: tuple[Function, ...]
    records: tuple[Record, ...]
    aliases: dict[str, str]
    constants: dict[str, str]


def find_clang() -> str:
    names = [os.environ.get("CLANG", ""), "clang"]
    names += [f"clang-{version}" for version in range(21, 12, -1)]
    for name in names:
        if name and shutil.which(name):
            return name
    raise SystemExit("prototypes.py: no clang on PATH; set CLANG")


def run_clang(header: str, *options: str) -> str:
    command = [find_clang(), "-std=c99", "-x", "c", *options, header]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"prototypes.py: {' '.join(command)}\n{done.stderr}")
    return done.stdout


def plain(type_name: str) -> str:
    return re.sub(r"\s+", " ", NOISE.sub("", type_name)).replace("* *", "**").strip()


def read_functions(tree: dict) -> tuple[Function, ...]:
    functions = []
    for node in tree["inner"]:
        if node["kind"] != "FunctionDecl" or not node["name"].startswith("interlock_"):
            continue
        result = plain(node["type"]["qualType"].split("(")[0])
        arguments = [
            plain(child["type"]["qualType"])
            for child in node.get("inner", [])
            if child["kind"] == "ParmVarDecl"
        ]
        functions.append(Function(node["name"], result, tuple(arguments)))
    return tuple(functions)


def read_aliases(tree: dict) -> dict[str, str]:
    """The typedefs of numbers: name to the type behind it."""
    aliases = {}
    for node in tree["inner"]:
        if node["kind"] == "TypedefDecl" and node["type"].get("desugaredQualType"):
            aliases[node["name"]] = node["type"]["desugaredQualType"]
        elif node["kind"] == "TypedefDecl":
            aliases[node["name"]] = node["type"]["qualType"]
    return aliases


def read_records(dump: str) -> tuple[Record, ...]:
    """Parses the record layouts of clang; a field is indented by two, its own fields by more."""
    records = []
    for block in dump.split("*** Dumping AST Record Layout")[1:]:
        title = re.search(r"\| struct (interlock_\w+)\n", block)
        size = re.search(r"\[sizeof=(\d+)", block)
        if not title or not size:
            continue
        fields = [
            Field(name, int(offset), plain(type_name))
            for offset, type_name, name in re.findall(
                r"^ *(\d+) \|   (\S.*[ *])(\w+)$", block, re.MULTILINE
            )
        ]
        records.append(Record(title[1], int(size[1]), tuple(fields)))
    return tuple(records)


def read_constants(macros: str) -> dict[str, str]:
    """The INTERLOCK_ numbers. The text INTERLOCK_VERSION changes with every release."""
    found = re.findall(r"^#define (INTERLOCK_\w+) \(?(-?\d+u?)\)?$", macros, re.MULTILINE)
    return dict(found)


def read_header(path: str) -> Header:
    tree = json.loads(run_clang(path, "-fsyntax-only", "-Xclang", "-ast-dump=json"))
    layouts = run_clang(path, "-fsyntax-only", "-Xclang", "-fdump-record-layouts-complete")
    return Header(
        functions=read_functions(tree),
        records=read_records(layouts),
        aliases=read_aliases(tree),
        constants=read_constants(run_clang(path, "-dM", "-E")),
    )


def ffi_type(header: Header, name: str) -> str:
    if name.endswith("*"):
        return "&ffi_type_pointer"
    while name in header.aliases and header.aliases[name] != name:
        name = header.aliases[name]
    return f"&ffi_type_{FFI_TYPES[name]}"


def table(header: Header) -> list[str]:
    most = max(len(function.arguments) for function in header.functions)
    lines = [
        "#include <ffi.h>",
        f"#define PROTOTYPE_ARGUMENTS {most}",
        "typedef struct prototype {",
        "  const char *name;",
        "  ffi_type *result;",
        "  unsigned argument_count;",
        "  ffi_type *arguments[PROTOTYPE_ARGUMENTS];",
        "} prototype;",
        "static prototype prototypes[] = {",
    ]
    for function in header.functions:
        arguments = [ffi_type(header, name) for name in function.arguments] or ["NULL"]
        lines.append(
            f'  {{"{function.name}", {ffi_type(header, function.result)},'
            f" {len(function.arguments)}, {{{', '.join(arguments)}}}}},"
        )
    lines.append("};")
    return lines


def text(header: Header) -> list[str]:
    lines = []
    for function in header.functions:
        arguments = ", ".join(function.arguments) or "void"
        lines.append(f"function {function.name}: {function.result} ({arguments})")
    for name, target in header.aliases.items():
        if name.startswith("interlock_") and target not in (name, f"struct {name}"):
            lines.append(f"type {name}: {target}")
    for record in header.records:
        lines.append(f"struct {record.name}: {record.size}")
        lines += [
            f"field {record.name}.{field.name}: {field.offset} {field.type}"
            for field in record.fields
        ]
    lines += [f"constant {name}: {value}" for name, value in header.constants.items()]
    return sorted(lines)


def differences(old: list[str], header: Header) -> list[str]:
    """What the header takes away from or changes in an older one."""
    new = dict(line.split(": ", 1) for line in text(header))
    growing = {
        f"struct {record.name}"
        for record in header.records
        if any(field.name == "struct_size" for field in record.fields)
    }
    found = []
    for line in old:
        key, value = line.split(": ", 1)
        now = new.get(key)
        if now == value or (key in growing and now is not None and int(now) >= int(value)):
            continue
        found.append(f"{key} was {value}, is {now or 'gone'}")
    return found


def compare(old_path: str, header: Header) -> int:
    with open(old_path, encoding="utf-8") as file:
        old = file.read().splitlines()
    found = differences(old, header)
    for line in found:
        print(f"  {line}")
    added = len(text(header)) - len(old)
    print(f"abi: {len(old)} lines of {os.path.basename(old_path)} checked, {added} added")
    print(f"abi: {len(old) - len(found)} passed, {len(found)} failed")
    return 1 if found or not old else 0


def main(arguments: list[str]) -> int:
    match arguments:
        case ["table", path]:
            print("\n".join(table(read_header(path))))
        case ["text", path]:
            print("\n".join(text(read_header(path))))
        case ["names", path]:
            print("\n".join(function.name for function in read_header(path).functions))
        case ["compare", old_path, path]:
            return compare(old_path, read_header(path))
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
