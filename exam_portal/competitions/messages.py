# SPDX-License-Identifier: Apache-2.0
"""The words of competitions: states, milestones, criteria, decisions, refusals and acts."""

import enum
from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from exam_portal.competitions import errors, rules
from exam_portal.competitions.models import (
    CompetitionKind,
    CriterionKind,
    DecisionKind,
    MilestoneKind,
    Relation,
)
from exam_portal.core.errors import DomainError
from exam_portal.web import filters, messages
from exam_portal.web.messages import Wording, Words

AHEAD: Mapping[MilestoneKind, str] = {  # a step that has not been taken, as a refusal names it
    MilestoneKind.SUBMITTED: _l("Submission to the chair"),
    MilestoneKind.RETURNED: _l("Return by the chair"),
    MilestoneKind.APPROVED: _l("Approval by the chair"),
    MilestoneKind.ANNOUNCED: _l("Publication of the notice"),
    MilestoneKind.AMENDED: _l("Amendment by a signed paper"),
    MilestoneKind.REGISTRATION_CLOSED: _l("Closing of the registration"),
    MilestoneKind.LIST_APPROVED: _l("Approval of the list of candidates"),
    MilestoneKind.SUMMONED: _l("Summons of the candidates"),
    MilestoneKind.MARKS_LOCKED: _l("Locking of the marks of a part"),
    MilestoneKind.UNMASKED: _l("Lifting of the masks of a part"),
    MilestoneKind.MARKS_POSTED: _l("Posting of the marks"),
    MilestoneKind.REVIEWS_CLOSED: _l("End of the reviews of marking"),
    MilestoneKind.OPINION_RECORDED: _l("Opinion of the Party committee"),
    MilestoneKind.RECOGNISED: _l("Recognition of the result by the authority"),
    MilestoneKind.PUBLISHED: _l("Publication of the result"),
    MilestoneKind.ANNULLED: _l("Annulment"),
    MilestoneKind.ARCHIVED: _l("Archiving"),
}
MILESTONES: Mapping[enum.Enum, str] = {
    MilestoneKind.SUBMITTED: _l("Before the chair"),
    MilestoneKind.RETURNED: _l("Sent back by the chair"),
    MilestoneKind.APPROVED: _l("Approved by the chair"),
    MilestoneKind.ANNOUNCED: _l("Notice published"),
    MilestoneKind.AMENDED: _l("Amended by a signed paper"),
    MilestoneKind.REGISTRATION_CLOSED: _l("Registration closed"),
    MilestoneKind.LIST_APPROVED: _l("List of candidates approved"),
    MilestoneKind.SUMMONED: _l("Candidates summoned"),
    MilestoneKind.MARKS_LOCKED: _l("Marks of a part locked"),
    MilestoneKind.UNMASKED: _l("Masks of a part lifted"),
    MilestoneKind.MARKS_POSTED: _l("Marks posted"),
    MilestoneKind.REVIEWS_CLOSED: _l("Reviews of marking closed"),
    MilestoneKind.OPINION_RECORDED: _l("Opinion of the Party committee recorded"),
    MilestoneKind.RECOGNISED: _l("Result recognised by the authority"),
    MilestoneKind.PUBLISHED: _l("Result published"),
    MilestoneKind.ANNULLED: _l("Annulled"),
    MilestoneKind.ARCHIVED: _l("Archived"),
}
DRAFT = _l("Draft")

LABELS: Mapping[enum.Enum, str] = {
    **MILESTONES,
    CompetitionKind.REAL: _l("Competition"),
    CompetitionKind.REHEARSAL: _l("Rehearsal"),
    CriterionKind.MIN_YEARS_SERVICE: _l("Years of service, at least"),
    CriterionKind.MAX_AGE: _l("Age, below"),
    CriterionKind.YEARS_LEFT: _l("Years left before the age of retirement, at least"),
    CriterionKind.DEGREE: _l("Degree, at least"),
    CriterionKind.POLITICAL_THEORY: _l("Political theory, at least"),
    CriterionKind.STATE_MANAGEMENT: _l("State-management certificate, at least"),
    CriterionKind.IN_PLANNING_OR_NOMINATED: _l("In the succession plan, or nominated"),
    CriterionKind.FIRST_APPOINTMENT: _l("First appointment to such a post"),
    CriterionKind.NO_DISCIPLINE: _l("Not under discipline or prosecution"),
    CriterionKind.MANAGING_BODY_CONSENT: _l("Consent of the managing body"),
    CriterionKind.OTHER: _l("Another condition, read by people only"),
    DecisionKind.PROCEED: _l("Go on although there are too few candidates"),
    DecisionKind.NOMINATE: _l("Nominate more candidates"),
    DecisionKind.POSTPONE: _l("Postpone the appointment"),
    DecisionKind.TIE: _l("Order of equal totals"),
    DecisionKind.PANEL_KEEP: _l("Keep a ballot that lies far from the others"),
    DecisionKind.PANEL_EXCLUDE: _l("Leave a ballot out of the count"),
    DecisionKind.CHAIR_MARK: _l("Mark decided by the chair"),
    DecisionKind.LATE_ADMISSION: _l("Admit a late candidate"),
    DecisionKind.REVOKE: _l("Take back the earlier decision"),
    Relation.PARENT: _l("Parent"),
    Relation.SPOUSE: _l("Spouse"),
    Relation.CHILD: _l("Child, natural or adopted"),
    Relation.SIBLING: _l("Brother or sister"),
    Relation.PARENT_IN_LAW: _l("Parent of the spouse"),
    Relation.SIBLING_IN_LAW: _l("Brother or sister of the spouse"),
    Relation.LINE_MANAGER: _l("Direct superior"),
    Relation.NOMINATOR: _l("Has nominated the candidate"),
    Relation.SUPERVISOR: _l("Has supervised a thesis of the candidate"),
    Relation.OTHER: _l("Another relation"),
}

MISSING: Mapping[str, str] = {
    "description": _l(
        "What the notice has to say beside the rules: where dossiers are handed in, whom to ask"
    ),
    "vacancies": _l("At least one post"),
    "criteria": _l("At least one criterion for each post"),
}

DECISION_FIELDS: Mapping[str, str] = {
    "order": _l("the order of the candidates"),
    "candidate": _l("the candidate"),
    "part": _l("the part"),
    "ballot": _l("the ballot"),
    "value": _l("the mark"),
    "vacancy": _l("the post"),
}


def state(code: str) -> str:
    """Return the reader's word for where a competition stands."""
    return str(DRAFT) if code == "draft" else messages.label(MilestoneKind(code))


TAGS: Mapping[str, str] = {
    "draft": "neutral",
    "returned": "attention",
    "submitted": "attention",
    "published": "published",
    "annulled": "refused",
    "archived": "neutral",
}


def tag(code: str) -> str:
    """Return the kind of tag in which the state is shown."""
    return TAGS.get(code, "progress")


def _not_a_draft(error: errors.NotADraft) -> Words:
    return Words(
        _l("The draft does not change any more"),
        _l("Where the competition stands: %(state)s. Nothing has been changed.", state=state(error.state)),
        _l("Before the notice the chair can send it back; later a signed amendment can prolong the period."),
    )


def _incomplete(error: errors.DraftIncomplete) -> Words:
    lacks = "; ".join(str(MISSING[code]) for code in error.missing)
    return Words(
        _l("The draft is not complete"),
        _l("Still missing: %(what)s.", what=lacks),
        _l("Complete the draft, then submit it again."),
    )


def _refused(error: errors.MilestoneRefused) -> Words:
    what = AHEAD[error.kind]
    if error.reason == "again":
        return Words(
            _l("This has been done already"),
            _l(
                "“%(what)s” stands on record and does not happen twice.",
                what=messages.label(error.kind),
            ),
            _l("Open the competition again and look at where it stands."),
        )
    if error.reason == "over":
        return Words(
            _l("It is too late for this"),
            _l("The competition is past the point at which “%(what)s” was possible.", what=what),
        )
    needs = "; ".join(_step(kind, occurrence) for kind, occurrence in error.needs)
    return Words(
        _l("Something must come first"),
        _l("Before “%(what)s” the competition needs: %(needs)s.", what=what, needs=needs),
        _l("No step may overtake the one before it."),
    )


def _step(kind: MilestoneKind, occurrence: str) -> str:
    words = str(AHEAD[kind])
    return gettext("%(step)s (part %(part)s)", step=words, part=occurrence) if _is_part(kind) else words


def _is_part(kind: MilestoneKind) -> bool:
    return kind in {MilestoneKind.MARKS_LOCKED, MilestoneKind.UNMASKED}


def _too_early(error: errors.TooEarly) -> Words:
    return Words(
        _l("It is too early for this"),
        _l(
            "“%(what)s” is possible after %(when)s.",
            what=AHEAD[error.kind],
            when=_when(error.not_before),
        ),
        _l("Come back after that."),
    )


def _shortened(error: errors.WindowShortened) -> Words:
    return Words(
        _l("An announced period is never shortened"),
        _l("Applications are accepted until %(when)s; a new end must be later.", when=_when(error.closes_at)),
    )


def _over(error: errors.WindowOver) -> Words:
    return Words(
        _l("The period for applications is over already"),
        _l("It ended on %(when)s, before the notice.", when=_when(error.closes_at)),
        _l("Let the chair send the draft back, set new dates and submit it again."),
    )


def _bad_decision(error: errors.BadDecision) -> Words:
    fields = ", ".join(str(DECISION_FIELDS[name]) for name in error.fields)
    return Words(
        _l("The decision is not complete"),
        _l("A decision of this kind also names: %(fields)s.", fields=fields),
    )


def fault(found: errors.Fault) -> str:
    """Return what does not fit in a decision, and what would be right."""
    if found.code == "value":
        most, step = (filters.mark(figure) for figure in found.right)
        return str(gettext("Marks go from 0 to %(most)s in steps of %(step)s", most=most, step=step))
    right = found.right
    if found.code == "part":
        right = [rules.part_title(part, filters.language()) for part in found.right]
    words = _RIGHT[found.code] if right else _NOTHING_RIGHT[found.code]
    return str(words) % {"right": ", ".join(right)}


_RIGHT: Mapping[str, str] = {
    "part": _l("The rules leave nothing to decide like this about this part; only about: %(right)s"),
    "candidate": _l("There is no such candidate; the candidate numbers are: %(right)s"),
    "order": _l("Everybody with the same total has to stand in the order: %(right)s"),
    "uncalled": _l("Nothing is to be decided about this candidate; it is about: %(right)s"),
    "ballot": _l("There is no such ballot; this candidate's ballots are: %(right)s"),
}
_NOTHING_RIGHT: Mapping[str, str] = {
    "part": _l("The rules of this competition leave nothing to decide like this about any part"),
    "candidate": _l("There are no candidates yet: the list has not been approved"),
    "uncalled": _l("As the marks are now, nothing of this kind is to be decided about anybody"),
    "ballot": _l("Of so few ballots none can be left out: nothing would be left to count"),
    "kind": _l("As candidates and marks are now, no ranking could be made with this decision"),
}


def _unfit(error: errors.UnfitDecision) -> Words:
    return Words(
        _l("The decision cannot be carried out"),
        "; ".join(fault(each) for each in error.faults),
        _l("Compare the entry with the signed paper; nothing has been recorded."),
    )


def _when(instant: object) -> str:
    return filters.instant(instant)  # type: ignore[arg-type]


ERRORS: Mapping[type[DomainError], Wording] = {
    errors.NotADraft: _not_a_draft,
    errors.DraftIncomplete: _incomplete,
    errors.MilestoneRefused: _refused,
    errors.TooEarly: _too_early,
    errors.WindowShortened: _shortened,
    errors.WindowOver: _over,
    errors.BadDecision: _bad_decision,
    errors.UnfitDecision: _unfit,
    errors.NothingToRevoke: Words(
        _l("Say which decision is taken back"),
        _l("Only a decision that is in force can be taken back."),
        _l("Open the register of decisions and replace the one that was mistaken."),
    ),
    errors.CodeTaken: Words(_l("This code is in use"), _l("Another one beside it has the same code.")),
    errors.RehearsalsOff: Words(
        _l("Rehearsals are switched off"),
        _l("This installation does not allow rehearsals."),
        _l("The administrator can allow them in the settings (rehearsal.enabled)."),
    ),
    errors.NotARehearsal: Words(
        _l("Only the clock of a rehearsal can be moved"),
        _l("And only forward: a competition always runs on the time of the server."),
    ),
    errors.ApproverIsCreator: Words(
        _l("Two people are needed"),
        _l("Whoever created the competition cannot be the one who approves it."),
        _l("Ask the chair of the council to approve, or record the chair's own signed decision."),
    ),
    errors.PaperRequired: Words(
        _l("The signed paper is missing"),
        _l("This is recorded from a signed paper only, with its scan."),
    ),
    errors.BadParameter: Words(
        _l("The criterion is not complete"), _l("A value is missing or does not fit.")
    ),
    errors.AlreadySuperseded: Words(
        _l("This decision has been replaced already"), _l("Replace the one that took its place instead.")
    ),
    errors.WindowTurned: Words(
        _l("The period would end before it begins"), _l("Set an end that is later than the beginning.")
    ),
    errors.AlreadyDeclared: Words(_l("This relation has been declared already")),
    errors.ModeNotAllowed: Words(_l("A part of this kind cannot be held in this way")),
}

AUDIT: Mapping[str, str] = {
    "competitions.created": _l("A competition was created"),
    "competitions.draft_edited": _l("The draft was edited"),
    "competitions.mode_set": _l("It was set how a part is held"),
    "competitions.vacancy_added": _l("A post was added"),
    "competitions.vacancy_edited": _l("A post was edited"),
    "competitions.vacancy_removed": _l("A post was removed"),
    "competitions.criterion_added": _l("A criterion was added"),
    "competitions.criterion_edited": _l("A criterion was edited"),
    "competitions.criterion_removed": _l("A criterion was removed"),
    "competitions.submitted": _l("The draft was submitted to the chair"),
    "competitions.returned": _l("The chair sent the draft back"),
    "competitions.approved": _l("The chair approved the competition"),
    "config": _l("The notice was published; rule set, posts and dates are frozen"),
    "competitions.amended": _l("The period for applications was prolonged by a signed paper"),
    "competitions.registration_closed": _l("Registration was closed"),
    "roster": _l("The list of candidates was approved"),
    "competitions.summoned": _l("The candidates were summoned"),
    "competitions.marks_locked": _l("The marks of a part were locked"),
    "unblind": _l("The masks of a part were lifted"),
    "competitions.marks_posted": _l("The marks were posted"),
    "competitions.reviews_closed": _l("The reviews of marking were closed"),
    "competitions.opinion_recorded": _l("The opinion of the Party committee was recorded"),
    "competitions.recognised": _l("The authority recognised the result"),
    "publish": _l("Marks or results were published"),
    "competitions.published": _l("The result was published"),
    "competitions.annulled": _l("The competition was annulled"),
    "competitions.archived": _l("The competition was archived"),
    "competitions.decision_recorded": _l("A decision was recorded from its signed paper"),
    "competitions.conflict_declared": _l("A conflict of interest was declared"),
    "competitions.relation_typed": _l("A conflict of interest was typed from a signed declaration"),
    "competitions.clock_shifted": _l("The clock of a rehearsal was moved ahead"),
}
