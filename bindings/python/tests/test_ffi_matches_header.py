"""The prototype table, the structs and the numbers against the header itself."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from ctypes import sizeof, string_at
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from conftest import HEADER
from interlock import Status, _ffi, _load, _wire
from interlock._listing import Listing

CLANG = shutil.which("clang")
CC = shutil.which("cc")


def spelled(qualified: str) -> str:
    """A C type without the importer's annotations, in one spelling."""
    plain = qualified.replace("_Nullable", "").replace("*", " * ")
    return re.sub(r"\*\s+(?=\*)", "*", " ".join(plain.split())).strip()


@pytest.fixture(scope="module")
def tree() -> list[dict[str, Any]]:
    if CLANG is None:
        print("clang is not on the PATH")
        pytest.skip("clang is not on the PATH, so the header cannot be parsed")
    dumped = subprocess.run(
        [CLANG, "-x", "c", "-fsyntax-only", "-Xclang", "-ast-dump=json", str(HEADER)],
        capture_output=True,
        check=True,
    )
    found: list[dict[str, Any]] = json.loads(dumped.stdout)["inner"]
    return found


@pytest.fixture(scope="module")
def functions(tree: list[dict[str, Any]]) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {
        node["name"]: (
            spelled(node["type"]["qualType"].partition("(")[0]),
            tuple(
                spelled(inner["type"]["qualType"])
                for inner in node.get("inner", ())
                if inner["kind"] == "ParmVarDecl"
            ),
        )
        for node in tree
        if node["kind"] == "FunctionDecl" and node["name"].startswith("interlock_")
    }


@pytest.fixture(scope="module")
def records(tree: list[dict[str, Any]]) -> dict[str, list[tuple[str, str]]]:
    return {
        node["name"]: [
            (inner["name"], spelled(inner["type"]["qualType"]))
            for inner in node["inner"]
            if inner["kind"] == "FieldDecl"
        ]
        for node in tree
        if node["kind"] == "RecordDecl" and node.get("completeDefinition")
        if node.get("name", "").startswith("interlock_")
    }


def macros() -> dict[str, int]:
    found = re.findall(r"^#define INTERLOCK_(\w+) (\d+)u?$", HEADER.read_text(), re.MULTILINE)
    return {name: int(number) for name, number in found}


def test_every_function_has_its_prototype(
    functions: dict[str, tuple[str, tuple[str, ...]]],
) -> None:
    table = {name: (result, given) for name, result, given, _ in _ffi.PROTOTYPES}
    assert table == functions
    assert len(_ffi.PROTOTYPES) == len(functions) == 104


def test_every_function_says_since_when() -> None:
    text = HEADER.read_text()
    for name, _, _, since in _ffi.PROTOTYPES:
        comment = text[: text.index(f" {name}(") if f" {name}(" in text else text.index(name)]
        said = re.findall(r"Since (\d+\.\d+)", comment)
        assert said and said[-1] == since, name


def test_every_struct_has_its_fields(records: dict[str, list[tuple[str, str]]]) -> None:
    assert set(_ffi.STRUCTS) == set(records)
    for name, fields in records.items():
        mine = [field[0] for field in _ffi.STRUCTS[name]._fields_]
        assert mine == [field for field, _ in fields], name


def test_sizes_and_offsets_are_those_of_the_c_compiler(
    records: dict[str, list[tuple[str, str]]], tmp_path: Path
) -> None:
    if CC is None:
        print("cc is not on the PATH")
        pytest.skip("cc is not on the PATH, so no C program can be compiled")
    lines = [
        f'printf("{name} {field} %zu %zu\\n", offsetof({name}, {field}), '
        f"sizeof((({name} *)0)->{field}));"
        for name, fields in records.items()
        for field, _ in fields
    ]
    lines += [f'printf("{name} = %zu 0\\n", sizeof({name}));' for name in records]
    source = tmp_path / "probe.c"
    source.write_text(
        f'#include <stdio.h>\n#include "{HEADER}"\nint main(void) {{{"".join(lines)}}}\n'
    )
    subprocess.run([CC, str(source), "-o", str(tmp_path / "probe")], check=True)
    printed = subprocess.run([tmp_path / "probe"], capture_output=True, text=True, check=True)
    checked = 0
    for line in printed.stdout.splitlines():
        name, field, first, second = line.split()
        struct = _ffi.STRUCTS[name]
        if field == "=":
            assert sizeof(struct) == int(first), name
            assert _wire.LAYOUTS.get(name, int(first)) == int(first), name
        else:
            member = getattr(struct, field)
            assert (member.offset, member.size) == (int(first), int(second)), line
        checked += 1
    assert checked == len(lines)
    assert set(_wire.LAYOUTS) < set(records)


def test_status_numbers_are_those_of_the_header() -> None:
    numbers = macros()
    assert Status.NOT_FOUND == 30
    for status in Status:
        assert numbers[status.name] == status
    others = {"ABI_VERSION"} | {
        name
        for name in numbers
        if name.split("_")[0] in {"OPEN", "DURABILITY", "PRUNE", "PUT", "QUERY"}
    }
    others.add("VALUE_EMPTY")
    assert set(numbers) - {status.name for status in Status} == others
    for name in others:
        assert getattr(_ffi, name) == numbers[name], name


def test_the_library_knows_the_same_names() -> None:
    library = _load.library()
    for status in Status:
        assert library.interlock_status_name(status) == status.name.encode()
    assert library.interlock_status_name(12345) == b"UNKNOWN"
    assert library.interlock_library_abi() == _ffi.ABI_VERSION
    assert library.interlock_library_version() == b"0.1.0"


class Recorder:
    """A library that copies the struct it is given, read as ctypes lays it out."""

    def __init__(self, struct: type) -> None:
        self.struct = struct
        self.seen: Any = None

    def __call__(self, _token: int, given: Any, *_rest: object) -> int:
        self.seen = self.struct.from_buffer_copy(given)
        return 0


def handle_with(**functions: Any) -> Any:
    return SimpleNamespace(token=1, library=SimpleNamespace(**functions))


def shape(struct: Any) -> dict[str, Any]:
    """The fields of a struct; texts by their sizes."""
    return {
        name: getattr(struct, name).size if kind is _ffi.Bytes else getattr(struct, name)
        for name, kind in struct._fields_
    }


def test_the_content_of_bytes_is_where_the_packer_points() -> None:
    for content in (b"", b"x", b"\0" * 1000, bytes(range(256))):
        assert string_at(id(content) + _wire._CONTENT, len(content) + 1) == content + b"\0"


def test_words_of_a_checkpoint_are_the_struct() -> None:
    recorder = Recorder(_ffi.CheckpointInput)
    handle = handle_with(interlock_checkpoint_put=recorder)
    _wire.put_checkpoint(
        handle, (b"t", b"ns", b"idi", b"pare"), (b"typet", b"bodybo", b"metadat"), [], [], 3, 9
    )
    seen = shape(recorder.seen)
    assert seen.pop("versions") and seen.pop("values")
    assert seen == {
        "struct_size": sizeof(_ffi.CheckpointInput), "flags": 3, "thread_id": 1,
        "checkpoint_ns": 2, "checkpoint_id": 3, "parent_id": 4, "type": 5, "body": 6,
        "metadata": 7, "version_count": 0, "value_count": 0, "fence": 9,
    }  # fmt: skip


def test_words_of_writes_are_the_struct() -> None:
    recorder = Recorder(_ffi.WriteInput)
    handle = handle_with(interlock_checkpoint_put_writes=recorder)
    _wire.put_writes(
        handle, (b"t", b"ns", b"idi", b"task", b"pathp"), [(b"c", b"x", b"d")], 3, 9, b"{}"
    )
    seen = shape(recorder.seen)
    assert seen.pop("values")
    assert seen == {
        "struct_size": sizeof(_ffi.WriteInput), "flags": 3, "thread_id": 1, "checkpoint_ns": 2,
        "checkpoint_id": 3, "task_id": 4, "task_path": 5, "value_count": 1, "fence": 9,
        "questions": 2,
    }  # fmt: skip


def test_words_of_a_query_are_the_struct() -> None:
    seen = shape(
        _ffi.CheckpointQuery.from_buffer_copy(
            _wire.query(12, b"t", b"ns", b"idi", b"befo", b"filte", b"cursor", 77)[0]
        )
    )
    assert seen == {
        "struct_size": sizeof(_ffi.CheckpointQuery), "flags": 12, "thread_id": 1,
        "checkpoint_ns": 2, "checkpoint_id": 3, "before_id": 4, "filter": 5, "cursor": 6,
        "limit": 77, "reserved": 0,
    }  # fmt: skip


def test_a_library_that_is_too_old_says_so_when_called() -> None:
    old = SimpleNamespace()
    _ffi.bind(old)  # type: ignore[arg-type]
    with pytest.raises(NotImplementedError, match=r"interlock_thread_list needs libinterlock 0\.1"):
        old.interlock_thread_list()


def test_a_listing_asks_for_all_threads_by_flag() -> None:
    recorder = Recorder(_ffi.CheckpointQuery)

    class Stop(Exception):
        pass

    def ask(*given: Any) -> int:
        recorder(*given)
        raise Stop

    listing = Listing(
        handle_with(interlock_checkpoint_list=ask), thread_id=None, checkpoint_ns=None, limit=5
    )
    with pytest.raises(Stop):
        listing.next_page()
    assert recorder.seen.flags == _ffi.QUERY_ANY_THREAD | _ffi.QUERY_ANY_NAMESPACE
    assert recorder.seen.limit == 5
