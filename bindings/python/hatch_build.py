"""Puts the shared library into the wheel and names the platform it runs on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LIBRARY = Path("src/interlock/libinterlock.so.1")
PLATFORM = "INTERLOCK_WHEEL_PLATFORM"


class InterlockBuildHook(BuildHookInterface[Any]):
    """Build hook of the wheel: one library file, tag `py3-none-<platform>`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the library and the tag.

        An editable install is let through without the library: it is found at run time through
        the environment variable `INTERLOCK_LIBRARY`.

        Raises:
            FileNotFoundError: the library file is not there.
        """
        if version == "editable":
            return
        library = Path(self.root) / LIBRARY
        if not library.is_file():
            raise FileNotFoundError(
                f"{LIBRARY} is missing: build the shared library of Interlock "
                "(product `interlock`, with INTERLOCK_DIST=1) and copy it there first"
            )
        platform = os.environ.get(PLATFORM) or f"manylinux_2_34_{os.uname().machine}"
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{platform}"
        build_data["force_include"][str(library)] = "interlock/libinterlock.so.1"
