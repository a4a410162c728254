# SPDX-License-Identifier: Apache-2.0
"""Marks on paper: a scan of signed slips is filed, and two people key each slip independently."""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal

from exam_portal.audit import service as audit
from exam_portal.core import names
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.marking import errors, pseudonyms, queries, slip_queries, standing
from exam_portal.marking.models import Keying, Mark
from exam_portal.marking.service import common
from exam_portal.marking.standing import Rule
from exam_portal.sittings import handover
from exam_portal.sittings.handover import BagView, MaskedScriptView
from scoring.rounding import plain

TITLE = "Phiếu chấm thi viết"


def file_slips(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    organisation_id: int,
    competition_id: int,
    paper: audit.PreparedPaper,
) -> audit.SignedPaper:
    """The scan of signed slips is on file, for the typists and for whoever traces a mark."""
    return audit.file_paper(
        session,
        actor,
        now,
        organisation_id=organisation_id,
        competition_id=competition_id,
        kind=audit.PaperKind.MARK_SLIP,
        title=TITLE,
        paper=paper,
        confidential=True,
    )


def key_slip(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    bag: BagView,
    script: MaskedScriptView,
    round: int,
    value: Decimal | None,
    scores: Mapping[str, Decimal],
    signer: str,
    paper: audit.SignedPaper,
    page: int,
) -> Mark | None:
    """This typist's reading of the slip is kept; with another typist's equal last reading it makes the mark.

    Returns the mark, or None while the second keying is awaited. Where the two differ, both are kept and
    ``slip_queries.keyings_differ`` says so; neither typist sees the other's figure.
    """
    handover.hold_bag(session, bag.id)
    common.refuse_locked(session, bag, round)
    masks = queries.all_masks(session, [script])
    _refuse_own(session, actor, bag, masks, signer)  # first: a marker learns nothing of the other marks
    if pseudonyms.is_code(signer):
        raise errors.SignerIsACode
    _refuse_second_account(session, actor, script, round)
    rule = common.rule_of(session, bag)
    _refuse_at_desk(session, bag, round)
    common.refuse_marked(session, bag, script, round)
    common.refuse_early(session, bag, script, rule, round)
    _check_page(session, bag, script, round, paper, page)
    keying = _keying(actor, now, rule, script, round, value, scores)
    keying.signer, keying.signed_paper_id, keying.page = names.normalised(signer), paper.id, page
    common.refuse_same_person(session, bag, masks, round, signer)
    if handover.may_sign(session, keying.signer, bag.id) is not None:
        raise errors.SignerHasConflict
    session.add(keying)
    session.flush()
    other = slip_queries.other_keying(session, keying)
    agreed = other is not None and slip_queries.says_the_same(keying, other)
    facts = common.read_of(session, bag.competition_public_id, keying, paper)
    facts |= {"code": script.mask_code, "agreed": agreed}
    common.record(session, actor, now, bag, "marking.slip_keyed", facts)
    return _from_slip(session, actor, now, bag, script, keying, paper) if agreed else None


def _refuse_own(session: Session, actor: Actor, bag: BagView, masks: Collection[int], signer: str) -> None:
    """Nobody both keys and marks one script, at a desk or on a slip, or OwnKeying is raised.

    Nor does anybody key who has a relation to a candidate of the competition: TypistHasConflict.
    """
    typist = common.account(actor)
    people = handover.staff_names(session, slip_queries.typists(session, masks) | {typist})
    signers = queries.names_on(session, bag, masks, except_round=0)
    signs_own = any(names.is_one_person(signer, name) for name in people.values())
    keys_own = any(names.is_one_person(people.get(typist, ""), name) for name in signers)
    if signs_own or keys_own or typist in queries.people_who_marked(session, masks):
        raise errors.OwnKeying
    if handover.may_key(session, typist, bag.competition_id) is not None:
        raise errors.TypistHasConflict


def _refuse_second_account(session: Session, actor: Actor, script: MaskedScriptView, round: int) -> None:
    """Nobody else of the typist's name has keyed this slip, or TypistTwice is raised."""
    typist = common.account(actor)
    last = slip_queries.keyings(session, [script.id]).get((script.id, round), [])
    people = handover.staff_names(session, {typist, *(row.typist_id for row in last)})
    own = people.get(typist, "")
    if any(names.is_one_person(own, name) for one, name in people.items() if one != typist):
        raise errors.TypistTwice


def _refuse_at_desk(session: Session, bag: BagView, round: int) -> None:
    """Nobody has these scripts at a desk for the round, or they are sheets that a marker is handed on paper.

    Only among typed scripts do control scripts lie, which a slip would leave alone in the marker's list.
    """
    if round in queries.assigned_rounds(session, bag.id) and handover.typed(session, [bag]):
        raise errors.RoundAtDesk


def _keying(
    actor: Actor,
    now: datetime,
    rule: Rule,
    script: MaskedScriptView,
    round: int,
    value: Decimal | None,
    scores: Mapping[str, Decimal],
) -> Keying:
    return Keying(
        masked_script_id=script.id,
        round=round,
        value=plain(standing.checked_value(rule, value, scores)),
        scores={key: plain(score) for key, score in scores.items()},
        typist_id=common.account(actor),
        at=now,
    )


def _check_page(
    session: Session, bag: BagView, script: MaskedScriptView, round: int, paper: audit.SignedPaper, page: int
) -> None:
    is_slip = paper.kind == audit.PaperKind.MARK_SLIP and paper.competition_id == bag.competition_id
    if not is_slip:
        raise errors.NotASlip
    audit.require_page(paper, page)
    if slip_queries.page_used(session, paper.id, page, script.id, round):
        raise errors.SlipUsed


def _from_slip(
    session: Session,
    actor: Actor,
    now: datetime,
    bag: BagView,
    script: MaskedScriptView,
    keying: Keying,
    paper: audit.SignedPaper,
) -> Mark:
    mark = Mark(
        masked_script_id=script.id,
        round=keying.round,
        kind="remark" if bag.is_review else "mark",
        value=keying.value,
        scores=keying.scores,
        signer=keying.signer,
        signed_paper_id=keying.signed_paper_id,
        page=keying.page,
        at=now,
    )
    session.add(mark)
    session.flush()
    common.record_mark(session, actor, now, bag, script, mark, paper)
    return mark
