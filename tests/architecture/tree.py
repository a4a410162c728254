# SPDX-License-Identifier: Apache-2.0
"""The files of the working tree, as version control sees them."""

import functools
import subprocess
from pathlib import Path

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


def is_text(path: Path) -> bool:
    """Whether the file holds no zero byte near its beginning."""
    with path.open("rb") as stream:
        return b"\0" not in stream.read(4096)
