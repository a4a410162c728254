# SPDX-License-Identifier: Apache-2.0
"""The frame of every printed document: what ``layouts/print.html`` needs besides the body."""

import dataclasses
import datetime as dt
from collections.abc import Sequence

from markupsafe import Markup


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """The place where one person signs."""

    duty: str  # "CHỦ TỊCH"
    name: str = ""
    authority: str = ""  # "TM. HỘI ĐỒNG", "KT. CHỦ TỊCH"
    hint: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PrintedDocument:
    """Frame of a document: who issues it, number, date, title, grounds, recipients, signatures, trace.

    The layout follows the annex of decree 30/2020/NĐ-CP on records work.
    """

    issuing_body: str
    title: str
    place_and_date: str  # "Hà Nội, ngày 27 tháng 3 năm 2026"
    code: str
    generated_at: dt.datetime
    parent_body: str = ""
    number: str = ""
    subject: str = ""
    grounds: Sequence[str] = ()
    recipients: Sequence[str] = ()
    signatures: Sequence[Signature] = ()
    version: str = "1"
    supersedes: str = ""
    content_hash: str = ""
    verify_address: str = ""
    qr_svg: Markup | None = None
    is_rehearsal: bool = False
