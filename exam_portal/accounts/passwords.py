# SPDX-License-Identifier: Apache-2.0
"""Passwords: hashed with Argon2id, so many at once as the machine can bear, never in the writer's time."""

import functools
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from exam_portal.accounts.errors import PasswordTooWeak, TooBusy

LONGEST = 128
TIME_COST, MEMORY_KIB = 2, 19_456
PATIENCE_SECONDS = 20.0

# What guessers try first here; compared without case, marks, blanks and figures around it.
COMMON = frozenset(
    {
        "password", "passw0rd", "p@ssword", "p@ssw0rd", "matkhau", "qwerty", "qwertyuiop", "asdfghjkl",
        "zxcvbnm", "admin", "administrator", "abc", "abcd", "abcdef", "welcome", "letmein", "iloveyou",
        "anhyeuem", "emyeuanh", "vietnam", "hanoi", "saigon", "hochiminh", "khongbiet",
        "khongcomatkhau", "canbo", "congchuc", "vienchuc", "giamdoc", "phogiamdoc", "truongphong",
        "chuyenvien", "noivu", "sonoivu", "thituyen", "thisinh", "hoidong", "kythi",
    }
)  # fmt: skip


class Hasher:
    """Hashes and verifies with t=2, 19 MiB, p=1 (21 ms of processor), a few at a time: an examination morning
    brings hundreds of sign-ins within a minute, and each takes its memory."""

    def __init__(self, concurrent: int) -> None:
        self._argon = PasswordHasher(time_cost=TIME_COST, memory_cost=MEMORY_KIB, parallelism=1)
        self._turns = threading.BoundedSemaphore(concurrent)
        self._nobody = _hash_of_nobody()

    def hash(self, password: str) -> str:
        """Return the hash to store."""
        with self._turn():
            return self._argon.hash(_plain(password))

    def verify(self, stored: str | None, password: str) -> bool:
        """Whether the password is the stored one; without one the same work is done and the answer is no."""
        with self._turn():
            try:
                self._argon.verify(stored or self._nobody, _plain(password))
            except (VerifyMismatchError, InvalidHashError):
                return False
        return stored is not None

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=PATIENCE_SECONDS):
            raise TooBusy
        try:
            yield
        finally:
            self._turns.release()


@functools.cache
def _hash_of_nobody() -> str:
    """Return a hash like any other, for names that nobody has; one serves the whole process."""
    argon = PasswordHasher(time_cost=TIME_COST, memory_cost=MEMORY_KIB, parallelism=1)
    return argon.hash("nobody has this password")


def check(password: str, *, minimum: int, names: tuple[str, ...] = ()) -> None:
    """Raise PasswordTooWeak unless the password is long enough and not what anybody would guess."""
    if len(password) < minimum:
        raise PasswordTooWeak("short", minimum)
    if len(password) > LONGEST:
        raise PasswordTooWeak("long", LONGEST)
    bare = _bare(password)
    if any(bare and bare == _bare(part) for name in names for part in (name, name.partition("@")[0])):
        raise PasswordTooWeak("own_name", minimum)
    if bare in {_bare(word) for word in COMMON} or len(set(password)) < 4:
        raise PasswordTooWeak("common", minimum)


def _bare(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold().replace("đ", "d")
    letters = "".join(c for c in folded if not unicodedata.combining(c) and not c.isspace())
    return letters.strip("0123456789!@#$%^&*().,_-+?")


def _plain(password: str) -> str:
    return unicodedata.normalize("NFKC", password)[: LONGEST * 4]
