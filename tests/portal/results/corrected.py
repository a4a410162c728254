# SPDX-License-Identifier: Apache-2.0
"""A test that four people sat and that ranks them, and the correction of one of its questions."""

import dataclasses
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from exam_portal.competitions import service as course
from exam_portal.competitions.models import MilestoneKind as Kind
from exam_portal.core.actors import Actor, Role
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.ids import new_public_id
from exam_portal.papers.models import Paper, PaperForm
from exam_portal.results import rescoring, service
from exam_portal.results.models import Run
from exam_portal.sittings import queries, scripts_against_record
from exam_portal.sittings import service as sittings
from exam_portal.sittings.attempts import correcting
from exam_portal.sittings.attempts.preparing import form_index
from exam_portal.sittings.models import Attempt, Seat, Sitting
from question_bank.item import Item, native, unrecognisable
from question_bank.rekeying import answers_of, right_of
from scoring.ruleset import RuleSet
from tests.portal.competitions.builders import a_member, a_signed, holding
from tests.portal.competitions.pages import grant
from tests.portal.papers import builders as bank_builders
from tests.portal.sittings.attempts import builders as attempt_builders
from tests.portal.sittings.builders import LISTED, MINUTE, START, Hall, a_hall, here
from tests.portal.sittings.computers import (
    mark_tests,
    player_at,
    rules_of_a_test_alone,
    running,
    seal_a_paper,
    seal_all,
)

OVER = START + 120 * MINUTE
LATER = OVER + timedelta(days=1)
RIGHT = ("111", "101", "011", "001")  # of four people in three questions: the first two are ahead


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A test of three questions that four people sat and that ranks them, and who may correct it."""

    hall: Hall
    items: tuple[Item, ...]
    setter: Actor
    authority: Actor

    @property
    def chair(self) -> Actor:
        """Who decides."""
        return self.hall.house.chair


def held(
    database: Database, *, rules: RuleSet | None = None, is_marked: bool = True, parallel: bool = False
) -> Held:
    """Everybody has answered as RIGHT says; the ranking has been computed.

    With a parallel form "102" every second person has question 4 in it, and none the first one.
    """
    rules = rules or rules_of_a_test_alone()
    fields = [bank_builders.a_choice(number) for number in (1, 2, 3, 4)]
    natives = [dict(native(unrecognisable(item, bytes(32)))) for item in bank_builders.read(fields)]
    with database.writing(unhurried=True) as session:
        hall = a_hall(session, people=len(RIGHT), ruleset=rules)
        organisation = hall.house.organisation
        setter = holding(a_member(session, "de.thi", "Phạm Thu Hà"), Role.SETTING_BOARD, organisation)
        authority = holding(a_member(session, "tham.quyen", "Phan Thanh Sơn"), Role.AUTHORITY, organisation)
        form = attempt_builders.a_form(items=natives[:3])
        other_form = dataclasses.replace(attempt_builders.a_form(items=[natives[3], *natives[1:3]]), id="102")

        def both(session: Session, hall: Hall, **facts: Any) -> Paper:
            made = seal_a_paper(session, hall, **facts)
            row = attempt_builders._form_row(session, other_form)
            session.add(PaperForm(paper_id=made.id, drawn_by=made.created_by, drawn_at=LISTED, **row))
            for place, seat in enumerate(session.scalars(select(Seat).order_by(Seat.id))):
                while form_index(seat.public_id, 2) != place % 2:  # a form each, by turns
                    seat.public_id = new_public_id()
            session.flush()
            return made

        sealed = both if parallel else None
        sitting = running(session, hall, part="test", form=form, capacity=len(RIGHT), sealed=sealed)
        codes = {row.id: row.code for row in session.execute(select(PaperForm.id, PaperForm.code))}
        sat = {row.seat_id: row.form_id for row in session.execute(select(Attempt.seat_id, Attempt.form_id))}
        for actor in (setter, authority, hall.house.chair, hall.secretary):
            grant(session, actor, organisation.id, LISTED)
        session.refresh(organisation)
    by_candidate = {seat.candidate_id: seat for seat in sitting.seats}
    for candidate, pattern in zip(hall.candidates, RIGHT, strict=True):
        player = player_at(database, by_candidate[candidate.id], START + MINUTE)
        own = form if codes[sat[by_candidate[candidate.id].id]] == "101" else other_form
        for item, is_right in zip(own.items, pattern, strict=True):
            player.answer(_option(item, is_right == "1"), item=item.id)
    with database.writing(unhurried=True) as session:
        ended = session.get_one(Sitting, sitting.id)
        seal_all(session, hall.invigilator, START + 62 * MINUTE, ended)
        if is_marked:
            sittings.end(session, hall.invigilator, START + 63 * MINUTE, sitting=ended)
            assert mark_tests(session, hall.invigilator, OVER, ended) == len(RIGHT)
            compute(session, hall)
    return Held(hall=hall, items=form.items, setter=setter, authority=authority)


def _option(item: Item, is_right: bool) -> str:
    options = item.body.options  # type: ignore[attr-defined]
    return next(str(each.id) for each in options if (each.fraction == 1) == is_right)


def compute(session: Session, hall: Hall) -> Run:
    competition = here(session, hall)
    return service.compute_run(
        session, hall.secretary, OVER, competition=competition, vacancy=competition.vacancies[0]
    )


def propose(database: Database, test: Held, item: int = 0, *right: int, kind: str = "") -> str:
    """A correction of one item waits: a new key by the places of its options, or the item is neutralised."""
    answers = answers_of(test.items[item])
    with database.writing() as session:
        row = rescoring.propose(
            session,
            test.setter,
            LATER,
            competition=here(session, test.hall),
            proposal=correcting.Proposal(
                part="test",
                item=test.items[item].id,
                kind=kind or ("key" if right else "neutralised"),
                reason="Câu hỏi có hai phương án đúng",
                right=tuple(answers[place] for place in right),
                names=("b",) * len(right),
            ),
        )
        return row.public_id


def approve(database: Database, test: Held, public_id: str, by: Actor | None = None) -> rescoring.Effect:
    """The correction is in force, upon the effect that is returned."""
    with database.reading() as session:
        competition = here(session, test.hall)
        row = correcting.correction(session, competition.id, public_id)
        recomputed = correcting.recompute(session, row)
        effect = rescoring.foresee(session, LATER, competition, row, recomputed)
    with database.writing(unhurried=True) as session:
        competition = here(session, test.hall)
        rescoring.approve(
            session,
            by or test.chair,
            LATER,
            competition=competition,
            correction=correcting.correction(session, competition.id, public_id),
            minute="15/BB-HĐTT",
            seen=effect.hash,
            recomputed=recomputed,
            foreseen=effect,
        )
    return effect


def points_of(session: Session, test: Held) -> list[tuple[str, str]]:
    found = queries.test_marks(session, test.hall.competition.id, "test")
    return [found[candidate.id] for candidate in test.hall.candidates]


def other(test: Held, item: int) -> int:
    """The place of the option that those chose who were wrong."""
    answers, right = answers_of(test.items[item]), right_of(test.items[item])
    return next(place for place, answer in enumerate(answers) if answer not in right)


def place_of(test: Held) -> str:
    return f"/staff/competitions/{test.hall.competition.public_id}/results"


def reach(database: Database, test: Held, kind: Kind) -> None:
    with database.writing() as session:
        competition = here(session, test.hall)
        paper = a_signed(session, test.hall.house, competition)
        course.reach(session, test.authority, LATER, competition, kind, paper=paper)


def lacks(effect: rescoring.Effect) -> set[str]:
    return {lack["code"] for each in effect.vacancies or () for lack in each.lacks}


def remark(database: Database, test: Held) -> None:
    with database.writing(unhurried=True) as session:
        sitting = session.scalars(select(Sitting).where(Sitting.part == "test")).one()
        mark_tests(session, test.hall.invigilator, LATER, sitting)


def differences(database: Database) -> set[str]:
    with database.reading() as session:
        return {
            each.code
            for each in scripts_against_record.differences(session)
            if each.code.startswith(("correction", "test mark"))
        }


def post(database: Database, test: Held, reason: str) -> None:
    with database.writing(unhurried=True) as session:
        competition = here(session, test.hall)
        made = service.post_marks(session, test.hall.secretary, LATER, competition=competition, reason=reason)
        for actor in (test.chair, test.authority):
            service.approve_publication(
                session, actor, LATER, publication=made, content_hash=made.content_hash
            )
