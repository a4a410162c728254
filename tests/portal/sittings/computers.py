# SPDX-License-Identifier: Apache-2.0
"""A part held in the portal, as far as the test needs it: seated, summoned, running, answered."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from exam_portal.core.actors import Actor, Role
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.papers import drawing
from exam_portal.papers import service as papers
from exam_portal.papers.models import Paper, PaperContent, PaperForm, PaperSeal
from exam_portal.sittings import service
from exam_portal.sittings.attempts import service as attempts
from exam_portal.sittings.models import Attempt, Seat, Sitting
from question_bank import draw_seed
from question_bank.paper import PaperForm as OpenedForm
from scoring.ruleset import RuleSet, parse
from tests.portal.competitions.builders import a_member, holding
from tests.portal.sittings.attempts import builders as attempt_builders
from tests.portal.sittings.attempts.builders import Player
from tests.portal.sittings.builders import LISTED, START, Hall, a_room, check_in, here

TEST_FIRST = Path("config/rulesets/leadership-test-panel.toml")


def rules_with_a_test() -> RuleSet:
    """The rules with a qualifying test in the portal before the written gate."""
    return parse(TEST_FIRST.read_text(encoding="utf-8"))


def rules_of_a_test_alone() -> RuleSet:
    """The rules with the test as the only part, which then ranks."""
    text = TEST_FIRST.read_text(encoding="utf-8")
    before, _, rest = text.partition('[[parts]]\nkey = "written"')
    after = rest.partition("[total]")[2].replace("part:programme", "decision", 1)
    order = after.replace('"decision", "part:written", "decision"', '"decision"')
    return parse(f"{before.replace('qualifying', 'ranked')}[total]{order}")


def seated(
    session: Session, hall: Hall, *, part: str = "written", capacity: int = 24, mode: str = "portal"
) -> Sitting:
    """The part is planned in the portal, and everybody has a seat."""
    room = a_room(session, hall, capacity=capacity)
    sitting = service.create_sitting(
        session,
        hall.secretary,
        LISTED,
        competition=here(session, hall),
        part=part,
        starts_at=START,
        mode=mode,
    )
    service.allot_seats(session, hall.secretary, LISTED, sitting=sitting, rooms=[room])
    session.expire(sitting, ["seats"])
    return sitting


def summoned(
    session: Session,
    hall: Hall,
    *,
    part: str = "written",
    form: OpenedForm | None = None,
    capacity: int = 24,
    mode: str = "portal",
    sealed: Callable[..., Paper] | None = None,
) -> Sitting:
    """Its paper is sealed, its attempts are prepared, its people summoned."""
    sitting = seated(session, hall, part=part, capacity=capacity, mode=mode)
    (sealed or seal_a_paper)(session, hall, part=part, form=form)
    service.prepare(session, hall.secretary, LISTED, sitting=sitting)
    service.summon(session, hall.secretary, LISTED, competition=here(session, hall))
    return sitting


def running(
    session: Session,
    hall: Hall,
    *,
    part: str = "written",
    form: OpenedForm | None = None,
    capacity: int = 24,
    sealed: Callable[..., Paper] | None = None,
) -> Sitting:
    """The paper is open, everybody is present, and the clock runs."""
    sitting = summoned(session, hall, part=part, form=form, capacity=capacity, sealed=sealed)
    attempt_builders.open_paper(session, sitting)
    for seat in sitting.seats:
        check_in(session, hall, seat)
    service.start(session, hall.invigilator, START, sitting=sitting)
    for row in (hall.competition, hall.house.organisation, *hall.candidates, *sitting.seats):
        session.refresh(row)  # still to be read when this session is closed
    return sitting


def seal_all(session: Session, actor: Actor, now: datetime, sitting: Sitting) -> int:
    """What still runs is sealed; return how many attempts did."""
    found = [session.get_one(Attempt, one) for one in attempts.running(session, sitting.id)]
    for one in found:
        attempts.seal_attempt(session, actor, now, attempt=one, replayed=attempts.replay(session, one))
    return len(found)


def mark_tests(session: Session, actor: Actor, now: datetime, sitting: Sitting) -> int:
    """The sitting's scripts are marked by their key; return how many."""
    computed = attempts.compute_marks(session, sitting)
    return attempts.mark_tests(session, actor, now, sitting=sitting, computed=computed)


def seal_a_paper(
    session: Session,
    hall: Hall,
    *,
    part: str = "written",
    kind: str = "official",
    form: OpenedForm | None = None,
) -> Paper:
    """A paper of the part is drawn and sealed by two officers."""
    by = hall.competition.created_by
    paper = Paper(
        competition_id=hall.competition.id,
        part=part,
        kind=kind,
        content="inside",
        blueprint={"schema": "exam-portal/blueprint/1"},
        created_by=by,
        created_at=LISTED,
    )
    session.add(paper)
    session.flush()
    row = attempt_builders._form_row(session, form or attempt_builders.a_form())
    session.add(PaperForm(paper_id=paper.id, drawn_by=by, drawn_at=LISTED, **row))
    for number in (1, 2):
        member = a_member(session, f"de.{kind}.{number}", "Cán bộ đề")
        officer = holding(member, Role.SETTING_BOARD, hall.house.organisation)
        session.add(PaperSeal(paper_id=paper.id, commitments={}, by=officer.account_id, at=LISTED))
    session.flush()
    return paper


def seal_by_verbs(
    session: Session, hall: Hall, *, part: str, form: OpenedForm | None = None, kind: str = "official"
) -> Paper:
    """A paper of the part is named, drawn and sealed by chair and secretary, and the record tells it."""
    chair, secretary = hall.house.chair, hall.house.secretary
    drawn = drawing._sealed(session.keys, form or attempt_builders.a_form())
    seed = draw_seed.seed_commitment(drawing.seed_of(session.keys, drawing.Start(key_id=drawn.key_id)))
    named: dict[str, Any] = {"competition": here(session, hall), "part": part, "kind": kind}
    paper = papers.name_paper(session, secretary, LISTED, **named, content=PaperContent.INSIDE, blueprint={})
    draw = drawing.Draw(forms=[drawn], pool=drawn.item_count, seed_commitment=seed)
    papers.keep_draw(session, secretary, LISTED, paper=paper, draw=draw)
    for officer in (chair, secretary):
        papers.seal(session, officer, LISTED, paper=paper, seen=papers.commitments(paper))
    return paper


def player_at(database: Database, seat: Seat, at: datetime) -> Player:
    """The computer at this seat has taken the attempt."""
    with database.writing(unhurried=True) as session:
        attempt = attempt_of(session, seat)
        attempts.take_attempt(session, Actor(account_id=None), at, attempt=attempt, device="test")
    with database.reading() as session:
        player = Player.of(database, attempt_of(session, seat))
    player.now = at
    return player


def attempt_of(session: Session, seat: Seat) -> Attempt:
    """Return the attempt at a seat."""
    return session.scalars(select(Attempt).where(Attempt.seat_id == seat.id)).one()


def states(session: Session, sitting: Sitting) -> list[str]:
    """Return where the attempts stand, by seat."""
    found = select(Attempt.state).where(Attempt.sitting_id == sitting.id).order_by(Attempt.seat_id)
    return list(session.scalars(found))
