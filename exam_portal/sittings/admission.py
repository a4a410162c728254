# SPDX-License-Identifier: Apache-2.0
"""Who sits a part that follows a gate: whoever passed it, as far as the later stage that knows can tell.

Until it can, everybody still in the competition is expected; a person names those who sit.
"""

from collections.abc import Callable, Collection

from sqlalchemy import select

from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.registration.models import Candidate
from exam_portal.sittings.models import Sitting, SittingEvent, SittingEventKind
from scoring.ruleset.parts import Part

# vacancy, part -> those who passed every gate before the part; None: not known yet
Passed = Callable[[Session, int, str], frozenset[int] | None]
SEATED_KINDS = frozenset({"test", "written"})  # parts that candidates sit in rooms
BARRING = frozenset({"gate", "qualifying"})

_providers: list[Passed] = []


def known_by(provider: Passed) -> None:
    """Ask this of who passed the parts before a sitting; named once, by the stage that knows."""
    _providers[:] = [provider]


def gates_before(competition: Competition, part: str) -> list[Part]:
    """Return the parts before this one that have to be passed."""
    parts = competitions.ruleset(competition).parts
    keys = [one.key for one in parts]
    return [one for one in parts[: keys.index(part)] if one.role in BARRING]


def failed(session: Session, competition_id: int, part: str, among: Collection[int]) -> frozenset[int]:
    """Return those of these candidates who are known to have failed a gate before the part."""
    gates = gates_before(session.get_one(Competition, competition_id), part)
    if not _providers or not among or not _can_have_failed(session, competition_id, gates):
        return frozenset()
    query = select(Candidate.id, Candidate.vacancy_id).where(Candidate.id.in_(among))
    rows = [(row[0], row[1]) for row in session.execute(query)]
    passed = {one: _providers[0](session, one, part) for one in {vacancy_id for _, vacancy_id in rows}}
    return frozenset(
        candidate_id
        for candidate_id, vacancy_id in rows
        if (known := passed[vacancy_id]) is not None and candidate_id not in known
    )


def _can_have_failed(session: Session, competition_id: int, gates: Collection[Part]) -> bool:
    """Whether a gate is over in some room, or is not held in rooms: before, nobody need be asked."""
    if any(one.kind not in SEATED_KINDS for one in gates):
        return True
    ended = (
        select(SittingEvent.id)
        .join(Sitting, Sitting.id == SittingEvent.sitting_id)
        .where(
            Sitting.competition_id == competition_id,
            Sitting.part.in_([one.key for one in gates]),
            SittingEvent.kind == SittingEventKind.ENDED.value,
        )
    )
    return session.scalar(ended.limit(1)) is not None
