# SPDX-License-Identifier: Apache-2.0
"""A competition on paper from its masked scripts to its publications, in few words."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from exam_portal.audit.kinds import PaperKind
from exam_portal.audit.models import SignedPaper
from exam_portal.competitions import service as course
from exam_portal.competitions.models import Competition, Decision, DecisionKind, Vacancy
from exam_portal.core.actors import Actor, Role
from exam_portal.core.db import Session
from exam_portal.interviews import declared
from exam_portal.interviews import service as panels
from exam_portal.interviews.ballots import CountingSheet, Slip
from exam_portal.interviews.models import Hearing, PanelSession
from exam_portal.marking import service as marking
from exam_portal.registration.models import Candidate
from exam_portal.results import service
from exam_portal.results.models import Publication, Run, Unmasking
from exam_portal.sittings import handover, masking
from tests.portal.audit.builders import a_paper, a_pdf
from tests.portal.competitions.builders import a_member, holding
from tests.portal.competitions.pages import grant
from tests.portal.marking.builders import MARKED, SIGNERS, Office, an_office

LOCKED = MARKED + timedelta(days=1)
HEARD = MARKED + timedelta(days=3)
POSTED = MARKED + timedelta(days=5)
REVIEWERS = ("Cao Bá Quát", "Hồ Thị Kỷ", "Tạ Quang Bửu")
OVER = POSTED + timedelta(days=40)  # past every window of fifteen working days


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A competition whose scripts are masked, and everybody who brings it to its result."""

    office: Office
    authority: Actor
    oversight: Actor

    @property
    def secretary(self) -> Actor:
        """Who computes, prepares and records."""
        return self.office.secretary

    @property
    def chair(self) -> Actor:
        """Who approves."""
        return self.office.hall.house.chair

    @property
    def masker(self) -> Actor:
        """Who lifts the masks."""
        return self.office.hall.masker

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """Everybody who sat the written part, by number."""
        return self.office.hall.candidates

    @property
    def organisation_id(self) -> int:
        """The authority that runs it."""
        return self.office.hall.house.organisation.id


def a_stage(session: Session, *, people: int = 2, **overrides: Any) -> Stage:
    """The written part is masked; chair, authority and oversight hold their roles."""
    office = an_office(session, people=people, **overrides)
    organisation = office.hall.house.organisation
    authority = holding(a_member(session, "thamquyen.a", "Phan Thanh Sơn"), Role.AUTHORITY, organisation)
    oversight = holding(a_member(session, "giamsat.a", "Tô Kim Liên"), Role.OVERSIGHT, organisation)
    for actor in (authority, oversight, office.hall.house.organiser):
        grant(session, actor, organisation.id, MARKED)
    return Stage(office=office, authority=authority, oversight=oversight)


def here(session: Session, stage: Stage) -> Competition:
    """Return the competition as this session sees it."""
    return session.get_one(Competition, stage.office.hall.competition.id)


def vacancy_of(session: Session, stage: Stage) -> Vacancy:
    """Return its one post."""
    return here(session, stage).vacancies[0]


def a_signed(session: Session, stage: Stage, kind: PaperKind, **overrides: Any) -> SignedPaper:
    """A signed paper of the competition is on file."""
    facts = {"competition_id": here(session, stage).id, "kind": kind, **overrides}
    return a_paper(session, stage.secretary, stage.organisation_id, **facts)


def key_marks(session: Session, stage: Stage, given: Mapping[int, Sequence[str]]) -> None:
    """Two typists key the slips of each candidate (by place), round after round."""
    places = _places(session, stage, "marking")
    for place, values in given.items():
        for round_, value in enumerate(values, start=1):
            _key(session, stage, places[stage.candidates[place].id], round_, value)


def _places(session: Session, stage: Stage, purpose: str) -> dict[int, int]:
    """Return candidate -> masked script; what only the masking board could tell."""
    hidden = masking.mapping(session, here(session, stage).id, "written", purpose)
    return {candidate_id: masked_id for masked_id, candidate_id in hidden.items()}


def _key(session: Session, stage: Stage, masked_id: int, round_: int, value: str) -> None:
    bag = next(one for one in handover.bags_of(session, here(session, stage).id) if not one.is_review)
    scripts = handover.scripts(session, bag.id)
    number = [one.id for one in scripts].index(masked_id)
    for typist in stage.office.typists[:2]:
        marking.key_slip(
            session,
            typist,
            MARKED,
            bag=bag,
            script=scripts[number],
            round=round_,
            value=Decimal(value),
            scores={},
            signer=SIGNERS[round_ - 1],
            paper=stage.office.slips,
            page=3 * number + round_,
        )


def _review_slips(session: Session, stage: Stage) -> SignedPaper:
    return a_signed(session, stage, PaperKind.MARK_SLIP, content=a_pdf(3), number="02/PC", confidential=True)


def key_review(session: Session, stage: Stage, purpose: str, values: Sequence[str]) -> None:
    """Two typists key the slips of the review board from one scan of three pages."""
    competition = here(session, stage)
    bag = next(one for one in handover.bags_of(session, competition.id) if one.purpose == purpose)
    script = handover.scripts(session, bag.id)[0]
    paper = _review_slips(session, stage)
    for round_, value in enumerate(values, start=1):
        for typist in stage.office.typists[:2]:
            marking.key_slip(
                session,
                typist,
                OVER,
                bag=bag,
                script=script,
                round=round_,
                value=Decimal(value),
                scores={},
                signer=REVIEWERS[round_ - 1],
                paper=paper,
                page=round_,
            )


def lock(session: Session, stage: Stage, purpose: str = "marking", at: datetime = LOCKED) -> None:
    """The marks are closed."""
    facts: dict[str, Any] = {"competition_id": here(session, stage).id, "part": "written", "purpose": purpose}
    marking.ask_lock(session, stage.secretary, at, **facts)
    marking.lock_marks(session, stage.office.hall.house.chair, at, **facts)


def unmask(session: Session, stage: Stage, purpose: str = "marking", at: datetime = LOCKED) -> Unmasking:
    """The masking board lifts the masks before the oversight."""
    assert stage.oversight.account_id is not None
    return service.unmask(
        session,
        stage.masker,
        at,
        competition=here(session, stage),
        part="written",
        purpose=purpose,
        witnessed_by=stage.oversight.account_id,
        paper=a_signed(session, stage, PaperKind.OTHER),
    )


def marked(session: Session, stage: Stage, given: Mapping[int, Sequence[str]]) -> None:
    """The written part is marked, locked and unmasked."""
    key_marks(session, stage, given)
    lock(session, stage)
    unmask(session, stage)


def compute(session: Session, stage: Stage, at: datetime = HEARD, reason: str = "") -> Run:
    """The ranking is computed."""
    return service.compute_run(
        session,
        stage.secretary,
        at,
        competition=here(session, stage),
        vacancy=vacancy_of(session, stage),
        reason=reason,
    )


def a_panel(
    session: Session, stage: Stage, places: Sequence[int], *, size: int = 7, part: str = "programme"
) -> PanelSession:
    """The members sit, and the lots have been drawn among these candidates (by place), in this order."""
    panel = panels.seat_panel(
        session,
        stage.secretary,
        HEARD,
        competition=here(session, stage),
        vacancy=vacancy_of(session, stage),
        part=part,
        mode="paper",
        place="Hội trường A",
        starts_at=HEARD,
    )
    for number in range(1, size + 1):
        facts: dict[str, Any] = {"name": f"Ủy viên {number}", "duty": "Ủy viên Hội đồng"}
        panels.add_member(session, stage.secretary, HEARD, panel=panel, **facts)
    declared_by_all(session, stage, panel)
    ids = [stage.candidates[place].id for place in places]
    panels.draw_lots(
        session,
        stage.secretary,
        HEARD,
        panel=panel,
        witnesses="Tô Kim Liên",
        candidate_ids=ids,
        order=ids,
        paper=a_signed(session, stage, PaperKind.LOTS_MINUTE),
    )
    return panel


def declared_by_all(session: Session, stage: Stage, panel: PanelSession) -> None:
    """Every member has signed that there is no relation to any candidate."""
    lines = declared.lines(session, panel)
    for member in panel.members:
        panels.declare_relations(
            session,
            stage.secretary,
            HEARD,
            member=member,
            answers={line.candidate.id: None for line in declared.of_member(lines, member)},
            disciplined=False,
            paper=a_signed(session, stage, PaperKind.CONFLICT_DECLARATION, confidential=True),
        )


def ballots(
    session: Session,
    stage: Stage,
    hearing: Hearing,
    values: Sequence[str],
    *,
    invalid: int = 0,
    at: datetime = HEARD,
) -> None:
    """The candidate is heard; two typists key the counting sheet."""
    panels.open_hearing(session, stage.secretary, at, hearing=hearing)
    slips = [Slip(slip=str(n), value=Decimal(value), scores={}) for n, value in enumerate(values, 1)]
    counted(session, stage, hearing, slips, invalid=invalid, at=at)


def counted(
    session: Session,
    stage: Stage,
    hearing: Hearing,
    slips: Sequence[Slip],
    *,
    invalid: int = 0,
    issued: int = 7,
    at: datetime = HEARD,
) -> None:
    """Slips are issued for a hearing that was held; two typists key the counting sheet."""
    panels.open_ballot(session, stage.secretary, at, hearing=hearing)
    sheet = CountingSheet(issued=issued, returned=len(slips) + invalid, invalid=invalid, slips=slips)
    paper = a_signed(session, stage, PaperKind.COUNT_SHEET, confidential=True)
    for typist in stage.office.typists[:2]:
        panels.key_count(session, typist, at, hearing=hearing, sheet=sheet, paper=paper, page=1)


def hear(session: Session, stage: Stage, given: Mapping[int, Sequence[str]]) -> PanelSession:
    """The panel hears these candidates (by place) and votes so."""
    panel = a_panel(session, stage, list(given))
    for hearing in panel.hearings:
        place = [one.id for one in stage.candidates].index(hearing.candidate_id)
        ballots(session, stage, hearing, given[place])
    return panel


def decide(
    session: Session,
    stage: Stage,
    kind: DecisionKind,
    at: datetime = HEARD,
    *,
    number: str = "12/QĐ-HĐTT",
    supersedes: Decision | None = None,
    **payload: Any,
) -> Decision:
    """The council or the authority has decided on a signed paper."""
    return course.record_decision(
        session,
        stage.authority,
        at,
        here(session, stage),
        kind=kind,
        payload=payload,
        paper=a_signed(session, stage, PaperKind.COUNCIL_DECISION, number=number),
        vacancy=vacancy_of(session, stage),
        supersedes=supersedes,
    )


def prepared(
    session: Session, stage: Stage, kind: str = "marks", at: datetime = POSTED, reason: str = ""
) -> Publication:
    """A publication waits for its approvals."""
    facts: dict[str, Any] = {"competition": here(session, stage), "kind": kind, "reason": reason}
    return service.prepare_publication(session, stage.secretary, at, **facts)


def approve(
    session: Session, stage: Stage, publication: Publication, *actors: Actor, at: datetime = POSTED
) -> Publication:
    """Each of these approves what was shown; chair and authority if nobody is named."""
    for actor in actors or (stage.chair, stage.authority):
        publication = service.approve_publication(
            session,
            actor,
            at,
            publication=session.get_one(Publication, publication.id),
            content_hash=publication.content_hash,
        )
    return publication


def publish(
    session: Session, stage: Stage, kind: str = "marks", at: datetime = POSTED, reason: str = ""
) -> Publication:
    """It is prepared, and approved by chair and authority."""
    return approve(session, stage, prepared(session, stage, kind, at, reason), at=at)


def nobody_waits(_session: Session, _competition_id: int) -> int:
    """No request for review waits."""
    return 0


def to_opinion(session: Session, stage: Stage, at: datetime = OVER) -> None:
    """Reviews are closed and the opinion is recorded."""
    competition = here(session, stage)
    service.close_reviews(session, stage.secretary, at, competition=competition, waiting=nobody_waits)
    opinion = a_signed(session, stage, PaperKind.OPINION, number="07-CV/ĐU", confidential=True)
    service.record_opinion(session, stage.secretary, at, competition=competition, paper=opinion)


def to_recognition(session: Session, stage: Stage, at: datetime = OVER) -> None:
    """Reviews are closed, the opinion is recorded, the result recognised."""
    to_opinion(session, stage, at)
    recognition = a_signed(session, stage, PaperKind.RECOGNITION, number="45/QĐ-UBND")
    service.recognise(session, stage.authority, at, competition=here(session, stage), paper=recognition)


def outcome(run: Run, place: int) -> dict[str, Any]:
    """Return the computed row of a candidate by place."""
    found: dict[str, Any] = next(row for row in run.output["candidates"] if row["id"] == f"{place + 1:03d}")
    return found
