# SPDX-License-Identifier: Apache-2.0
"""The addresses of built assets: a name a person writes, a name a cache may keep for ever."""

import json
from collections.abc import Mapping
from pathlib import Path

STATIC = Path(__file__).resolve().parents[1] / "static"
MANIFEST = STATIC / "build" / "manifest.json"


class AssetManifest:
    """What ``npm run build`` wrote: logical name -> path below ``/static/`` with the content's hash in it."""

    def __init__(self, path: Path = MANIFEST, *, watch: bool = False) -> None:
        self._path = path
        self._watch = watch
        self._stamp = 0
        self._names: Mapping[str, str] = {}
        self._read()

    def resolve(self, name: str) -> str:
        """Return the path below ``/static/``; a file that needs no build keeps its own name."""
        if self._watch:
            self._read()
        return self._names.get(name, name)

    @property
    def is_built(self) -> bool:
        """Whether the front end has been built at all."""
        return bool(self._names)

    def _read(self) -> None:
        if not self._path.exists():
            return
        stamp = self._path.stat().st_mtime_ns
        if stamp != self._stamp:
            self._names = json.loads(self._path.read_text(encoding="utf-8"))
            self._stamp = stamp
