# SPDX-License-Identifier: Apache-2.0
"""Public identifiers: random, 128 bits, safe in a URL and in a file name."""

import base64
import re
import secrets

PUBLIC_ID_PATTERN = re.compile(r"[a-z2-7]{26}")


def new_public_id() -> str:
    """Return 26 lower-case base32 characters that nobody can guess or count."""
    return base64.b32encode(secrets.token_bytes(16)).decode("ascii").rstrip("=").lower()
