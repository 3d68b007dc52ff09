"""The programs of the guide: each is run, those in C are compiled first."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from docs_session import Session, expect
from docs_steps import ROOT, Step

PYTHON = ROOT / "bindings/python/src"


class Programs(Session):
    """Programs in Python or C that must end well."""

    def do_run(self, step: Step) -> None:
        with tempfile.TemporaryDirectory() as folder:
            library = self.library.path
            environment = os.environ | {"INTERLOCK_LIBRARY": str(library)}
            environment.setdefault("PYTHONPATH", str(PYTHON))
            if step.language == "python":
                command = [sys.executable, "-c", step.text]
            else:
                source = Path(folder) / "example.c"
                source.write_text(step.text)
                compiler = ["cc", "-std=c99", "-Wall", "-Wextra", "-Werror", f"-I{ROOT}/include"]
                link = [str(library), f"-Wl,-rpath,{library.parent}", "-o", f"{folder}/example"]
                built = subprocess.run(
                    [*compiler, str(source), *link], capture_output=True, text=True
                )
                expect(built.returncode == 0, built.stderr)
                # The name that the library was linked under need not be that of the file.
                (Path(folder) / "libinterlock.so.1").symlink_to(library)
                environment["LD_LIBRARY_PATH"] = folder
                command = [f"{folder}/example"]
            done = subprocess.run(
                command, cwd=folder, env=environment, capture_output=True, text=True
            )
            expect(done.returncode == 0, done.stdout + done.stderr)
