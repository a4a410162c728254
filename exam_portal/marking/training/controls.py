# SPDX-License-Identifier: Apache-2.0
"""Control scripts among a marker's live ones: which, and under which code, follows from a key alone.

Nothing is stored when a bag is given out. The order of the control scripts of a part is a keyed hash of
marker and script, and no marker meets one twice; the code and the address of each are keyed hashes in the
form that live ones have.
"""

import base64
import dataclasses
from collections.abc import Sequence

from sqlalchemy import select

from exam_portal.core.db import Session
from exam_portal.marking.models import Assignment
from exam_portal.marking.training import queries
from exam_portal.marking.training.models import TrainingMark, TrainingScript
from exam_portal.sittings import handover
from exam_portal.sittings.handover import BagView, MaskedScriptView, ScriptContent

PURPOSE = "marking.control"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ControlScript(MaskedScriptView):
    """A control script in a bag, as the desk shows it; its ``id`` is below nought: it is no live one's."""

    training_script_id: int


def in_bag(session: Session, bag: BagView, round_: int, marker_id: int) -> list[ControlScript]:
    """Return the control scripts that lie in this marker's bag, in the order of their codes.

    None lies in a bag of third marks or of a review, in one of paper, or where scripts have several answers.
    """
    if bag.is_review or round_ > 2:
        return []
    rules = queries.rule(session, bag.competition_id, bag.part)
    if rules is None or not _has_controls(session, bag):
        return []
    given = _assignments(session, bag, marker_id)
    chosen = _shared_out(session, bag, given, marker_id).get(bag.id, [])
    if not chosen or not _is_one_typed_answer(session, bag):
        return []
    return sorted((_as_shown(session, bag, marker_id, one) for one in chosen), key=lambda one: one.mask_code)


def content(session: Session, script: MaskedScriptView) -> ScriptContent:
    """Return what the marker reads: of a control script its answer to the question of the live ones."""
    if not isinstance(script, ControlScript):
        return handover.content(session, script.id)
    live = handover.content(session, handover.scripts(session, script.bag_id)[0].id)
    written = session.get_one(TrainingScript, script.training_script_id)
    return dataclasses.replace(live, answers=(dataclasses.replace(live.answers[0], text=written.answer),))


def marks(session: Session, controls: Sequence[ControlScript], marker_id: int) -> dict[int, TrainingMark]:
    """Return this marker's marks of these control scripts, by the id under which the desk knows each."""
    if not controls:
        return {}
    rows = session.scalars(
        select(TrainingMark).where(
            TrainingMark.training_script_id.in_([one.training_script_id for one in controls]),
            TrainingMark.marker_id == marker_id,
            TrainingMark.bag_id.is_not(None),
        )
    )
    return {-row.training_script_id: row for row in rows}


def number_in(count: int, every: int) -> int:
    """Return how many control scripts come to so many live ones: one to each ``every``, at least one."""
    return max(1, count // every) if every else 0


def _has_controls(session: Session, bag: BagView) -> bool:
    found = select(TrainingScript.id).where(
        TrainingScript.competition_id == bag.competition_id,
        TrainingScript.part == bag.part,
        TrainingScript.purpose == "control",
    )
    return session.scalar(found.limit(1)) is not None


def _assignments(session: Session, bag: BagView, marker_id: int) -> list[Assignment]:
    """Return all that this marker was given of the part, taken back or not, in its order."""
    bags = [one.id for one in handover.bags_of(session, bag.competition_id) if _is_live(one, bag.part)]
    rows = select(Assignment).where(
        Assignment.bag_id.in_(bags), Assignment.marker_id == marker_id, Assignment.round < 3
    )
    return list(session.scalars(rows.order_by(Assignment.at, Assignment.id)))


def _is_live(bag: BagView, part: str) -> bool:
    return bag.part == part and not bag.is_review


def _shared_out(
    session: Session, bag: BagView, given: Sequence[Assignment], marker_id: int
) -> dict[int, list[TrainingScript]]:
    """Return the control scripts of each bag: those in force when it was given, and met in none before."""
    counts = {one.id: one.count for one in handover.bags_of(session, bag.competition_id)}
    every = session.scalars(
        select(TrainingScript).where(
            TrainingScript.competition_id == bag.competition_id,
            TrainingScript.part == bag.part,
            TrainingScript.purpose == "control",
        )
    ).all()
    ordered = sorted(every, key=lambda one: session.keys.index(f"{marker_id}/{one.public_id}", PURPOSE))
    met: set[int] = set()
    shared: dict[int, list[TrainingScript]] = {}
    for assignment in given:
        rule = queries.rule(session, bag.competition_id, bag.part, assignment.at)
        number = number_in(counts[assignment.bag_id], rule.control_every if rule else 0)
        free = [one for one in ordered if one.id not in met and _was_in_force(one, assignment)]
        shared[assignment.bag_id] = free[:number]
        met |= {one.id for one in free[:number]}
    return shared


def _was_in_force(script: TrainingScript, assignment: Assignment) -> bool:
    is_withdrawn = script.withdrawn_at is not None and script.withdrawn_at <= assignment.at
    return script.at <= assignment.at and not is_withdrawn


def _is_one_typed_answer(session: Session, bag: BagView) -> bool:
    live = handover.content(session, handover.scripts(session, bag.id)[0].id)
    return live.kind == "text" and len(live.answers) == 1


def code_of(session: Session, bag: BagView, marker_id: int, script: TrainingScript) -> str:
    """Return the code under which this marker meets the control script in the bag."""
    return _letters(session, bag, marker_id, script)[:10]


def _letters(session: Session, bag: BagView, marker_id: int, script: TrainingScript) -> str:
    digest = session.keys.index(f"{bag.public_id}/{marker_id}/{script.public_id}", f"{PURPOSE}.code")
    return base64.b32encode(digest).decode("ascii")


def _as_shown(session: Session, bag: BagView, marker_id: int, script: TrainingScript) -> ControlScript:
    letters = _letters(session, bag, marker_id, script)
    return ControlScript(
        id=-script.id,
        public_id=letters[10:36].lower(),
        mask_code=letters[:10],
        bag_id=bag.id,
        training_script_id=script.id,
    )
