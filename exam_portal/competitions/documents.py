# SPDX-License-Identifier: Apache-2.0
"""The notice (document 3 of domain 7) and the plan (document 2), as they are printed."""

import dataclasses
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from exam_portal.accounts.models import Organisation
from exam_portal.competitions import calendar, notice, queries, rules, rulesets
from exam_portal.competitions.models import Competition, CompetitionKind, Milestone, MilestoneKind
from exam_portal.core.db import Session
from exam_portal.web import filters
from exam_portal.web.printed import PrintedDocument, Signature
from scoring.explain import Section
from scoring.ruleset import Part, RuleSet

TITLES = {
    "notice": (_l("NOTICE"), _l("On a competition for leadership and management posts")),
    "plan": (_l("PLAN"), _l("Holding a competition for leadership and management posts")),
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStep:
    """One line of the plan's schedule."""

    what: str
    who: str
    when: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CompetitionPaper:
    """What a document of a competition says, beside its frame."""

    name: str
    competition: Competition
    organisation: Organisation
    ruleset: RuleSet
    parts: Sequence[Part]
    rules: Sequence[Section]
    steps: Sequence[PlannedStep]
    announced: Milestone | None
    made_at: datetime

    @property
    def part_title(self) -> Callable[[Part], str]:
        """Return how a part is called in a document."""
        return lambda part: rules.part_title(part, filters.language())

    def frame(self, address: str, draw: Callable[[str], Markup]) -> PrintedDocument:
        """Return the frame in the national layout."""
        title, subject = TITLES[self.name]
        announced = self.announced if self.name == "notice" else None
        number = str(announced.payload.get("number", "")) if announced is not None else ""
        return PrintedDocument(
            issuing_body=self.organisation.name,
            parent_body=self.organisation.governing_name or "",
            title=str(title),
            subject=str(subject),
            number=number,
            place_and_date=f"{self.organisation.place}, {_day(announced.at if announced else None)}",
            grounds=[gettext("Pursuant to %(ground)s", ground=each) for each in self.competition.legal_basis],
            recipients=[
                gettext("Subordinate units"),
                gettext("Electronic portal"),
                gettext("Filed: records office, personnel unit"),
            ],
            signatures=[Signature(duty=gettext("HEAD OF THE AUTHORITY"))],
            code=self.competition.code,
            version="1" if announced is not None else gettext("draft"),
            generated_at=self.made_at,
            content_hash=notice.hash_of(self.competition),
            verify_address=address if announced is not None else "",
            qr_svg=draw(address) if announced is not None else None,
            is_rehearsal=self.competition.kind == CompetitionKind.REHEARSAL,
        )


def competition_paper(
    session: Session, competition: Competition, now: datetime, *, name: str
) -> CompetitionPaper:
    """Return what the notice or the plan of a competition says."""
    ruleset = rulesets.of(competition)
    return CompetitionPaper(
        name=name,
        competition=competition,
        organisation=queries.organisation_of(session, competition),
        ruleset=ruleset,
        parts=ruleset.parts,
        rules=rules.in_words(ruleset, filters.language()),
        steps=schedule(competition, ruleset),
        announced=queries.milestone(session, competition.id, MilestoneKind.ANNOUNCED),
        made_at=now,
    )


def schedule(competition: Competition, ruleset: RuleSet) -> list[PlannedStep]:
    """Return the steps of the plan with the earliest days that the rules allow."""
    opens, closes = competition.apply_opens_at, competition.apply_closes_at
    last = calendar.local_day(closes)
    summons = calendar.add_working_days(last, ruleset.calendar.summons_working_days)
    days = ruleset.calendar
    return [
        PlannedStep(
            what=gettext("Notice of competition"),
            who=gettext("Authority"),
            when=gettext("before %(when)s", when=_local(opens)),
        ),
        PlannedStep(
            what=gettext("Dossiers are accepted"),
            who=gettext("Counter"),
            when=f"{_local(opens)} – {_local(closes)}",
        ),
        PlannedStep(
            what=gettext("Dossiers are checked, the list is approved"),
            who=gettext("Dossier-checking board; chair of the council"),
            when=gettext("from %(when)s", when=filters.date(last + timedelta(days=1))),
        ),
        PlannedStep(
            what=gettext("Candidates are summoned"),
            who=gettext("Examination council"),
            when=gettext(
                "at least %(days)s working days before the examination, which is not before %(day)s",
                days=days.summons_working_days,
                day=filters.date(summons),
            ),
        ),
        *(_part_step(part) for part in ruleset.parts),
        PlannedStep(
            what=gettext("Marks are posted, requests for review are accepted"),
            who=gettext("Examination council"),
            when=gettext(
                "%(days)s working days after the marks are posted", days=ruleset.review.request_days
            ),
        ),
        PlannedStep(
            what=gettext("The result is recognised and published"),
            who=gettext("Appointing authority"),
            when=gettext("%(days)s working days after the recognition", days=days.notify_result_working_days),
        ),
    ]


def _part_step(part: Part) -> PlannedStep:
    minutes = part.duration_minutes
    boards = gettext("Invigilation board, marking board")
    return PlannedStep(
        what=rules.part_title(part, filters.language()),
        who=gettext("Examination council") if part.panel is not None else boards,
        when=gettext("%(minutes)s minutes", minutes=minutes) if minutes else gettext("as summoned"),
    )


def _local(instant: datetime) -> str:
    return filters.instant(instant)


def _day(day: datetime | date | None) -> str:
    """Return the day as documents write it; dots where the records office will write it."""
    return filters.date_in_words(day) if day is not None else gettext("day …… month …… year ………")
