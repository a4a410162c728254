# SPDX-License-Identifier: Apache-2.0
"""The files of the working tree, as version control sees them."""

import functools
import importlib
import pkgutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import exam_portal

T = TypeVar("T")

ROOT = Path(__file__).resolve().parents[2]


@functools.cache
def files() -> tuple[Path, ...]:
    """Return every file that is or would be under version control."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(path for name in listed.split("\0") if name and (path := ROOT / name).is_file())


def with_suffix(*suffixes: str) -> list[Path]:
    """Return the files whose names end so."""
    return [path for path in files() if path.suffix in suffixes]


def name(path: Path) -> str:
    """Return the path as people write it."""
    return path.relative_to(ROOT).as_posix()


@functools.cache
def import_everything() -> None:
    """Every module of the portal is loaded: a question about all classes is asked of all of them."""
    for found in pkgutil.walk_packages(exam_portal.__path__, "exam_portal."):
        if ".migrations" not in found.name and not found.name.endswith("__main__"):
            importlib.import_module(found.name)


def subclasses(kind: type[T]) -> Iterator[type[T]]:
    """Yield every class of the portal below this one."""
    import_everything()
    for below in dict.fromkeys(_below(kind)):
        if below.__module__.startswith("exam_portal."):
            yield below


def _below(kind: type[T]) -> Iterator[type[T]]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


def is_text(path: Path) -> bool:
    """Whether the file holds no zero byte near its beginning."""
    with path.open("rb") as stream:
        return b"\0" not in stream.read(4096)
