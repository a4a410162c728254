# SPDX-License-Identifier: Apache-2.0
"""What the tests of the record begin with: an organisation, a person, a scan."""

import io
import random
from datetime import UTC, date, datetime
from typing import Any

from pypdf import PdfWriter

from exam_portal.accounts.models import Account, Organisation
from exam_portal.audit import service
from exam_portal.audit.kinds import PaperKind
from exam_portal.audit.models import Leaf, SignedPaper
from exam_portal.audit.papers import PreparedPaper
from exam_portal.core.actors import Actor, Grant, Role
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.storage import Storage

GIVEN = frozenset({"content", "number", "issued_on", "signed_by", "claimed"})
NOW = datetime(2026, 11, 23, 8, 30, 15, 123456, tzinfo=UTC)


def an_organisation(session: Session, name: str = "Ủy ban nhân dân phường Láng") -> Organisation:
    """An authority exists."""
    organisation = Organisation(name=name, name_en="", place="Hà Nội", created_at=NOW)
    session.add(organisation)
    session.flush()
    return organisation


def a_person(session: Session, login: str = "ngoc.anh") -> Account:
    """A member of staff has an account."""
    account = Account(
        kind="staff",
        login_index=session.keys.index(login, "login"),
        key_id=session.keys.create(),
        profile=b"sealed",
        created_at=NOW,
    )
    session.add(account)
    session.flush()
    return account


def an_actor(account: Account, *roles: Role, organisation_id: int | None = None) -> Actor:
    """The person, holding the roles for the organisation."""
    places = frozenset({organisation_id} if organisation_id is not None else ())
    grants = tuple(Grant(role=role, organisation_ids=places) for role in roles)
    return Actor(account_id=account.id, public_id=account.public_id, grants=grants)


def a_pdf(pages: int = 1) -> bytes:
    """A PDF with blank pages."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width=595, height=842)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def a_large_pdf(megabytes: int) -> bytes:
    """A PDF of two hundred pages and so many megabytes, as a scanner makes them: the same each time."""
    noise = random.Random(1)
    writer = PdfWriter()
    for _ in range(200):
        writer.add_blank_page(width=595, height=842)
    for number in range(megabytes):
        writer.add_attachment(f"{number}.bin", noise.randbytes(1_000_000))
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def a_prepared_paper(files: Storage, **overrides: Any) -> PreparedPaper:
    """A signed paper was given in, and its scan is in the store."""
    facts: dict[str, Any] = {
        "content": a_pdf(),
        "number": "12/QĐ-HĐTT",
        "issued_on": date(2026, 11, 20),
        "signed_by": "Nguyễn Văn Hòa, Chủ tịch Hội đồng",
        **overrides,
    }
    return service.prepare_paper(files, facts.pop("content"), **facts)


def a_paper(session: Session, actor: Actor, organisation_id: int, **overrides: Any) -> SignedPaper:
    """A signed paper is filed."""
    facts: dict[str, Any] = {
        "organisation_id": organisation_id,
        "competition_id": None,
        "kind": PaperKind.COUNCIL_DECISION,
        "title": "Quyết định của Hội đồng",
        "paper": a_prepared_paper(session.files, **{k: v for k, v in overrides.items() if k in GIVEN}),
        **{k: v for k, v in overrides.items() if k not in GIVEN},
    }
    return service.file_paper(session, actor, NOW, **facts)


def some_acts(database: Database, count: int) -> list[int]:
    """So many acts are in the installation's record; the ids of their leaves are returned."""
    with database.writing(unhurried=True) as session:
        return [an_act(session, number=str(number)).id for number in range(count)]


def an_act(session: Session, actor: Actor | None = None, **content: Any) -> Leaf:
    """One act is in the installation's record."""
    return service.record(session, actor or Actor(account_id=None), NOW, type="tests.act", content=content)
