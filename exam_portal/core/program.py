# SPDX-License-Identifier: Apache-2.0
"""Which program acts: a hash over its own files, and one over the packages that it runs with."""

import hashlib
from functools import cache
from importlib import metadata, resources
from pathlib import Path

PACKAGES = ("exam_portal", "question_bank", "scoring")
RUNNING = frozenset({".py", ".html", ".txt", ".xml", ".css", ".js", ".mo"})
NOT_RUNNING = "assets"  # what static/build is made from; an installed package lacks it


@cache
def facts() -> dict[str, str]:
    """Return version, ``build`` and ``lock``: what the log states, and `exam-portal version` prints.

    Read once for each process, from the files as they were installed; it takes some tenths of a second.
    """
    return {"version": metadata.version("exam-portal"), "build": _build(), "lock": _lock()}


def packages() -> list[str]:
    """Return every installed package as ``name==version``, sorted: what the lock's hash is made over."""
    found = {(each.name.lower().replace("_", "-"), each.version) for each in metadata.distributions()}
    return sorted(f"{name}=={version}" for name, version in found)


def files() -> list[tuple[str, Path]]:
    """Return the program's own files that run, each with its name below the packages, sorted."""
    roots = [Path(str(resources.files(name))) for name in PACKAGES]
    found = [
        (file.relative_to(root.parent).as_posix(), file)
        for root in roots
        for file in root.rglob("*")
        if file.suffix in RUNNING and NOT_RUNNING not in file.parts[len(root.parts) :]
    ]
    return sorted(found)


def _build() -> str:
    return _hash([f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {name}" for name, file in files()])


def _lock() -> str:
    return _hash(packages())


def _hash(lines: list[str]) -> str:
    whole = "".join(f"{line}\n" for line in lines)
    return f"sha256:{hashlib.sha256(whole.encode()).hexdigest()}"
