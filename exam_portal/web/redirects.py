# SPDX-License-Identifier: Apache-2.0
"""Where a reader may be sent next: a path of this site, or home."""

from urllib.parse import urlsplit

from flask import redirect
from werkzeug.wrappers import Response

HOME = "/"


def safe_path(target: str | None, default: str = HOME) -> str:
    """Return the target if it is a plain path of this site, else the default.

    Browsers drop tabs and line ends, read a backslash as a slash and two slashes as another host: whatever
    could be read so is refused rather than repaired.
    """
    if not target or not target.startswith("/") or target[1:2] in {"/", "\\"}:
        return default
    if "\\" in target or any(ord(character) < 33 or ord(character) > 126 for character in target):
        return default
    parts = urlsplit(target)
    decoded_slash = parts.path.lower().startswith(("/%2f", "/%5c", "/%09", "/%0a", "/%0d"))
    return default if parts.scheme or parts.netloc or decoded_slash or "//" in parts.path else target


def see_other(target: str) -> Response:
    """Return the redirect that follows a completed act."""
    return redirect(target, code=303)
