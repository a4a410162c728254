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

# vacancy, part -> those who passed every gate before the part; None: not known yet
Passed = Callable[[Session, int, str], frozenset[int] | None]
BARRING = frozenset({"gate", "qualifying"})

_providers: list[Passed] = []


def known_by(provider: Passed) -> None:
    """Ask this of who passed the parts before a sitting; named once, by the stage that knows."""
    _providers[:] = [provider]


def follows_a_gate(competition: Competition, part: str) -> bool:
    """Whether some part before this one has to be passed."""
    parts = competitions.ruleset(competition).parts
    keys = [one.key for one in parts]
    return any(one.role in BARRING for one in parts[: keys.index(part)])


def failed(session: Session, competition_id: int, part: str, among: Collection[int]) -> frozenset[int]:
    """Return those of these candidates who are known to have failed a gate before the part."""
    competition = session.get_one(Competition, competition_id)
    if not _providers or not among or not follows_a_gate(competition, part):
        return frozenset()
    query = select(Candidate.id, Candidate.vacancy_id).where(Candidate.id.in_(among))
    rows = [(row[0], row[1]) for row in session.execute(query)]
    passed = {one: _providers[0](session, one, part) for one in {vacancy_id for _, vacancy_id in rows}}
    return frozenset(
        candidate_id
        for candidate_id, vacancy_id in rows
        if (known := passed[vacancy_id]) is not None and candidate_id not in known
    )
