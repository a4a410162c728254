# SPDX-License-Identifier: Apache-2.0
"""Keys apart from the database: one per person or attempt, wrapped by the master key.

A key file is the only copy of its key. It lies outside the database and outside the rotation of its backups,
so that destroying it makes everything sealed under it unreadable, wherever copies may be.
"""

import hmac
import os
import secrets
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from exam_portal.core.errors import DomainError
from exam_portal.core.files import sync_directory, write_new, write_once
from exam_portal.core.ids import PUBLIC_ID_PATTERN, new_public_id
from exam_portal.core.settings import Settings

NONCE = 12
CACHED_KEYS = 4096
_is_key_id = PUBLIC_ID_PATTERN.fullmatch


class KeyErased(DomainError):
    """The key no longer exists; what was sealed under it is gone for good."""

    status = 410

    def __init__(self, key_id: str) -> None:
        super().__init__(key_id)
        self.key_id = key_id


class SealBroken(Exception):
    """The sealed bytes were changed, or belong to another key or context."""


class Keystore:
    """The data keys of one installation. Safe across threads; a key destroyed by one process ends in all."""

    def __init__(self, directory: Path, master: bytes) -> None:
        if len(master) != 32:
            raise ValueError("a master key has 32 bytes")
        self.directory = directory
        self._master = master
        self._wrap = AESGCM(_derive(master, "exam-portal/keystore/wrap/1"))
        self._cache: OrderedDict[str, tuple[tuple[int, int], bytes]] = OrderedDict()
        self._mutex = threading.Lock()

    @classmethod
    def of(cls, settings: Settings) -> "Keystore":
        """Open the keystore of this installation; make its master key at the first start."""
        path = settings.path(settings.secrets.master_key_file, "master.key")
        master = write_once(path, secrets.token_bytes(32))
        return cls(settings.path(settings.secrets.key_directory, "keys"), master)

    def create(self) -> str:
        """Return the id of a new key, which is on disk."""
        key_id = new_public_id()
        self._write(key_id, secrets.token_bytes(32))
        return key_id

    def seal(self, key_id: str, plaintext: bytes, context: str) -> bytes:
        """Return the plaintext encrypted under this key, bound to what it is (``context``)."""
        nonce = os.urandom(NONCE)
        return nonce + AESGCM(self.subkey(key_id, context)).encrypt(nonce, plaintext, context.encode())

    def open(self, key_id: str, sealed: bytes, context: str) -> bytes:
        """Return the plaintext, or raise KeyErased or SealBroken."""
        return next(self.open_all(key_id, (sealed,), context))

    def open_all(self, key_id: str, sealed: Iterable[bytes], context: str) -> Iterator[bytes]:
        """Yield each plaintext of many under one key, which is derived once."""
        cipher = AESGCM(self.subkey(key_id, context))
        for each in sealed:
            try:
                yield cipher.decrypt(each[:NONCE], each[NONCE:], context.encode())
            except (InvalidTag, ValueError) as problem:
                raise SealBroken(context) from problem

    def subkey(self, key_id: str, context: str) -> bytes:
        """Return 32 bytes that only this key and this context give."""
        return subkey_of(self._key(key_id), context)

    def take_out(self, key_id: str) -> bytes:
        """Return the bare key, for shares of which no single one can give it back; it is still here."""
        return self._key(key_id)

    def put_back(self, key_id: str, key: bytes) -> None:
        """The key is here again, as it was taken out; nothing happens where it never went."""
        if not self.exists(key_id):
            self._write(key_id, key)

    def destroy(self, key_id: str) -> None:
        """Erase the key for ever. Destroying one that is gone already is not an error."""
        path = self._path(key_id)
        with self._mutex:
            self._cache.pop(key_id, None)
        if path.exists():
            path.unlink()
            sync_directory(path.parent)

    def exists(self, key_id: str) -> bool:
        """Whether the key has not been erased."""
        return self._path(key_id).exists()

    def index(self, value: str, purpose: str) -> bytes:
        """Return a keyed hash by which equal values can be found without storing them."""
        return hmac.digest(self.secret(f"index/{purpose}"), value.encode(), "sha256")

    def secret(self, purpose: str) -> bytes:
        """Return 32 secret bytes of this installation for one purpose (cookies, tokens, indexes)."""
        return _derive(self._master, f"exam-portal/secret/1/{purpose}")

    def _key(self, key_id: str) -> bytes:
        path = self._address(key_id)
        try:
            found = os.stat(path)  # noqa: PTH116 - asked for every name of a list: no Path each time
        except FileNotFoundError:
            with self._mutex:
                self._cache.pop(key_id, None)
            raise KeyErased(key_id) from None
        identity = (found.st_ino, found.st_mtime_ns)
        with self._mutex:
            cached = self._cache.get(key_id)
            if cached is not None and cached[0] == identity:
                self._cache.move_to_end(key_id)
                return cached[1]
        return self._load(key_id, path, identity)

    def _load(self, key_id: str, path: str, identity: tuple[int, int]) -> bytes:
        try:
            wrapped = Path(path).read_bytes()
            key = self._wrap.decrypt(wrapped[:NONCE], wrapped[NONCE:], key_id.encode())
        except FileNotFoundError:
            raise KeyErased(key_id) from None
        except InvalidTag as problem:
            raise SealBroken(f"key {key_id}: another master key, or a damaged file") from problem
        with self._mutex:
            self._cache[key_id] = (identity, key)
            while len(self._cache) > CACHED_KEYS:
                self._cache.popitem(last=False)
        return key

    def _write(self, key_id: str, key: bytes) -> None:
        nonce = os.urandom(NONCE)
        write_new(self._path(key_id), nonce + self._wrap.encrypt(nonce, key, key_id.encode()))

    def _path(self, key_id: str) -> Path:
        return Path(self._address(key_id))

    def _address(self, key_id: str) -> str:
        if not _is_key_id(key_id):
            raise ValueError("not a key id")
        return f"{self.directory}/{key_id[:2]}/{key_id}"


def subkey_of(key: bytes, context: str) -> bytes:
    """Return 32 bytes that only this bare key and this context give."""
    return _derive(key, f"exam-portal/key/1/{context}")


def _derive(secret: bytes, info: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info.encode()).derive(secret)
