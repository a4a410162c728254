# SPDX-License-Identifier: Apache-2.0
"""What has been opened is known: the bank is told which of its items stood in a paper that was held."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import exists, func, select

from exam_portal.core.actors import SYSTEM
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.jobs import every
from exam_portal.core.keystore import KeyErased
from exam_portal.items import exposure
from exam_portal.items.models import ItemBank, ItemUse
from exam_portal.papers import errors, opened
from exam_portal.papers.models import KeyRelease, Paper
from exam_portal.papers.queries import is_released

SECONDS = 60


@every(lambda _settings: SECONDS, "papers.tell_banks")
def tell_banks(database: Database, now: datetime) -> None:
    """Every paper that was opened is remembered by the bank from which it was drawn.

    Not done while it is opened, when thousands wait for it; a hall that was offline tells it later.
    """
    with database.reading() as session:
        found = [(paper, _held_at(session, paper), list(_uses(session, paper))) for paper in _untold(session)]
    for paper, held_at, uses in found:
        with database.writing() as session:
            bank = session.get_one(ItemBank, paper.bank_id)
            exposure.keep(session, SYSTEM, now, bank=bank, paper=paper.public_id, held_at=held_at, uses=uses)


def _untold(session: Session) -> list[Paper]:
    """Return the opened papers of which no bank knows."""
    told = exists().where(ItemUse.paper == Paper.public_id)
    words = exists().where(KeyRelease.paper_id == Paper.id)
    papers = session.scalars(select(Paper).where(Paper.bank_id.is_not(None), words, ~told))
    return [paper for paper in papers if is_released(session, paper.id)]


def _held_at(session: Session, paper: Paper) -> datetime:
    """Return when the last word that was needed was given."""
    found = session.scalar(select(func.max(KeyRelease.at)).where(KeyRelease.paper_id == paper.id))
    assert found is not None
    return found


def _uses(session: Session, paper: Paper) -> Iterator[exposure.Use]:
    """Yield every item of every form that can still be read; a key that is gone hides a form for good."""
    for form in paper.forms:
        try:
            items = opened.opened_form(session, form.id).items
        except (KeyErased, errors.SealBroken):
            continue
        yield from (exposure.Use(form=form.code, item=item.id, version=item.version) for item in items)
