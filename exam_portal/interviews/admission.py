# SPDX-License-Identifier: Apache-2.0
"""Who is heard: those who passed the parts before, and whether enough of them are left.

Whether a gate was passed is known one stage later (results), which says so through ``known_by``; until it
does, everybody present on the list counts as admitted and the secretary names those who passed.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, select

from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition, DecisionKind, MilestoneKind, Vacancy
from exam_portal.core.db import Session
from exam_portal.interviews import errors
from exam_portal.interviews.models import PanelSession
from exam_portal.registration.models import Application, Candidate, Exclusion, Withdrawal
from scoring.ruleset import Part, RuleSet

Passed = Callable[[Session, int, str], frozenset[int] | None]  # vacancy, part -> candidates, None: not known

_providers: list[Passed] = []


def known_by(provider: Passed) -> None:
    """Ask this of who passed the parts before a panel; named once, by the stage that knows."""
    _providers[:] = [provider]


def passed(session: Session, panel: PanelSession) -> frozenset[int] | None:
    """Return who passed every part before this one, or None while nobody can say."""
    found = [provider(session, panel.vacancy_id, panel.part) for provider in _providers]
    return found[0] if found else None


def eligible(session: Session, panel: PanelSession) -> frozenset[int]:
    """Return the candidates who may be heard as far as is known: present, and not failed before."""
    here = present(session, panel.vacancy_id)
    known = passed(session, panel)
    return here if known is None else here & known


def present(session: Session, vacancy_id: int) -> frozenset[int]:
    """Return the candidates of the vacancy who have neither withdrawn nor been disqualified."""
    rows = session.scalars(_present(select(Candidate.id)).where(Candidate.vacancy_id == vacancy_id))
    return frozenset(rows)


def peopled(session: Session, competition_ids: Collection[int]) -> frozenset[int]:
    """Return the vacancies of these competitions that have such candidates: one query."""
    found = _present(select(Candidate.vacancy_id).distinct())
    return frozenset(session.scalars(found.where(Candidate.competition_id.in_(competition_ids))))


def _present(found: Select[int]) -> Select[int]:
    gone = select(Exclusion.candidate_id)
    withdrawn = select(Candidate.id).join(Withdrawal, Withdrawal.application_id == Candidate.application_id)
    return found.join(Application, Application.id == Candidate.application_id).where(
        Candidate.id.not_in(gone), Candidate.id.not_in(withdrawn)
    )


def require(session: Session, panel: PanelSession, candidate_ids: Collection[int] | None) -> list[int]:
    """Return who is heard: exactly those admitted, enough of them, and the gate before decided."""
    _require_gate(session, panel)
    may = eligible(session, panel)
    chosen = sorted(may if candidate_ids is None else set(candidate_ids))
    if not set(chosen) <= may or (passed(session, panel) is not None and set(chosen) != may):
        raise errors.CandidateNotAdmitted
    _require_enough(session, panel, len(chosen))
    return chosen


def require_one(session: Session, panel: PanelSession, candidate_id: int) -> None:
    """The candidate is admitted and the gate before decided: all there is to ask of a hearing added later.

    Others may be admitted and not yet heard, or heard and gone; the minimum was decided at the lots.
    """
    _require_gate(session, panel)
    if candidate_id not in eligible(session, panel):
        raise errors.CandidateNotAdmitted


def is_gate_decided(session: Session, panel: PanelSession) -> bool:
    """Whether it is known who passed the parts before this one."""
    try:
        _require_gate(session, panel)
    except errors.GateOpen:
        return False
    return True


def gates_before(ruleset: RuleSet, key: str) -> Sequence[Part]:
    """Return the parts before this one that must be passed to come here."""
    keys = [part.key for part in ruleset.parts]
    earlier = ruleset.parts[: keys.index(key)]
    return [part for part in earlier if part.role in {"gate", "qualifying"}]


def _require_gate(session: Session, panel: PanelSession) -> None:
    """Scripts of a gate before the panel have been marked, locked and unmasked."""
    ruleset = competitions.ruleset(session.get_one(Competition, panel.competition_id))
    reached = competitions.reached(session, panel.competition_id)
    for part in gates_before(ruleset, panel.part):
        if part.marking is not None and (MilestoneKind.UNMASKED, part.key) not in reached:
            raise errors.GateOpen(part.key)
    if gates_before(ruleset, panel.part) and _providers and passed(session, panel) is None:
        raise errors.GateOpen(gates_before(ruleset, panel.part)[-1].key)


def _require_enough(session: Session, panel: PanelSession, admitted: int) -> None:
    competition = session.get_one(Competition, panel.competition_id)
    ruleset = competitions.ruleset(competition)
    minimum = ruleset.vacancy.min_candidates
    if admitted >= minimum or "gate" not in ruleset.vacancy.recheck_min_after:
        return
    if not _may_proceed(session, panel, since=_gate_decided_at(session, panel, ruleset)):
        code = session.scalars(select(Vacancy.code).where(Vacancy.id == panel.vacancy_id)).one()
        raise errors.BelowMinimum(code, admitted, minimum)


def _gate_decided_at(session: Session, panel: PanelSession, ruleset: RuleSet) -> datetime | None:
    reached = competitions.reached(session, panel.competition_id)
    instants = [
        reached[MilestoneKind.UNMASKED, part.key]
        for part in gates_before(ruleset, panel.part)
        if (MilestoneKind.UNMASKED, part.key) in reached
    ]
    return max(instants, default=None)


def _may_proceed(session: Session, panel: PanelSession, *, since: datetime | None) -> bool:
    """Whether the council has decided to go on, after it knew how many are left."""
    return any(
        decision.kind == DecisionKind.PROCEED
        and decision.vacancy_id == panel.vacancy_id
        and (since is None or decision.recorded_at >= since)
        for decision in competitions.decisions(session, panel.competition_id)
    )
