# SPDX-License-Identifier: Apache-2.0
"""One installation, one writer: its directory, the lock on its database, and a life tied to the parent's."""

import ctypes
import fcntl
import multiprocessing
import os
import signal
import threading
import time
from pathlib import Path

from exam_portal.core.errors import Unusable
from exam_portal.core.settings import Settings

PR_SET_PDEATHSIG = 1


class InstanceHeld(Unusable):
    """Another process holds the database; two writers could corrupt it, so this one stays out."""

    def __init__(self, path: Path, holder: str) -> None:
        super().__init__(
            f"{path} is held by process {holder or 'unknown'}. While the server runs, do this in the portal, "
            "or stop the server first."
        )
        self.path = path
        self.holder = holder


class InstanceLock:
    """An exclusive lock of the operating system: it ends with the process, however that ends.

    Safe across threads: those that ask together for the first time all return once it is held.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None
        self._mutex = threading.Lock()

    @classmethod
    def beside(cls, file: Path) -> "InstanceLock":
        """Return the lock of this database file."""
        return cls(file.with_name(f"{file.name}.lock"))

    @property
    def is_held(self) -> bool:
        """Whether this object holds the lock."""
        return self._descriptor is not None

    def acquire(self, *, wait_seconds: float = 0) -> bool:
        """Hold the lock, or raise InstanceHeld naming the process that has it; return whether it is new."""
        if self.is_held:
            return False
        with self._mutex:
            is_new = not self.is_held
            if is_new:
                self._descriptor = self._open(wait_seconds)
            return is_new

    def release(self) -> None:
        """Let another process in."""
        with self._mutex:
            if self._descriptor is not None:
                os.close(self._descriptor)
                self._descriptor = None

    def _open(self, wait_seconds: float) -> int:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        until = time.monotonic() + wait_seconds
        while not _try_lock(descriptor):
            if time.monotonic() >= until:
                os.close(descriptor)
                raise InstanceHeld(self.path, self.path.read_text(encoding="ascii").strip())
            time.sleep(0.05)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)
        return descriptor


def prepare(settings: Settings) -> Path:
    """Make the instance directory exist, readable by its owner only, and return it."""
    directory = settings.instance.directory
    if not directory.exists():
        directory.mkdir(parents=True, mode=0o700)
    return directory


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent ends: an orphan would keep port and lock.

    Who the parent is was noted when it made this process: it may have ended since, and then another one is
    named as the parent here.
    """
    made_by = multiprocessing.parent_process()
    parent = made_by.pid if made_by is not None else os.getppid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != parent:  # the parent ended before the kernel was told
        os._exit(1)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
