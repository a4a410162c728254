# SPDX-License-Identifier: Apache-2.0
"""What comes back from a hall is taken whole or not at all; whatever is wrong with it is refused."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from exam_portal.core.database import Database
from exam_portal.core.db import Base
from exam_portal.core.parcels import Parcels
from exam_portal.sittings.hall import closing
from exam_portal.sittings.hall.contents import RESULTS
from exam_portal.sittings.hall.errors import PackageRefused
from exam_portal.sittings.models import Attendance, Hall, Seat, Sitting
from tests.portal.sittings.builders import START
from tests.portal.sittings.hall import builders

Content = dict[str, Any]
Change = Callable[[Content], object]


def _first(content: Content) -> list[Any]:
    """The journal of the attempt with most answers."""
    return max(content["events"].values(), key=len)


def _answer_changed(content: Content) -> None:
    _first(content)[0]["event"]["content"] = "a"


def _grown(content: Content) -> None:
    content["time_grants"][0]["seconds"] += 60


def _other_seat(content: Content) -> None:
    content["attendances"][0]["seat_id"] = 999_999


def _twice(content: Content) -> None:
    content["submissions"].append(dict(content["submissions"][0], id=99))


def _receipt(content: Content) -> None:
    content["submissions"][0]["receipt"]["answered"] = 60


def _other_key(content: Content) -> None:
    content["paper_keys"] = dict.fromkeys(content["paper_keys"], "00" * 32)


def _unapproved(content: Content) -> None:
    content["time_grants"][0] |= {"approved_by": content["time_grants"][0]["by"]}


CHANGES: dict[str, tuple[str, Change]] = {
    "an event is missing": ("chain", lambda content: _first(content).pop()),
    "an event comes twice": ("chain", lambda content: _first(content).append(_first(content)[-1])),
    "an answer was changed": ("chain", _answer_changed),
    "an attempt is missing": ("attempts", lambda content: content["attempts"].pop()),
    "the attempts of another seat": ("attempts", lambda content: content["attempts"][0].update(id=77)),
    "a leaf is missing": ("log", lambda content: content["log"]["leaves"].pop()),
    "a leaf was changed": ("log", lambda content: content["log"]["leaves"][2]["content"].update(_by=1)),
    "the size of the log was changed": ("checkpoint", lambda content: content["log"].update(size=3)),
    "another sitting": ("sitting", lambda content: content.update(sitting="a" * 26)),
    "another package": ("sitting", lambda content: content.update(package="0" * 64)),
    "time nobody gave": ("projection", _grown),
    "a seat elsewhere": ("reference", _other_seat),
    "handed in twice": ("conflict", _twice),
    "approved by oneself": ("conflict", _unapproved),
    "a receipt nobody signed": ("record", _receipt),
    "a script is missing": ("scripts", lambda content: content["scripts"].pop()),
    "a key of something else": ("keys", _other_key),
    "one thing more": ("shape", lambda content: content.update(more=1)),
    "one thing less": ("shape", lambda content: content.pop("late")),
    "a number where words stand": ("shape", lambda content: content["incidents"].append({"id": "1"})),
    "another form": ("schema", lambda content: content.update(_="exam-portal/hall/0")),
}


@pytest.mark.engines("sqlite")
def test_a_package_in_which_one_thing_is_wrong_leaves_home_as_it_was(
    database: Database, tmp_path: Path, sqlite_template: Path
) -> None:
    home = builders.a_home(database)
    laptop = builders.a_laptop(tmp_path / "laptop", sqlite_template)
    packed, slips = home.pack(builders.address_of(laptop))
    builders.open_on(laptop, database, packed.file)
    builders.hold(laptop, slips)
    honest = builders.close(laptop)
    with laptop.reading() as session:
        hall = closing.here(session)
        content = closing._content(session, hall, session.get_one(Sitting, hall.sitting_id))
    before = _rows(database)
    parcels = Parcels.of(laptop.keys, laptop.signer)  # whoever changes something holds the laptop's keys
    for what, (reason, change) in CHANGES.items():
        changed = copy.deepcopy(content)
        change(changed)
        file, _ = parcels.pack(RESULTS, hall.public_id, hall.sealing_key, changed)
        with pytest.raises(PackageRefused) as refused:
            home.take_back(file)
        assert (what, refused.value.reason) == (what, reason)
        assert _rows(database) == before, what
    stranger = builders.a_laptop(tmp_path / "stranger", sqlite_template)
    foreign = Parcels.of(stranger.keys, stranger.signer)
    for file, reason in (
        (foreign.pack(RESULTS, hall.public_id, hall.sealing_key, content)[0], "sender"),
        (parcels.pack(RESULTS, "b" * 26, hall.sealing_key, content)[0], "unknown"),
        (parcels.pack(RESULTS, hall.public_id, foreign.address.sealing, content)[0], "receiver"),
        (honest[:-1], "seal"),
        (honest[:-40] + bytes([honest[-40] ^ 1]) + honest[-39:], "seal"),
        (packed.file, "kind"),
    ):
        with pytest.raises(PackageRefused, match=reason):
            home.take_back(file)
    home.take_back(honest)
    stranger.dispose()
    laptop.dispose()


@pytest.mark.engines("sqlite")
def test_what_happened_at_home_meanwhile_stops_the_merge(
    database: Database, tmp_path: Path, sqlite_template: Path
) -> None:
    home = builders.a_home(database)
    laptop = builders.a_laptop(tmp_path / "laptop", sqlite_template)
    packed, slips = home.pack(builders.address_of(laptop))
    builders.open_on(laptop, database, packed.file)
    builders.hold(laptop, slips)
    with database.writing(unhurried=True) as session:
        seat = session.scalars(select(Seat)).first()
        assert seat is not None
        by = home.hall.invigilator.account_id
        found = {"status": "present", "identity_checked": True, "by": by, "at": START, "seat_id": seat.id}
        session.add(Attendance(**found))
    with pytest.raises(PackageRefused, match="touched"):
        home.take_back(builders.close(laptop))
    with database.reading() as session:
        assert session.scalars(select(Hall.merged_at)).one() is None
    laptop.dispose()


def _rows(database: Database) -> dict[str, int]:
    """How many rows each table holds."""
    with database.reading() as session:
        return {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }
