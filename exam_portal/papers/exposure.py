# SPDX-License-Identifier: Apache-2.0
"""What has been opened is known: the bank is told which of its items stood in a paper that was held."""

from datetime import datetime

from sqlalchemy import Select, exists, func, select

from exam_portal.audit.models import Leaf
from exam_portal.core.actors import SYSTEM
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.jobs import every
from exam_portal.core.keystore import KeyErased
from exam_portal.items import exposure
from exam_portal.items.models import ItemBank, ItemUse
from exam_portal.papers import errors, opened, recording
from exam_portal.papers.models import KeyRelease, Paper
from exam_portal.papers.queries import is_released

SECONDS = 60
LOST = "papers.uses_lost"
ERASED, BROKEN, UNKNOWN = "its key is gone", "its seal is broken", "the bank has none of its items"


@every(lambda _settings: SECONDS, "papers.tell_banks")
def tell_banks(database: Database, now: datetime) -> None:
    """Every paper that was opened is remembered by the bank from which it was drawn.

    Not done while it is opened, when thousands wait for it; a hall that was offline tells it later. Of a form
    that cannot be read any more the record says why, once, and nobody asks for it again.
    """
    with database.reading() as session:
        found = [(paper, _held_at(session, paper), _read(session, paper)) for paper in _untold(session)]
    for paper, held_at, (uses, lost) in found:
        with database.writing() as session:
            bank = session.get_one(ItemBank, paper.bank_id)
            exposure.keep(session, SYSTEM, now, bank=bank, paper=paper.public_id, held_at=held_at, uses=uses)
            is_told = session.scalar(_told(paper)) is not None
            reasons = lost or ({} if is_told else {use.form: UNKNOWN for use in uses})
            if reasons:
                recording.record(session, SYSTEM, now, paper, LOST, {"forms": reasons})


def _untold(session: Session) -> list[Paper]:
    """Return the opened papers of which no bank knows, and never will as far as the record says."""
    told = exists().where(ItemUse.paper == Paper.public_id)
    lost = exists().where(Leaf.type == LOST, Leaf.subject == Paper.public_id)
    words = exists().where(KeyRelease.paper_id == Paper.id)
    papers = session.scalars(select(Paper).where(Paper.bank_id.is_not(None), words, ~told, ~lost))
    return [paper for paper in papers if is_released(session, paper.id)]


def _told(paper: Paper) -> Select[int]:
    return select(ItemUse.id).where(ItemUse.paper == paper.public_id).limit(1)


def _held_at(session: Session, paper: Paper) -> datetime:
    """Return when the last word that was needed was given."""
    found = session.scalar(select(func.max(KeyRelease.at)).where(KeyRelease.paper_id == paper.id))
    assert found is not None
    return found


def _read(session: Session, paper: Paper) -> tuple[list[exposure.Use], dict[str, str]]:
    """Return every item of every form that can still be read, and why the other forms cannot."""
    uses, lost = [], {}
    for form in paper.forms:
        try:
            items = opened.opened_form(session, form.id).items
        except (KeyErased, errors.SealBroken) as problem:
            lost[form.code] = ERASED if isinstance(problem, KeyErased) else BROKEN
            continue
        uses += [exposure.Use(form=form.code, item=item.id, version=item.version) for item in items]
    return uses, lost
