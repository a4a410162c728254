# SPDX-License-Identifier: Apache-2.0
"""Signed papers: what a scan is, how many pages it has, who may open it, and that it stays what it was."""

import io
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from exam_portal.audit import fsck, papers, queries, service
from exam_portal.audit.kinds import PaperKind
from exam_portal.core.actors import Role
from exam_portal.core.database import Database
from exam_portal.core.errors import NotFound
from exam_portal.core.storage import Blob
from tests.portal.audit.builders import (
    NOW,
    a_large_pdf,
    a_paper,
    a_pdf,
    a_person,
    a_prepared_paper,
    an_actor,
    an_organisation,
)

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32


def test_the_pages_of_a_pdf_are_counted_in_the_file_itself() -> None:
    assert papers.examine(a_pdf(7)).pages == 7


def test_a_picture_is_one_page() -> None:
    assert papers.examine(PNG).pages == 1


@pytest.mark.parametrize("content", [b"", b"MZ\x90", b"%PDF-1.7 and nothing more", b"<html>%PDF"])
def test_what_cannot_be_read_is_refused(content: bytes) -> None:
    with pytest.raises(papers.UnreadableScan):
        papers.examine(content)


def test_a_locked_pdf_is_refused() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(a_pdf())))
    writer.encrypt("secret", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    with pytest.raises(papers.UnreadableScan):
        papers.examine(buffer.getvalue())


def test_a_pdf_that_is_locked_in_an_unknown_way_is_refused() -> None:
    trailer = b"<</Encrypt <</Filter /Other>> "
    with pytest.raises(papers.UnreadableScan):
        papers.examine(a_pdf().replace(b"trailer\n<<", b"trailer\n" + trailer))


def test_a_file_that_is_not_what_the_browser_claimed_is_refused() -> None:
    with pytest.raises(papers.UnreadableScan):
        papers.examine(a_pdf(), claimed="image/png")
    assert papers.examine(a_pdf(), claimed="application/octet-stream").media_type == "application/pdf"


def test_a_filed_paper_has_a_leaf_with_its_hash_and_no_name(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        organisation = an_organisation(session)
        paper = a_paper(
            session, an_actor(a_person(session)), organisation.id, content=a_pdf(3), signed_by="Lê Thị Lan"
        )
        log = queries.log_of_competition(session, None)
        assert log is not None
        [leaf] = queries.leaves(session, log.id, queries.LeafFilter(types=["audit.paper_filed"])).leaves
    assert leaf.content["sha256"] == paper.sha256.hex()
    assert leaf.content["pages"] == paper.pages == 3
    assert "Lan" not in str(leaf.content)


@pytest.mark.engines("sqlite")
def test_a_scan_of_many_megabytes_is_filed_without_holding_the_writer_for_long(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        place, filer = an_organisation(session).id, an_actor(a_person(session))
    scan = a_large_pdf(16)
    paper = a_prepared_paper(database.files, content=scan)
    with database.writing() as session:  # would raise if it were held long
        filed = service.file_paper(
            session,
            filer,
            NOW,
            organisation_id=place,
            competition_id=None,
            kind=PaperKind.OTHER,
            title="Biên bản",
            paper=paper,
        )
    assert filed.pages == 200
    with database.reading() as session:
        assert session.files.read(session, session.get_one(Blob, filed.blob_id)) == scan


@pytest.mark.engines("sqlite")
def test_every_scan_lies_under_a_key_of_its_own(database: Database) -> None:
    first, second = (a_prepared_paper(database.files).scan.key_id for _ in range(2))
    assert first != second


@pytest.mark.engines("sqlite")
def test_a_page_that_the_paper_does_not_have_is_refused(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        organisation = an_organisation(session)
        paper = a_paper(session, an_actor(a_person(session)), organisation.id, content=a_pdf(2))
    service.require_page(paper, 2)
    for page in (0, 3):
        with pytest.raises(papers.NoSuchPage):
            service.require_page(paper, page)


@pytest.mark.engines("sqlite")
def test_who_may_read_depends_on_role_place_and_confidence(database: Database) -> None:
    with database.writing() as session:
        here, there = an_organisation(session), an_organisation(session, "Ủy ban nhân dân phường Hà Đông")
        filer = an_actor(a_person(session))
        openly = a_paper(session, filer, here.id)
        slip = a_paper(session, filer, here.id, kind=PaperKind.MARK_SLIP, confidential=True)
        other = a_person(session, "khac")

        def may(role: Role, organisation_id: int, public_id: str, *also: Role) -> bool:
            actor = an_actor(other, role, *also, organisation_id=organisation_id)
            try:
                return queries.paper(session, actor, public_id) is not None
            except NotFound:
                return False

        assert queries.paper(session, filer, slip.public_id) is slip
        assert may(Role.ORGANISER, here.id, openly.public_id)
        assert not may(Role.ORGANISER, there.id, openly.public_id)
        assert not may(Role.MARKER, here.id, openly.public_id)
        assert not may(Role.ORGANISER, here.id, slip.public_id)
        assert may(Role.TYPIST, here.id, slip.public_id)
        for marks_there in (Role.MARKER, Role.REVIEW_BOARD):
            assert not may(Role.TYPIST, here.id, slip.public_id, marks_there)
            assert not may(Role.AUTHORITY, here.id, slip.public_id, marks_there)
            assert may(Role.ORGANISER, here.id, openly.public_id, marks_there)
        assert not may(Role.TYPIST, here.id, openly.public_id)
        assert may(Role.OVERSIGHT, here.id, slip.public_id)
        assert not may(Role.OVERSIGHT, there.id, slip.public_id)


@pytest.mark.engines("sqlite")
def test_a_scan_that_was_changed_on_disk_is_found(database: Database) -> None:
    with database.writing() as session:
        paper = a_paper(session, an_actor(a_person(session)), an_organisation(session).id)
    with database.reading() as session:
        assert fsck.first_difference(session) is None
    files = [path for path in Path(database.files.directory).rglob("*") if path.is_file()]
    content = bytearray(files[0].read_bytes())
    content[-1] ^= 1
    files[0].chmod(0o600)
    files[0].write_bytes(content)
    with database.reading() as session:
        found = fsck.first_difference(session)
    assert found is not None
    assert (found.code, found.place) == ("paper", paper.public_id)
