# SPDX-License-Identifier: Apache-2.0
"""What a page weighs at a first visit: itself, its styles and its scripts, compressed; fonts aside."""

import functools
import gzip
import re
from pathlib import Path

from werkzeug.test import TestResponse

from exam_portal.wsgi import STATIC

LOADED = re.compile(r'(?:<script[^>]+src|<link[^>]+rel="stylesheet"[^>]+href|<img[^>]+src)="([^"]+)"')
IMPORTED = re.compile(r'(?:from|import)\s*\(?["\'](\.[^"\']+)["\']')
OURS = "/static/"


def of(response: TestResponse) -> int:
    """Return the bytes of the response as it travelled, and of all that it loads."""
    travelled = response.get_data()
    is_compressed = response.headers.get("Content-Encoding") == "gzip"
    page = gzip.decompress(travelled) if is_compressed else travelled
    if response.mimetype != "text/html":
        return len(travelled)
    found: set[Path] = set()
    for address in LOADED.findall(page.decode("utf-8")):
        if address.startswith(OURS):
            _collect(STATIC / address.removeprefix(OURS), found)
    return len(travelled) + sum(_size(path) for path in found)


def _collect(path: Path, found: set[Path]) -> None:
    """The file and all modules that it imports are found."""
    if path in found:
        return
    found.add(path)
    if path.suffix in {".js", ".mjs"}:
        for name in _imports(path):
            _collect((path.parent / name).resolve(), found)


@functools.cache
def _imports(path: Path) -> tuple[str, ...]:
    return tuple(IMPORTED.findall(path.read_text(encoding="utf-8")))


@functools.cache
def _size(path: Path) -> int:
    compressed = path.with_name(f"{path.name}.gz")
    return (compressed if compressed.exists() else path).stat().st_size
