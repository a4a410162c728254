# SPDX-License-Identifier: Apache-2.0
"""What Safe Exam Browser proves: its Config Key from a settings file, hashes of an address with a key. Pure.

A proof says which settings a browser has, not who sits before it; invigilation stays the control. Written
after the developers' pages of the browser; its form of settings ("SEB-JSON") escapes nothing, as they say.
"""

import base64
import gzip
import hashlib
import hmac
import plistlib
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urldefrag
from xml.parsers.expat import ExpatError

KEY = re.compile(r"[0-9a-f]{64}")
LEFT_OUT = "originatorVersion"
LARGEST = 4 * 1024 * 1024
PLAIN_PREFIX = b"plnd"  # settings that are packed, not encrypted
ENCRYPTED = (b"pswd", b"pwcc", b"pkhs", b"phsk")


class NotSettings(ValueError):
    """The file holds no settings that can be read."""


class SettingsEncrypted(NotSettings):
    """The settings are encrypted; the same saved without a password can be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Hashes that a browser sent for an address: by headers of the request, or by the page's script."""

    address: str
    config: str = ""
    browser: str = ""


def config_key(file: bytes) -> str:
    """Return the Config Key of a settings file, or raise NotSettings."""
    settings = _settings(file)
    settings.pop(LEFT_OUT, None)
    if not settings:
        raise NotSettings("empty")
    try:
        return hashlib.sha256(seb_json(settings).encode()).hexdigest()
    except RecursionError as problem:
        raise NotSettings("too deep") from problem


def seb_json(value: Any) -> str:
    """Return settings as the browser writes them before hashing: sorted, without blanks, nothing escaped."""
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
        case str():
            return f'"{value}"'
        case bytes():
            return f'"{base64.b64encode(value).decode()}"'
        case datetime():
            return f'"{value.strftime("%Y-%m-%dT%H:%M:%S")}+00:00"'
        case Mapping():
            kept = {key: entry for key, entry in value.items() if not _is_empty(entry)}
            entries = (f'"{key}":{seb_json(kept[key])}' for key in sorted(kept, key=_place))
            return "{" + ",".join(entries) + "}"
        case Sequence():
            return "[" + ",".join(seb_json(entry) for entry in value) + "]"
        case _:
            raise NotSettings(type(value).__name__)


def request_hash(address: str, key: str) -> str:
    """Return what the browser sends for an address: the fragment never counts."""
    return hashlib.sha256((urldefrag(address).url + key).encode()).hexdigest()


def is_proved(config_keys: Iterable[str], browser_keys: Iterable[str], proofs: Sequence[Proof]) -> bool:
    """Whether one of the keys of each kind that is asked for was proved for the address it was sent for."""
    configs, browsers = list(config_keys), list(browser_keys)
    has_config = not configs or any(_fits(one.config, one.address, configs) for one in proofs)
    has_browser = not browsers or any(_fits(one.browser, one.address, browsers) for one in proofs)
    return has_config and has_browser


def _fits(sent: str, address: str, keys: Sequence[str]) -> bool:
    given = sent.lower().encode(errors="replace")
    return any(hmac.compare_digest(request_hash(address, key).encode(), given) for key in keys)


def _place(key: str) -> tuple[str, str]:
    """Order without regard to case; of two that differ in case alone, small letters come first."""
    return key.casefold(), key.swapcase()


def _is_empty(entry: Any) -> bool:
    return isinstance(entry, Mapping) and not entry


def _settings(file: bytes) -> dict[str, Any]:
    content = _unpacked(file)
    if content[:4] in ENCRYPTED:
        raise SettingsEncrypted
    if content[:4] == PLAIN_PREFIX:
        content = _unpacked(content[4:])
    try:
        found = plistlib.loads(content, fmt=plistlib.FMT_XML)
    except (
        ExpatError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        KeyError,
        OverflowError,
    ) as problem:
        raise NotSettings("no property list") from problem
    if not isinstance(found, dict):
        raise NotSettings("no dictionary")
    return found


def _unpacked(file: bytes) -> bytes:
    if file[:2] != b"\x1f\x8b":
        return file
    try:
        unpacked = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(file, LARGEST + 1)
    except (zlib.error, gzip.BadGzipFile) as problem:
        raise NotSettings("damaged") from problem
    if len(unpacked) > LARGEST:
        raise NotSettings("too large")
    return unpacked
