# SPDX-License-Identifier: Apache-2.0
"""The name to sign in with: one canonical form, found by a keyed hash and never stored in the clear."""

import re
import unicodedata

from exam_portal.accounts.errors import UnfitLogin
from exam_portal.core.db import Session

_EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+")
_PHONE = re.compile(r"(?:\+84|0084|0)(\d{9,10})")
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,63}")


def canonical(login: str) -> str:
    """Return the one form of an e-mail address, telephone number or login name; for looking up, any text."""
    folded = unicodedata.normalize("NFKC", login).strip().casefold()
    phone = _PHONE.fullmatch(re.sub(r"[ .()-]", "", folded))
    return f"0{phone[1]}" if phone else folded


def accepted(login: str) -> str:
    """Return the canonical form of a name for a new account, or raise UnfitLogin.

    Only ASCII is taken: letters that look alike would let one person sign in beside another's name.
    """
    form = canonical(login)
    if any(pattern.fullmatch(form) for pattern in (_EMAIL, _NAME)) and len(form) <= 254:
        return form
    raise UnfitLogin


def is_email(login: str) -> bool:
    """Whether the canonical form is an e-mail address."""
    return _EMAIL.fullmatch(login) is not None


def index(session: Session, login: str) -> bytes:
    """Return the keyed hash by which the account of this name is found."""
    return session.keys.index(canonical(login), "accounts/login")
