# SPDX-License-Identifier: Apache-2.0
"""At home: the results of a hall are sent in and looked through first; taking them is an act of its own."""

from datetime import datetime

from sqlalchemy import select

from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.storage import Blob, Prepared
from exam_portal.sittings.hall.checking import Checked
from exam_portal.sittings.hall.coming_back import require_live
from exam_portal.sittings.hall.errors import NothingReceived, PackageRefused
from exam_portal.sittings.models import Hall, HallSide, Sitting
from exam_portal.sittings.service import locking


def last_of(session: Session, sitting: Sitting) -> Hall | None:
    """Return the hall that the sitting was packed for last; None where it never was."""
    packed = Hall.sitting_id == sitting.id, Hall.side == HallSide.HOME.value
    return session.scalar(select(Hall).where(*packed).order_by(Hall.id.desc()).limit(1))


def receive(
    session: Session, actor: Actor, now: datetime, *, sitting: Sitting, checked: Checked, file: Prepared
) -> Hall:
    """The results lie here with what is in them in figures; they count once they are taken (``merge``)."""
    sitting = session.get_one(Sitting, sitting.id, with_for_update=True)
    hall = session.get_one(Hall, checked.returned.hall_id, with_for_update=True, populate_existing=True)
    if hall.sitting_id != sitting.id:
        raise PackageRefused("sitting")
    require_live(hall)
    hall.received_id = session.files.add(session, file, now=now).id
    hall.received_by, hall.received_at, hall.report = actor.account_id, now, checked.returned.report
    session.flush()
    facts = {"hall": hall.public_id, "package": checked.returned.sha256}
    locking.record(session, actor, now, sitting, "hall_received", facts, subject=hall.public_id)
    return hall


def received_file(session: Session, sitting: Sitting) -> bytes:
    """Return the results that were sent in last, or raise NothingReceived."""
    hall = last_of(session, sitting)
    if hall is None or hall.received_id is None:
        raise NothingReceived
    require_live(hall)
    return session.files.read(session, session.get_one(Blob, hall.received_id))
