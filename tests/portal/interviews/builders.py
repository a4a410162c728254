# SPDX-License-Identifier: Apache-2.0
"""A competition with a panel of nine, its members, its candidates, and the scan of its counting sheets."""

import dataclasses
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from unittest import mock

from exam_portal.audit.kinds import PaperKind
from exam_portal.audit.models import SignedPaper
from exam_portal.competitions.models import Competition, MilestoneKind, Vacancy
from exam_portal.core.actors import Actor, Role
from exam_portal.core.db import Session
from exam_portal.interviews import declared as declarations
from exam_portal.interviews import service, turn
from exam_portal.interviews.ballots import CountingSheet, Slip
from exam_portal.interviews.models import Hearing, HearingEvent, PanelSession
from exam_portal.interviews.record import keeping
from exam_portal.interviews.record import service as records
from exam_portal.interviews.service import common
from exam_portal.registration.models import Candidate
from scoring.ruleset import parse
from tests.portal.audit.builders import a_paper, a_pdf
from tests.portal.competitions import builders as houses
from tests.portal.competitions.builders import House, a_house, a_member, holding
from tests.portal.competitions.pages import grant
from tests.portal.sittings.builders import START, a_candidate

HEARD = START + timedelta(days=10)
Kind = MilestoneKind
TO_THE_PANEL = (
    (Kind.REGISTRATION_CLOSED, ""),
    (Kind.LIST_APPROVED, ""),
    (Kind.SUMMONED, ""),
    (Kind.MARKS_LOCKED, "written"),
    (Kind.UNMASKED, "written"),
)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Council:
    """A competition that has come to its panel."""

    house: House
    competition: Competition
    vacancy: Vacancy
    candidates: tuple[Candidate, ...]
    members: tuple[Actor, ...]
    typists: tuple[Actor, Actor]
    sheets: SignedPaper

    @property
    def secretary(self) -> Actor:
        """Who keeps the minutes."""
        return self.house.secretary


SEEN = (
    ("40", "Tốt", "Good", "Nêu rõ nguyên nhân, giải pháp có lộ trình", "Names causes; measures have dates"),
    ("25", "Đạt", "Fair", "Nêu đúng vấn đề, giải pháp còn chung chung", "Sees the problem; vague measures"),
    ("10", "Yếu", "Weak", "Chưa nêu được nguyên nhân", "Names no causes"),
)
LEVELS = "".join(
    f'{{ mark = "{mark}", label = {{ vi = "{vi}", en = "{en}" }}, '
    f'words = {{ vi = "{seen}", en = "{seen_en}" }} }}, '
    for mark, vi, en, seen, seen_en in SEEN
)


def rules_of_nine(
    *, ballot: str = "secret", deviation: str = "off", record: str = "", unnamed: str = ""
) -> str:
    """The rule set with a panel of nine; a relation that is ``unnamed`` keeps nobody off it."""
    text = houses.RULES.read_text(encoding="utf-8").replace("size = 7", "size = 9")
    text = text.replace('max = "40" ', f'max = "40"\nlevels = [{LEVELS}] ')
    text = text.replace('action = "off"', f'action = "{deviation}"')
    text = text.replace(f', "{unnamed}"', "")
    kept = f'\nrecord = "{record}"' if record else ""
    return text.replace('ballot = "secret"', f'ballot = "{ballot}"{kept}')


def a_council(
    session: Session,
    *,
    people: int = 3,
    ballot: str = "secret",
    deviation: str = "off",
    record: str = "",
    unnamed: str = "",
    unmasked: bool = True,
) -> Council:
    """The written part is behind it; nine members of the council hold their roles."""
    house = a_house(session)
    rules = rules_of_nine(ballot=ballot, deviation=deviation, record=record, unnamed=unnamed)
    competition = houses.an_announced(session, house, ruleset=parse(rules))
    vacancy = competition.vacancies[0]
    candidates = tuple(a_candidate(session, competition, vacancy, number) for number in range(people))
    houses.go_on(session, house, competition, *TO_THE_PANEL[: 5 if unmasked else 3])
    organisation = house.organisation

    def staff(role: Role, number: int) -> Actor:
        login = f"{role.value}.{number}"
        name = f"Ủy viên {number}" if role is Role.COUNCIL else f"Nhập liệu {number}"
        actor = holding(a_member(session, login, name), role, organisation)
        grant(session, actor, organisation.id, HEARD)
        return actor

    for actor in (house.chair, house.secretary):
        grant(session, actor, organisation.id, HEARD)
    sheets = a_paper(
        session,
        house.secretary,
        organisation.id,
        competition_id=competition.id,
        kind=PaperKind.COUNT_SHEET,
        content=a_pdf(people + 1),
        confidential=True,
    )
    return Council(
        house=house,
        competition=competition,
        vacancy=vacancy,
        candidates=candidates,
        members=tuple(staff(Role.COUNCIL, number) for number in range(1, 10)),
        typists=(staff(Role.TYPIST, 1), staff(Role.TYPIST, 2)),
        sheets=sheets,
    )


def a_panel(
    session: Session, council: Council, *, mode: str = "paper", members: int = 9, kept: bool = True
) -> PanelSession:
    """The panel is seated; where a sealed record is kept, its key lies with keepers."""
    panel = service.seat_panel(
        session,
        council.secretary,
        HEARD,
        competition=council.competition,
        vacancy=council.vacancy,
        part="programme",
        mode=mode,
        place="Hội trường A",
        starts_at=HEARD,
    )
    for number, actor in enumerate(council.members[:members], start=1):
        service.add_member(
            session,
            council.secretary,
            HEARD,
            panel=panel,
            name=f"Ủy viên {number}",
            duty="Ủy viên Hội đồng",
            account_id=actor.account_id if mode != "paper" else None,
        )
    declared(session, council, panel)
    if kept and members == 9 and keeping.is_kept(panel, common.rules(session, panel)[2]):
        entrusted(session, council, panel, keepers_of(session, council))
    return panel


def keepers_of(session: Session, council: Council, names: str = "1") -> tuple[Actor, ...]:
    """Two of the oversight board and one of the authority, who do not vote."""
    roles = (Role.OVERSIGHT, Role.OVERSIGHT, Role.AUTHORITY)
    organisation = council.house.organisation
    found = []
    for number, role in enumerate(roles, start=1):
        actor = holding(
            a_member(session, f"keeper{names}.{number}", f"Giám sát {number}"), role, organisation
        )
        grant(session, actor, organisation.id, HEARD)
        found.append(actor)
    return tuple(found)


def entrusted(
    session: Session,
    council: Council,
    panel: PanelSession,
    keepers: Sequence[Actor],
    *,
    threshold: int = 2,
    reason: str = "",
) -> list[str]:
    """The key of the record is in shares and each keeper has copied the own one; returns them."""
    holders = [actor.account_id or 0 for actor in keepers]
    prepared = records.prepare(session, panel=panel, holders=holders, threshold=threshold)
    records.entrust(session, council.secretary, HEARD, panel=panel, prepared=prepared, reason=reason)
    words = []
    for actor in keepers:
        words.append(records.show_share(session, actor, HEARD, panel=panel))
        records.take_share(session, actor, HEARD, panel=panel, typed=words[-1])
    return words


def declared(session: Session, council: Council, panel: PanelSession) -> None:
    """Every member has signed that there is no relation to any candidate."""
    for member in panel.members:
        if open_lines := [
            line
            for line in declarations.of_member(declarations.lines(session, panel), member)
            if not line.is_answered or line.is_open
        ]:
            service.declare_relations(
                session,
                council.secretary,
                HEARD,
                member=member,
                answers={line.candidate.id: None for line in open_lines},
                disciplined=False,
                paper=a_paper(
                    session,
                    council.secretary,
                    council.house.organisation.id,
                    competition_id=council.competition.id,
                    kind=PaperKind.CONFLICT_DECLARATION,
                    confidential=True,
                ),
            )


def drawn(session: Session, council: Council, panel: PanelSession) -> list[Hearing]:
    """The order is that of the candidate numbers, as on the minute of the draw."""
    ids = [candidate.id for candidate in council.candidates]
    minute = a_paper(
        session,
        council.secretary,
        council.house.organisation.id,
        competition_id=council.competition.id,
        kind=PaperKind.LOTS_MINUTE,
    )
    facts: dict[str, Any] = {
        "witnesses": "Trần Thị Bích",
        "candidate_ids": ids,
        "order": ids,
        "paper": minute,
    }
    return service.draw_lots(session, council.secretary, HEARD, panel=panel, **facts)


LOTS: dict[str, Any] = {"witnesses": "Lê Văn A", "words": "hoa sen, 27"}  # drawn here


def balloting(session: Session, council: Council, hearing: Hearing) -> None:
    """The candidate has been heard and slips are out."""
    service.open_hearing(session, council.secretary, HEARD, hearing=hearing)
    service.open_ballot(session, council.secretary, HEARD, hearing=hearing)


def balloting_beside(session: Session, council: Council, hearing: Hearing) -> None:
    """Slips are out while another box is open: a member on two panels has two ballots before them."""
    with mock.patch.object(turn, "require_boxes_closed"):
        balloting(session, council, hearing)


def a_sheet(issued: int, returned: int, invalid: int, values: Sequence[str]) -> CountingSheet:
    """A counting sheet as a typist reads it."""
    slips = [
        Slip(slip=str(number), value=Decimal(value), scores={}) for number, value in enumerate(values, 1)
    ]
    return CountingSheet(issued=issued, returned=returned, invalid=invalid, slips=slips)


def key(
    session: Session, council: Council, typist: int, hearing: Hearing, sheet: CountingSheet, page: int = 0
) -> HearingEvent | None:
    """A typist keys a counting sheet, by default from the page of the hearing's number."""
    return service.key_count(
        session,
        council.typists[typist],
        HEARD,
        hearing=hearing,
        sheet=sheet,
        paper=council.sheets,
        page=page or hearing.order_no,
    )


def count(session: Session, council: Council, hearing: Hearing, sheet: CountingSheet) -> None:
    """Both typists key the same."""
    balloting(session, council, hearing)
    assert key(session, council, 0, hearing, sheet) is None
    assert key(session, council, 1, hearing, sheet) is not None
