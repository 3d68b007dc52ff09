"""What is installed beside us is not ours to choose: what will not do is refused, by name."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from conftest import Child

# Stands before the SQLite that is installed, and gives its answers but for one.
OLD = """
int sqlite3_libversion_number(void) { return 3036000; }
const char *sqlite3_libversion(void) { return "3.36.0"; }
"""
ONE_THREAD = "int sqlite3_threadsafe(void) { return 0; }"
NO_LOG = """
#include <dlfcn.h>
#include <string.h>
typedef int prepare(void *, const char *, int, unsigned, void **, void **);
int sqlite3_prepare_v3(void *db, const char *sql, int size, unsigned flags, void **out, void **at) {
  prepare *real;
  *(void **)&real = dlsym(dlopen("libsqlite3.so.0", RTLD_LAZY), "sqlite3_prepare_v3");
  if (strcmp(sql, "PRAGMA journal_mode = WAL") == 0) sql = "PRAGMA journal_mode = DELETE";
  return real(db, sql, size, flags, out, at);
}
"""
LANGGRAPH = 'needs LangGraph 1.2.20 or newer: pip install "interlock[langgraph]"'
LANGCHAIN = 'needs LangChain 1.4.6 or newer: pip install "interlock[langchain]"'
HITL = "langchain.agents.middleware.human_in_the_loop"
OPEN = """
import sys
from interlock import Engine, UnsupportedError
try:
    Engine.open(sys.argv[1]).close()
except UnsupportedError as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("source", "message", "made"),
    [
        (OLD, "SQLite 3.36.0 is loaded, and 3.37.0 or newer is needed", False),
        (ONE_THREAD, "the SQLite that is loaded was built for one thread only", False),
        (NO_LOG, "SQLite cannot keep a write-ahead log for this file", True),
    ],
    ids=["old", "one thread", "no log"],
)
def test_an_unfit_sqlite_is_refused(
    child: Child, path: str, tmp_path: Path, source: str, message: str, made: bool
) -> None:
    library = tmp_path / "before.so"
    (tmp_path / "before.c").write_text(source)
    command = ["cc", "-shared", "-fPIC", "-o", str(library), str(tmp_path / "before.c")]
    subprocess.run(command, check=True)
    done = child("-c", OPEN, path, LD_PRELOAD=str(library))
    assert done.stdout == f"UNSUPPORTED: url {path}: {message}\n"
    assert os.path.exists(path) == made


def test_a_sqlite_that_is_missing_is_explained(child: Child, tmp_path: Path) -> None:
    absent, library = tmp_path / "libsqlite3-absent.so", tmp_path / "needs.so"
    empty = ["cc", "-shared", "-Wl,--no-as-needed", "-x", "c", "/dev/null", "-x", "none"]
    subprocess.run([*empty, "-o", str(absent)], check=True)
    subprocess.run([*empty, str(absent), "-o", str(library)], check=True)
    absent.unlink()
    done = child("-c", OPEN, ":memory:", code=1, INTERLOCK_LIBRARY=str(library))
    assert "Install SQLite 3.37 or newer: libsqlite3-0 of Debian" in done.stderr


@pytest.mark.parametrize(
    ("before", "module", "message"),
    [
        ("sys.modules['langgraph'] = None", "langgraph", LANGGRAPH),
        ("import langgraph.errors as e; del e.UnknownInterruptError", "langgraph", LANGGRAPH),
        ("sys.modules['langchain_core'] = None; import interlock.patterns", "langchain", LANGCHAIN),
        (f"import {HITL} as h; del h.InterruptMode", "langchain", LANGCHAIN),
    ],
    ids=["no LangGraph", "old LangGraph", "no LangChain", "old LangChain"],
)
def test_an_old_framework_is_refused(child: Child, before: str, module: str, message: str) -> None:
    code = f"import sys; {before}; import interlock.{module}"
    done = child("-c", code, code=1)
    assert done.stderr.splitlines()[-1] == f"ImportError: interlock.{module} {message}"
