# SPDX-License-Identifier: Apache-2.0
"""The ballot on paper: two people key the counting sheet independently; where they agree, it counts."""

import random
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from exam_portal.accounts import queries as accounts
from exam_portal.audit import service as audit
from exam_portal.core import names
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.ids import new_public_id
from exam_portal.interviews import ballots, errors, queries
from exam_portal.interviews.ballots import CountingSheet
from exam_portal.interviews.models import Ballot, CountKeying, Hearing, HearingEvent, PanelSession
from exam_portal.interviews.service import common
from scoring.rounding import plain
from scoring.verify.canonical import canonical_bytes

TITLE = "Biên bản kiểm phiếu"
PURPOSE = "interviews.count_keying"


def file_sheets(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    panel: PanelSession,
    organisation_id: int,
    paper: audit.PreparedPaper,
) -> audit.SignedPaper:
    """The scan of the signed counting sheets is on file, for the typists and for whoever traces a mark."""
    return audit.file_paper(
        session,
        actor,
        now,
        organisation_id=organisation_id,
        competition_id=panel.competition_id,
        kind=audit.PaperKind.COUNT_SHEET,
        title=TITLE,
        paper=paper,
        confidential=True,
    )


def key_count(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    hearing: Hearing,
    sheet: CountingSheet,
    paper: audit.SignedPaper,
    page: int,
) -> HearingEvent | None:
    """This typist's reading of the counting sheet is kept; another typist's equal one counts the ballots.

    Returns None while the two do not agree; both keyings stay, neither typist sees the other's. Nobody keys
    who sits on the panel, nor a second account of one name: two people read the sheet, and neither voted.
    """
    panel = common.locked(session, hearing.panel)
    if panel.mode != "paper":
        raise errors.OtherMode
    if queries.is_counted(session, hearing.id):
        raise errors.AlreadyCounted
    if not queries.has(session, hearing.id, "ballot_opened"):
        raise errors.BallotNotOpen
    _require_other_person(session, panel, hearing, common.account(actor))
    _check_page(session, panel, hearing, paper, page)
    ruleset, part, rule = common.rules(session, panel)
    ballots.check_sheet(ruleset, part, sheet, entitled=queries.issued(session, hearing))
    if rule.ballot == "named":
        _require_names(session, hearing, sheet)
    keying = CountKeying(
        hearing_id=hearing.id,
        payload=sheet.as_dict(),
        signed_paper_id=paper.id,
        page=page,
        typist_id=common.account(actor),
        at=now,
    )
    session.add(keying)
    session.flush()
    agreed = queries.agrees_with_another(session, keying)
    read = {"sheet": bound(session, keying, hearing), "paper": paper.public_id, "page": page}
    facts = {"hearing": hearing.public_id, "agreed": agreed, **read}
    common.record(session, actor, now, panel, "interviews.count_keyed", facts)
    if not agreed:
        return None
    if ballots.is_below_quorum(part, sheet.returned):
        return common.leave_unopened(session, actor, now, panel, hearing, sheet.returned)
    return _count(session, actor, now, panel, hearing, keying)


def bound(session: Session, keying: CountKeying, hearing: Hearing) -> str:
    """Return by what the record is bound to a reading of a sheet without telling a mark: a keyed hash."""
    read = canonical_bytes(["exam/count-keying/v1", hearing.public_id, keying.payload])
    return session.keys.index(read.decode(), PURPOSE).hex()


def _count(
    session: Session, actor: Actor, now: datetime, panel: PanelSession, hearing: Hearing, keying: CountKeying
) -> HearingEvent:
    rows = [_row(session, panel, hearing, keying, slip) for slip in keying.payload["slips"]]
    random.SystemRandom().shuffle(rows)
    session.add_all(rows)
    session.flush()
    facts = {name: keying.payload[name] for name in ("issued", "returned", "invalid")}
    kept = queries.hash_of_ballots(session, hearing.id)
    return common.event(session, actor, now, panel, hearing, "counted", facts, ballots=kept)


def _row(
    session: Session, panel: PanelSession, hearing: Hearing, keying: CountKeying, slip: dict[str, Any]
) -> Ballot:
    ruleset, part, rule = common.rules(session, panel)
    scores = {key: Decimal(score) for key, score in slip["scores"].items()}
    value = None if slip["value"] is None else Decimal(slip["value"])
    places = {str(member.position): member.id for member in panel.members}
    return Ballot(
        id=new_public_id(),
        hearing_id=hearing.id,
        slip=slip["slip"],
        member_id=places[slip["slip"]] if rule.ballot == "named" else None,
        value=plain(ballots.checked(ruleset, part, value, scores)),
        scores=slip["scores"],
        signed_paper_id=keying.signed_paper_id,
        page=keying.page,
    )


def _require_other_person(session: Session, panel: PanelSession, hearing: Hearing, typist_id: int) -> None:
    """This typist, by account and by name, neither sits on the panel nor has keyed from another account."""
    before = set(session.scalars(select(CountKeying.typist_id).where(CountKeying.hearing_id == hearing.id)))
    called = accounts.names_of(session, before | {typist_id})
    own = called.get(typist_id, "")
    if any(one.account_id == typist_id or names.is_one_person(own, one.name) for one in panel.members):
        raise errors.MemberKeys
    if any(one != typist_id and names.is_one_person(own, called.get(one, "")) for one in before):
        raise errors.KeyedUnderThisName


def _check_page(
    session: Session, panel: PanelSession, hearing: Hearing, paper: audit.SignedPaper, page: int
) -> None:
    is_sheet = paper.kind == audit.PaperKind.COUNT_SHEET and paper.competition_id == panel.competition_id
    if not is_sheet:
        raise errors.NotACountingSheet
    audit.require_page(paper, page)
    if queries.page_used(session, paper.id, page, hearing.id):
        raise errors.PageUsed


def _require_names(session: Session, hearing: Hearing, sheet: CountingSheet) -> None:
    """A named ballot is known by the place on the panel of a member to whom a slip was issued."""
    if not {one.slip for one in sheet.slips} <= set(queries.slips(session, hearing, named=True)):
        raise errors.NoSlip
