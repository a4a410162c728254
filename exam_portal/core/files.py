# SPDX-License-Identifier: Apache-2.0
"""Files that must survive: written once, synced with their directory, readable by their owner only."""

import os
from pathlib import Path


def write_new(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Make the file durable with this content; raise FileExistsError where there is one."""
    make_directory(path.parent)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    sync_directory(path.parent)


def write_once(path: Path, content: bytes) -> bytes:
    """Return the content of the file, which is ``content`` if the file did not exist before.

    The content appears whole or not at all, so two processes that start together agree on one.
    """
    if path.exists():
        return path.read_bytes()
    make_directory(path.parent)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    write_new(draft, content)
    try:
        os.link(draft, path)
    except FileExistsError:
        return path.read_bytes()
    finally:
        draft.unlink()
    sync_directory(path.parent)
    return content


def make_directory(path: Path) -> None:
    """Make the directory exist durably, with its parents, readable by its owner only."""
    if path.is_dir():
        return
    make_directory(path.parent)
    path.mkdir(mode=0o700, exist_ok=True)
    sync_directory(path.parent)


def sync_directory(path: Path) -> None:
    """Make the names in this directory durable."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
