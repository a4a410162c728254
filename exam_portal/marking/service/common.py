# SPDX-License-Identifier: Apache-2.0
"""What every verb of marking does: ask what is locked, know the rule, write the leaf."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from exam_portal.audit import service as audit
from exam_portal.core import bags, names
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.marking import errors, pseudonyms, queries
from exam_portal.marking.models import Keying, Mark
from exam_portal.marking.standing import Need, Rule
from exam_portal.marking.training import queries as training
from exam_portal.marking.training.models import TrainingMark
from exam_portal.sittings import handover
from exam_portal.sittings.handover import BagView, MaskedScriptView
from scoring.verify.canonical import sha256_of


def rule_of(session: Session, bag: BagView) -> Rule:
    """Return how the scripts of the bag are marked."""
    return Rule.of(handover.brief(session, bag.id).ruleset, bag.part, is_review=bag.is_review)


def account(actor: Actor) -> int:
    """Return the account that acts; nobody and the system mark nothing."""
    if actor.account_id is None:
        raise NotFound
    return actor.account_id


def refuse_locked(session: Session, bag: BagView, round: int | None = None) -> None:
    """The marks of the bag's part are open (for this round), or MarksLocked is raised.

    The lock left no script waiting for a third mark: one that waits after it does so through a correction.
    Its third mark may come, and nothing else (``refuse_early``); with it the marks are closed again.
    """
    if round != 3 and queries.is_locked(session, bag.competition_id, bag.part, bag.purpose):
        raise errors.MarksLocked


def require_may_mark(session: Session, actor: Actor, bag: BagView, script: MaskedScriptView) -> int:
    """Return the round: the bag is this person's, open, free of relations, and the script has no mark yet."""
    round_ = queries.assigned_round(session, bag.id, account(actor))
    refuse_locked(session, bag, round_)
    if handover.may_take(session, account(actor), bag.id) is not None:
        raise errors.RelationDeclared
    if not is_qualified(session, bag, account(actor)):
        raise errors.NotQualified
    if training.control_is_marked(session, script.id, account(actor)):
        raise errors.AlreadyMarked
    refuse_marked(session, bag, script, round_)
    return round_


def is_qualified(session: Session, bag: BagView, account_id: int) -> bool:
    """Whether this person has passed the training of the part, or none is required."""
    return bag.is_review or training.may_mark_live(session, bag.competition_id, bag.part, account_id)


def refuse_small(session: Session, bag: BagView) -> None:
    """The bag holds as many scripts as keep secret where each lies, or BagTooSmall is raised."""
    whole = sum(one.count for one in queries.bags(session, bag.competition_id, bag.part, bag.purpose))
    if bags.is_too_small(bag.count, whole):
        raise errors.BagTooSmall


def refuse_marked(session: Session, bag: BagView, script: MaskedScriptView, round: int) -> None:
    """The script lies in the bag and has no mark of this round, or AlreadyMarked is raised."""
    if script.bag_id != bag.id:
        raise NotFound
    taken = select(Mark.id).where(Mark.masked_script_id == script.id, Mark.round == round)
    if session.scalar(taken.limit(1)) is not None:
        raise errors.AlreadyMarked


def refuse_same_person(session: Session, bag: BagView, masks: Collection[int], round: int, name: str) -> None:
    """Nobody of this name has another mark of one of the scripts, or SignerMarkedBefore is raised.

    ``masks`` are all masks of the scripts, those of a review too; a signature on a slip counts like a place
    at a desk. A slip says who signed by name alone: two people of one name are told apart by their
    units, where both bear one.
    """
    others = queries.names_on(session, bag, masks, except_round=round)
    if any(names.is_one_person(name, other) for other in others):
        raise errors.SignerMarkedBefore


def refuse_early(session: Session, bag: BagView, script: MaskedScriptView, rule: Rule, round: int) -> None:
    """The rule asks for a mark of this round of this script, or RoundNotDue is raised."""
    if round not in (1, 2, 3):
        raise errors.RoundNotDue
    if round > 2 and script.id not in queries.needing(session, bag.id, rule, Need.THIRD):
        raise errors.RoundNotDue
    if round == 2 and rule.rounds < 2:
        raise errors.RoundNotDue


def read_of(
    session: Session, competition_public_id: str, keying: Keying, paper: audit.SignedPaper
) -> dict[str, Any]:
    """Return what the record says of a reading: the figures, who signs by code, on which page of what."""
    return {
        "round": keying.round,
        "value": keying.value,
        "sheet": sha256_of(keying.scores),
        "signer": pseudonyms.of_signer(session, competition_public_id, keying.signer),
        "paper": f"sha256:{paper.sha256.hex()}",
        "page": keying.page,
    }


def sheet_of(mark: Mark | TrainingMark) -> str:
    """Return by what the record is bound to the criteria, the comment and the passages of a mark."""
    return sha256_of([mark.scores, mark.comment, mark.highlights])


def page_of(mark: Mark, paper: audit.SignedPaper | None) -> dict[str, Any]:
    """Return on which page of which signed paper, by its hash, a mark stands; of one from a desk: on none."""
    return {"paper": f"sha256:{paper.sha256.hex()}" if paper else None, "page": mark.page}


def record_mark(
    session: Session,
    actor: Actor,
    now: datetime,
    bag: BagView,
    script: MaskedScriptView,
    mark: Mark,
    paper: audit.SignedPaper | None = None,
) -> None:
    """The mark is in the record: its code and value, who signs for it by code, and on which page of what."""
    facts = {
        "code": handover.code_of(session, script.id),
        "round": mark.round,
        "kind": mark.kind,
        "value": mark.value,
        "sheet": sheet_of(mark),
        "signer": pseudonyms.of_signer(session, bag.competition_public_id, mark.signer),
        **page_of(mark, paper),
    }
    record(session, actor, now, bag, "adjudicate" if mark.round == 3 else "mark", facts)


def record(
    session: Session, actor: Actor, now: datetime, bag: BagView, code: str, facts: Mapping[str, Any]
) -> None:
    """The act is in the competition's record."""
    audit.record(
        session,
        actor,
        now,
        type=code,
        competition_id=bag.competition_id,
        subject=bag.public_id,
        content={"part": bag.part, "purpose": bag.purpose, **facts},
    )
