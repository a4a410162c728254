# SPDX-License-Identifier: Apache-2.0
"""Scripts and their marks: whose they are, how they were counted, what a mask hides, what a test earned.

Between a candidate and a place in the ranking stand these rows alone; whoever can write to the database must
not be able to give one person's script, or a better mark, to another.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import TypeAlias

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from exam_portal.audit import acts
from exam_portal.audit import service as audit
from exam_portal.audit.fsck import Difference, also
from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.core.keystore import KeyErased, SealBroken
from exam_portal.papers.errors import PaperLocked
from exam_portal.papers.errors import SealBroken as FormBroken
from exam_portal.papers.models import PaperForm
from exam_portal.sittings import bags_against_record, masking
from exam_portal.sittings.attempts import marks, opened, replaying, scored
from exam_portal.sittings.attempts.chain import exact_bytes
from exam_portal.sittings.attempts.errors import JournalBroken
from exam_portal.sittings.models import (
    Attempt,
    HandIn,
    MaskBag,
    MaskedScript,
    MaskKey,
    Script,
    Seat,
    Sitting,
    Submission,
    TestCorrection,
    TestMark,
)
from exam_portal.sittings.queries import collected
from exam_portal.sittings.service import handing_in
from question_bank.rekeying import KeyDoesNotFit
from scoring.correction import NothingLeft

WHERE = "sittings"
Known: TypeAlias = dict[tuple[int, str, int | None], tuple[tuple[scored.InForce, ...], str]]


@also
def differences(session: Session) -> Iterator[Difference]:
    """Yield each script, count, mask and mark of a test that is not what the record or the journal gives."""
    yield from _of_attempts(session)
    counted = acts.told(session, "sittings.scripts_collected")
    yield from acts.untold(WHERE, "scripts", _collected(session), counted)
    told = acts.told(session, "sittings.hand_in_corrected")
    yield from acts.untold(WHERE, "hand-in", _corrected(session), told)
    yield from bags_against_record.differences(session, WHERE)
    yield from acts.untold(WHERE, "masks", _masked(session), acts.told(session, "blind-commit"))
    yield from _openings(session)
    yield from acts.untold(WHERE, "test marks", _runs(session), acts.told(session, "sittings.tests_marked"))
    yield from _test_marks(session)
    yield from _corrections(session)


def _of_attempts(session: Session) -> Iterator[Difference]:
    """A script from the player is that of the attempt's own candidate, and each attempt handed in has one."""
    written = {
        one.attempt_id: one for one in session.scalars(select(Script).where(Script.source == "portal"))
    }
    found = (
        select(Attempt.id, Attempt.public_id, Seat.candidate_id, Sitting)
        .select_from(Submission)
        .join(Attempt, Attempt.id == Submission.attempt_id)
        .join(Seat, Seat.id == Attempt.seat_id)
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .order_by(Submission.id)
    )
    for attempt_id, attempt, candidate_id, sitting in session.execute(found):
        script = written.pop(attempt_id, None)
        own = (candidate_id, sitting.id, sitting.competition_id, sitting.part)
        if script is None or own != _owner(script):
            yield Difference(where=WHERE, code="script", place=attempt)
    for script in written.values():
        yield Difference(where=WHERE, code="script", place=script.public_id)


def _owner(script: Script) -> tuple[int, int, int, str]:
    return (script.candidate_id, script.sitting_id, script.competition_id, script.part)


def _collected(session: Session) -> Iterator[acts.Facts]:
    """Yield what was counted at once: how many scripts and sheets, and at which seats."""
    found: dict[tuple[str, int | None, str], list[Script]] = defaultdict(list)
    rows = (
        select(Sitting.public_id, Script)
        .join(Sitting, Sitting.id == Script.sitting_id)
        .where(Script.source == "paper")
        .order_by(Script.id)
    )
    for sitting, script in session.execute(rows):
        found[sitting, script.collected_by, audit.stamp(script.collected_at)].append(script)
    for (sitting, by, at), scripts in found.items():
        yield {
            "_about": sitting,
            "_by": by,
            "_at": at,
            "scripts": len(scripts),
            "sheets": sum(script.sheets or 0 for script in scripts),
            "held": collected.digest_of(session, scripts),
        }


def _corrected(session: Session) -> Iterator[acts.Facts]:
    """Yield each line of the list but the first of a script, which is told with its count."""
    earlier = aliased(HandIn)
    before = select(earlier.id).where(earlier.script_id == HandIn.script_id, earlier.id < HandIn.id)
    rows = select(Script.public_id, HandIn).join(HandIn, HandIn.script_id == Script.id).where(before.exists())
    for script, row in session.execute(rows.order_by(HandIn.id)):
        yield {
            "_about": script,
            "_by": row.by,
            "_at": audit.stamp(row.at),
            "script": script,
            **handing_in.told(row),
        }


def _masks_of(session: Session, key: MaskKey) -> list[MaskedScript]:
    found = (
        select(MaskedScript)
        .join(MaskBag, MaskBag.id == MaskedScript.bag_id)
        .where(
            MaskBag.competition_id == key.competition_id,
            MaskedScript.competition_id == key.competition_id,
            MaskBag.part == key.part,
            MaskedScript.part == key.part,
            MaskBag.purpose == key.purpose,
        )
        .order_by(MaskedScript.id)
    )
    return list(session.scalars(found))


def _masked(session: Session) -> Iterator[acts.Facts]:
    """Yield what was masked at once: the root over all that binds a code to its script."""
    keys = select(MaskKey, Competition.public_id).join(Competition, Competition.id == MaskKey.competition_id)
    for key, competition in session.execute(keys.order_by(MaskKey.id)).all():
        masks = _masks_of(session, key)
        yield {
            "_about": competition,
            "_by": key.by,
            "_at": audit.stamp(key.at),
            "part": key.part,
            "purpose": key.purpose,
            "scripts": len(masks),
            "bags": len({mask.bag_id for mask in masks}),
            "root": masking.root_of(mask.commitment for mask in masks),
        }


def _openings(session: Session) -> Iterator[Difference]:
    """What each code hides, opened, is what its commitment binds it to."""
    for key in session.scalars(select(MaskKey).order_by(MaskKey.id)).all():
        for mask in _masks_of(session, key):
            if not _opens(session, mask, key.key_id):
                yield Difference(where=WHERE, code="mask", place=mask.mask_code)


def _opens(session: Session, mask: MaskedScript, key_id: str) -> bool:
    try:
        hidden = masking.opening_of(session, mask, key_id)
    except KeyErased:
        return True  # nobody can open it any more; the commitment still stands in the record
    except SealBroken:
        return False
    script = session.get(Script, int(hidden["script"]))
    said = masking.commitment_of(bytes.fromhex(hidden["salt"]), hidden["public_id"], mask.mask_code)
    return script is not None and script.public_id == hidden["public_id"] and said == mask.commitment


def _runs(session: Session) -> Iterator[acts.Facts]:
    """Yield each marking of a test: how many scripts, in which run, when."""
    rows = (
        select(Sitting.public_id, TestMark.run, TestMark.at, func.count())
        .join(Script, Script.id == TestMark.script_id)
        .join(Sitting, Sitting.id == Script.sitting_id)
        .group_by(Sitting.id, Sitting.public_id, TestMark.run, TestMark.at)
        .order_by(Sitting.id, TestMark.run)
    )
    for sitting, run, at, scripts in session.execute(rows):
        yield {"_about": sitting, "_at": audit.stamp(at), "run": run, "scripts": scripts}


def _test_marks(session: Session) -> Iterator[Difference]:
    """Each mark of a test is what the journal earns by the key of the form that was committed to.

    The last mark of a script has all corrections in force in it, an earlier one those that it names.
    """
    rows = select(TestMark, Script).join(Script, Script.id == TestMark.script_id).order_by(TestMark.id)
    found = session.execute(rows).all()
    last = {script.id: mark.id for mark, script in found}
    known: Known = {}
    for mark, script in found:
        attempt = session.get(Attempt, script.attempt_id or 0)
        named = max((each["number"] for each in mark.corrections), default=0)
        up_to = None if last[script.id] == mark.id else named
        if attempt is None or not _is_earned(session, mark, script, attempt, up_to, known):
            yield Difference(where=WHERE, code="test mark", place=script.public_id)


def _is_earned(
    session: Session, mark: TestMark, script: Script, attempt: Attempt, up_to: int | None, known: Known
) -> bool:
    place = (script.competition_id, script.part, up_to)
    try:
        if place not in known:
            in_force = scored.in_force(session, script.competition_id, script.part, up_to=up_to)
            known[place] = (in_force, marks.policy(session, script.competition_id))
        form = opened.form_of(session, attempt.form_id)
        responses = replaying.counted(session, attempt).answers.responses
        earned = scored.mark_attempt(session, form, attempt, responses, *known[place])
        detail = session.keys.open(attempt.key_id, mark.detail, marks.CONTEXT.format(script.public_id))
    except KeyErased:
        return True  # the person's answers were erased
    except (JournalBroken, PaperLocked, FormBroken, SealBroken, NothingLeft, KeyDoesNotFit):
        return False
    commitment = session.get_one(PaperForm, attempt.form_id).commitment
    said = (mark.value, mark.max, mark.form_commitment, detail, mark.corrections)
    return said == (
        earned.score,
        earned.max,
        commitment,
        exact_bytes(earned.detail),
        list(earned.corrections),
    )


def _corrections(session: Session) -> Iterator[Difference]:
    """Each correction was proposed as it stands, and decided by whom and how it says."""
    proposed = select(
        TestCorrection.public_id.label("_about"),
        TestCorrection.proposed_by.label("_by"),
        TestCorrection.proposed_at.label("_at"),
        TestCorrection.part,
        TestCorrection.item,
        TestCorrection.kind,
        TestCorrection.sealed,
    )
    yield from acts.compare(
        session, WHERE, "correction", ("sittings.correction_proposed",), proposed, {"sealed"}
    )
    decided = select(
        TestCorrection.public_id.label("_about"),
        TestCorrection.decided_by.label("_by"),
        TestCorrection.decided_at.label("_at"),
        TestCorrection.item,
        TestCorrection.kind,
        TestCorrection.number,
        TestCorrection.words,
    ).where(TestCorrection.decided_at.is_not(None))
    told = ("sittings.correction_approved", "sittings.correction_refused")
    yield from acts.compare(session, WHERE, "correction decided", told, decided, {"words"})
