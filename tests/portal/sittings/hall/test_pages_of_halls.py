# SPDX-License-Identifier: Apache-2.0
"""The organiser packs a sitting on a page and takes it back on one, without a shell and without a pause."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from exam_portal.audit import fsck
from exam_portal.core.actors import Role
from exam_portal.core.database import Database
from exam_portal.core.parcels import Parcels
from exam_portal.sittings import queries
from exam_portal.sittings.hall import closing
from exam_portal.sittings.hall.contents import RESULTS
from exam_portal.sittings.hall.crew import Slip
from exam_portal.sittings.models import Attempt, Hall, Sitting
from tests.portal.competitions.pages import At, Person, grant, upload
from tests.portal.sittings.builders import LISTED
from tests.portal.sittings.hall import builders
from tests.portal.sittings.hall.builders import HOME_AGAIN, READY, Home

pytestmark = pytest.mark.engines("sqlite")
SHARE = re.compile(r"(?:\b[a-z]{4,8}\b\s+){19}\b[a-z]{4,8}\b")


@pytest.fixture
def home(database: Database) -> Home:
    """Home, where the organiser holds the role."""
    made = builders.a_home(database)
    with database.writing(unhurried=True) as session:
        grant(session, made.hall.house.organiser, made.hall.house.organisation.id, LISTED)
    return made


@pytest.fixture
def laptop(tmp_path: Path, sqlite_template: Path) -> Iterator[Database]:
    """The laptop of the hall, empty."""
    made = builders.a_laptop(tmp_path / "laptop", sqlite_template)
    yield made
    made.dispose()


def page_of(home: Home) -> str:
    """Return the address of the page."""
    with home.database.reading() as session:
        return f"/staff/sittings/{session.get_one(Sitting, home.sitting_id).public_id}/hall"


def packed(portal: Flask, home: Home, laptop: Database) -> tuple[Person, bytes, list[Slip]]:
    """The organiser has packed the sitting; return also the package and everybody's slip as printed."""
    organiser = Person.at(portal, home.database, home.hall.house.organiser, READY)
    page = page_of(home)
    organiser.get(page)
    assert "không phải địa chỉ" in organiser.post(f"{page}/pack", status=422, line="laptop 1")
    line = builders.address_of(laptop).line
    token = {"csrf_token": organiser.token}
    answer = organiser.client.post(
        f"{page}/pack", data={**token, "line": line}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert answer.mimetype == "application/pdf", answer.get_data(as_text=True)[-6000:]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer.headers["Cache-Control"]
    return organiser, organiser.client.get(f"{page}/package").data, printed(home, answer.data)


def printed(home: Home, document: bytes) -> list[Slip]:
    """Return the slips of the staff as they are printed."""
    pages = [one.extract_text() for one in PdfReader(io.BytesIO(document)).pages]
    hall, found = home.hall, []
    for actor, role, name in (
        (hall.house.chair, Role.CHAIR, "Nguyễn Văn Hòa"),
        (hall.house.secretary, Role.SECRETARY, "Lê Minh Đức"),
        (hall.invigilator, Role.INVIGILATOR, "Đỗ Thị Mai"),
        (hall.second, Role.INVIGILATOR, "Bùi Văn Long"),
    ):
        share = SHARE.search(next(page for page in pages if name in page))
        assert actor.account_id is not None
        words = " ".join(share[0].split()) if share else ""
        slip = {"account_id": actor.account_id, "name": name, "roles": (role,), "share": words}
        found.append(Slip(**slip, login="", code=""))  # type: ignore[arg-type]
    return found


def test_a_sitting_goes_and_comes_back_on_pages(
    portal: Flask, clock: At, home: Home, laptop: Database
) -> None:
    clock.set(READY)
    organiser, package, slips = packed(portal, home, laptop)
    page = page_of(home)
    builders.open_on(laptop, home.database, package)
    builders.hold(laptop, slips)
    results = builders.close(laptop)

    clock.set(HOME_AGAIN)
    organiser = Person.at(portal, home.database, home.hall.house.organiser, HOME_AGAIN)
    organiser.get(page)
    organiser.post(f"{page}/merge", status=422)  # nothing has been sent in
    for wrong, words in (
        (package, "loại khác"),
        (results[:-1], "Niêm phong"),
        (b"nothing of the kind", "không đúng cấu trúc"),
    ):
        said = organiser.post(f"{page}/results", status=422, package=upload(wrong, "ket-qua.pack"))
        assert words.lower() in said.lower(), said[-3000:]
    said = organiser.post(f"{page}/results", package=upload(results, "ket-qua.pack"))
    assert "Nhận toàn bộ" in said
    with home.database.reading() as session:  # looked through: nothing has come yet
        assert set(session.scalars(select(Attempt.seq))) == {0}
    assert "Đã nhận về" in organiser.post(f"{page}/merge")
    organiser.post(f"{page}/merge", status=422)
    said = organiser.post(f"{page}/results", status=422, package=upload(results, "ket-qua.pack"))
    assert "đã được nhập" in said
    with home.database.reading() as session:
        board = queries.board(session, session.get_one(Sitting, home.sitting_id))
        assert [seat.attempt_state for seat in board] == ["submitted", "submitted", "awaiting"]
        found = [one for one in fsck.differences(session) if one.where in {"sittings", "halls"}]
        assert found == []


def test_results_in_which_a_time_was_changed_are_refused_when_they_are_taken(
    portal: Flask, clock: At, home: Home, laptop: Database
) -> None:
    clock.set(READY)
    _, package, slips = packed(portal, home, laptop)
    builders.open_on(laptop, home.database, package)
    builders.hold(laptop, slips)
    builders.close(laptop)
    with laptop.reading() as session:
        hall = closing.here(session)
        content = closing._content(session, hall, session.get_one(Sitting, hall.sitting_id))
    content["time_grants"][0]["seconds"] += 60
    parcels = Parcels.of(laptop.keys, laptop.signer)
    file, _ = parcels.pack(RESULTS, hall.public_id, hall.sealing_key, content)
    clock.set(HOME_AGAIN)
    organiser = Person.at(portal, home.database, home.hall.house.organiser, HOME_AGAIN)
    page = page_of(home)
    organiser.get(page)
    organiser.post(f"{page}/results", package=upload(file, "ket-qua.pack"))
    said = organiser.post(f"{page}/merge", status=422)
    assert "Gói không được nhận" in said, said[-3000:]
    with home.database.reading() as session:
        assert session.scalars(select(Hall.merged_at)).all() == [None]
        assert set(session.scalars(select(Attempt.seq))) == {0}


def test_results_wait_while_somebody_sits_here(
    portal: Flask, clock: At, home: Home, laptop: Database
) -> None:
    clock.set(READY)
    _, package, slips = packed(portal, home, laptop)
    builders.open_on(laptop, home.database, package)
    builders.hold(laptop, slips)
    clock.set(HOME_AGAIN)
    organiser, page = Person.at(portal, home.database, home.hall.house.organiser, HOME_AGAIN), page_of(home)
    organiser.get(page)
    organiser.post(f"{page}/results", package=upload(builders.close(laptop), "ket-qua.pack"))
    with home.database.writing(unhurried=True) as session:
        other = session.scalars(select(Attempt).order_by(Attempt.id.desc())).first()
        assert other is not None
        other.state = "active"
    assert "ưu tiên" in organiser.post(f"{page}/merge", status=422)


def test_a_sitting_is_taken_back_by_those_who_may_cancel_it_and_then_packed_anew(
    portal: Flask, clock: At, home: Home, laptop: Database
) -> None:
    clock.set(READY)
    organiser, package, _ = packed(portal, home, laptop)
    page, line = page_of(home), builders.address_of(laptop).line
    organiser.get(page)
    organiser.post(f"{page}/pack", status=422, line=line)  # it is away already
    organiser.post(f"{page}/withdraw", status=403, reason="Máy chủ hỏng")
    invigilator = Person.at(portal, home.database, home.hall.invigilator, READY)
    assert "Đóng gói và tải phiếu" not in invigilator.get(page)
    assert invigilator.client.get(f"{page}/package").status_code == 403
    secretary = Person.at(portal, home.database, home.hall.secretary, READY)
    secretary.get(page)
    secretary.post(f"{page}/withdraw", status=422, reason="")
    secretary.post(f"{page}/withdraw", reason="Máy chủ hỏng, không khôi phục được.")
    assert "không khôi phục được" in secretary.get(page)
    assert secretary.client.get(f"{page}/package").status_code == 404
    _, again, _ = packed(portal, home, laptop)
    assert again != package
