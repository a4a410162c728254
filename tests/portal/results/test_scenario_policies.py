# SPDX-License-Identifier: Apache-2.0
"""Scenarios A and B on the pages, under every policy of the rule sets that they touch.

What has to come out is worked out by hand beside each case; no figure of a table is taken from the program.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from exam_portal.app import create_app
from exam_portal.audit.kinds import PaperKind
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.settings import Settings
from exam_portal.interviews import service as panels
from exam_portal.interviews.ballots import Slip
from exam_portal.interviews.errors import BelowMinimum
from exam_portal.interviews.models import Hearing, Occasion, PanelSession
from scoring.ruleset import RuleSet, parse
from tests.portal.audit.builders import a_pdf
from tests.portal.competitions.builders import RULES
from tests.portal.competitions.pages import At, Person, upload
from tests.portal.results import builders as at
from tests.portal.results import reading
from tests.portal.results.builders import HEARD, OVER, Stage, a_stage

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.thorough]

WRITTEN, PROGRAMME, TOTAL, OUTCOME = "Bài thi viết", "Trình bày trước Hội đồng", "Tổng cộng", "Kết quả"
Change = tuple[str, str]


@pytest.fixture
def clock() -> At:
    """The clock of the application under test."""
    return At(HEARD)


@pytest.fixture
def portal(settings: Settings, database: Database, clock: At, catalogues: None) -> Flask:
    """The application at the time of these tests."""
    made = create_app(settings, database, clock=clock)
    made.testing = True
    made.config["PROPAGATE_FAULTS"] = True
    return made


def the_rules(*changes: Change) -> RuleSet:
    """The gated rules with these words in place of others."""
    text = RULES.read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return parse(text)


@dataclasses.dataclass
class Walk:
    """A competition whose written part is unmasked, and its pages."""

    portal: Flask
    database: Database
    clock: At
    stage: Stage
    place: str = ""
    post: str = ""

    def secretary(self) -> Person:
        """Who computes and records."""
        return Person.at(self.portal, self.database, self.stage.secretary, self.clock.instant)

    def computed(self, reason: str = "") -> str:
        """The page on which the ranking was just computed."""
        secretary = self.secretary()
        sheet = f"{self.place}/results/vacancies/{self.post}"
        secretary.get(sheet)
        return secretary.post(f"{sheet}/compute", reason=reason)

    def decide(self, kind: str, status: int = 303, **facts: str) -> str:
        """A decision is typed from its scanned paper."""
        secretary = self.secretary()
        secretary.get(f"{self.place}/decisions/new?kind={kind}")
        told = {"kind": kind, "vacancy": self.post, "page": "1", **PAPER, **facts}
        return secretary.post(f"{self.place}/decisions/new", status, **told, paper_scan=upload(a_pdf()))

    def published(self) -> Mapping[str, reading.Cells]:
        """The rows of the recognised result, as everybody reads them."""
        with self.database.writing(unhurried=True) as session:
            number = at.publish(session, self.stage, "results", OVER).number
        self.clock.set(OVER)
        anybody = Person.at(self.portal, self.database, None, OVER)
        public = f"/competitions/{self.place.rsplit('/', 1)[1]}/results"
        return reading.rows(anybody.get(f"{public}/{number}"))


PAPER: dict[str, Any] = {
    "paper_number": "20/QĐ-HĐTT",
    "paper_issued_on": "25/01/2027",
    "paper_signed_by": "Nguyễn Văn Hòa, Chủ tịch Hội đồng",
}


def a_walk(
    portal: Flask, database: Database, clock: At, rules: RuleSet, slips: Mapping[int, Sequence[str]]
) -> Walk:
    """The slips of the written part are keyed, the marks locked and unmasked."""
    with database.writing(unhurried=True) as session:
        stage = a_stage(session, people=len(slips), ruleset=rules)
        at.marked(session, stage, slips)
        place = f"/staff/competitions/{stage.office.hall.competition.public_id}"
        post = at.vacancy_of(session, stage).public_id
    return Walk(portal, database, clock, stage, place, post)


# Scenario A ----------------------------------------------------------------------------------------------

RESOLVE, LIMIT = 'resolve = "third_decides"', 'threshold = "10", operator = ">=", basis = "points"'
DECIMALS, ROUNDING = "decimals = 2", 'rounding = "half_up"'
BALLOTS = ("84", "85", "84", "84.5", "84.5", "86", "83")  # 591 / 7 = 84.428571…
ALL_EIGHTY = ("80",) * 7


def resolve(policy: str) -> Change:
    return RESOLVE, f'resolve = "{policy}"'


def limit(threshold: str, operator: str, basis: str = "points") -> Change:
    return LIMIT, f'threshold = "{threshold}", operator = "{operator}", basis = "{basis}"'


def rounded(decimals: int, how: str) -> tuple[Change, Change]:
    return (DECIMALS, f"decimals = {decimals}"), (ROUNDING, f'rounding = "{how}"')


@dataclasses.dataclass(frozen=True, kw_only=True)
class OfA:
    """Slips 72 and 78 against 44 and 56 (and 49, where the rules ask for it); then the defence."""

    changes: Sequence[Change] = ()
    is_third: bool = True  # 49 is asked for and keyed
    first: str = "75,00"  # (72 + 78) / 2 = 75
    second: str
    passes: bool = False
    defence: str = "84,43"


A: dict[str, OfA] = {
    "third_decides": OfA(second="49,00"),  # the third mark is the mark
    "mean": OfA(changes=[resolve("mean")], is_third=False, second="50,00", passes=True),  # (44 + 56) / 2
    "closest_two": OfA(changes=[resolve("closest_two")], second="46,50"),  # 5 and 7 apart: (44 + 49) / 2
    "median": OfA(changes=[resolve("median")], second="49,00"),  # 44 < 49 < 56
    "two_agree_else_mean": OfA(changes=[resolve("two_agree_else_mean")], second="49,67"),  # 149 / 3 = 49.666…
    "chair_decides": OfA(changes=[resolve("chair_decides")], is_third=False, second="49,50"),  # as decided
    # the difference is 12
    "over 12": OfA(changes=[limit("12", ">")], is_third=False, second="50,00", passes=True),
    "12 or more": OfA(changes=[limit("12", ">=")], second="49,00"),
    "over 11,5": OfA(changes=[limit("11.5", ">")], second="49,00"),
    "over 12 per cent": OfA(
        changes=[limit("12", ">", "percent_of_max")], is_third=False, second="50,00", passes=True
    ),
    "12 per cent or more": OfA(changes=[limit("12", ">=", "percent_of_max")], second="49,00"),
    # 149 / 3 = 49.666…, and 591 / 7 = 84.428571…
    "half_even": OfA(changes=[resolve("two_agree_else_mean"), *rounded(2, "half_even")], second="49,67"),
    "cut off": OfA(
        changes=[resolve("two_agree_else_mean"), *rounded(2, "down")], second="49,66", defence="84,42"
    ),
    "one decimal": OfA(
        changes=[resolve("two_agree_else_mean"), *rounded(1, "half_up")],
        first="75,0",
        second="49,7",
        defence="84,4",
    ),
    # the gate compares the rounded mark: 49.666… is 50 without decimals, and 49 cut off
    "whole marks": OfA(
        changes=[resolve("two_agree_else_mean"), *rounded(0, "half_up")],
        first="75",
        second="50",
        passes=True,
        defence="84",
    ),
    "whole marks, cut off": OfA(
        changes=[resolve("two_agree_else_mean"), *rounded(0, "down")], first="75", second="49", defence="84"
    ),
    # (44 + 49) / 2 = 46.5, half way between two whole marks
    "half up": OfA(
        changes=[resolve("closest_two"), *rounded(0, "half_up")], first="75", second="47", defence="84"
    ),
    "half to even": OfA(
        changes=[resolve("closest_two"), *rounded(0, "half_even")], first="75", second="46", defence="84"
    ),
}


@pytest.mark.parametrize("case", A.values(), ids=A.keys())
def test_the_ward_of_scenario_a_holds_under_every_rule_for_two_marks(
    portal: Flask, database: Database, clock: At, case: OfA
) -> None:
    third = ("49",) if case.is_third else ()
    slips = {0: ("72", "78"), 1: ("44", "56", *third)}
    walk = a_walk(portal, database, clock, the_rules(*case.changes), slips)
    page = walk.computed()
    if "chair_decides" in str(case.changes):
        assert "chair_mark" in reading.lacking(page)
        walk.decide("chair_mark", part="written", candidates="002", value="49,5")
        page = walk.computed("Chủ tịch Hội đồng đã quyết định")
    found = reading.rows(page)
    assert mark(found["001"], WRITTEN) == case.first
    assert mark(found["002"], WRITTEN) == case.second
    assert ("không đạt" not in found["002"][WRITTEN]) is case.passes
    if not case.passes:
        assert "proceed" in reading.lacking(page)
        with pytest.raises(BelowMinimum), database.writing(unhurried=True) as session:
            at.a_panel(session, walk.stage, [0])
        walk.decide("proceed")
    with database.writing(unhurried=True) as session:
        at.hear(session, walk.stage, {0: BALLOTS, 1: ALL_EIGHTY} if case.passes else {0: BALLOTS})
    assert not reading.lacking(walk.computed("Đã bảo vệ đề án"))
    with database.writing(unhurried=True) as session:
        at.publish(session, walk.stage)
        at.to_recognition(session, walk.stage)
    public = walk.published()
    assert mark(public["001"], WRITTEN) == case.first
    assert mark(public["002"], WRITTEN) == case.second
    assert public["001"][TOTAL] == mark(public["001"], PROGRAMME) == case.defence
    assert "Trúng tuyển" in public["001"][OUTCOME]
    assert "Trúng tuyển" not in public["002"][OUTCOME]


def mark(cells: reading.Cells, part: str) -> str:
    """Return the mark of a part, without what is said under it."""
    return cells[part].split(" ")[0]


# Scenario B ----------------------------------------------------------------------------------------------

X = ("84", "86", "80", "88", "85", "83", "82")  # 588 / 7 = 84; one is away all day, one came late to X
Y = ("90", "78", "84", "80", "86", "88", "82")  # 588 / 7 = 84, and one invalid slip
Z = ("80",) * 8
WRITTEN_OF = {0: ("71", "72"), 1: ("72", "71"), 2: ("65", "66")}  # 71.50, 71.50 and 65.50
AGAIN = ("85", *Y[1:])  # the ballot on Y given again: 583 / 7 = 83.285714…
NINE = ("size = 7", "size = 9")
# with these, the 90 and the 78 of Y (6 from the mean) lie too far off, and nothing of X (4 at most)
APART, SPREAD = 'from_mean = "5.5", spread = "30"', 'from_mean = "20", spread = "10"'  # Y spreads 12, X 8
# build, defend and answer: X has 33 + 25 + the rest, which is 26 on average; Y has 35 + 27 + the rest, 22
CRITERIA = {0: ("33", "25"), 1: ("35", "27"), 2: ("32", "24")}
AUTHORITY = "decision"

SAID = {
    "flag": "Các phiếu chênh lệch nhiều hơn mức quy định (6,00; 12)",
    "panel_keep": "Hội đồng giữ nguyên các phiếu chênh lệch (biên bản số 20/QĐ-HĐTT)",
    "panel_exclude": "Hội đồng không tính một phiếu (biên bản số 20/QĐ-HĐTT)",
    "again": "Các phiếu này được bỏ lại và tính thay cho các phiếu trước (số 21/QĐ-HĐTT)",
}


def aggregate(how: str, trim: int = 0) -> tuple[Change, Change]:
    return ('aggregate = "mean"', f'aggregate = "{how}"'), ("trim = 0", f"trim = {trim}")


def deviation(action: str, limits: str = APART) -> Change:
    return (
        'deviation = { from_mean = "20", spread = "30", action = "off" }',
        f'deviation = {{ {limits}, action = "{action}" }}',
    )


def ties(*order: str) -> Change:
    listed = ", ".join(f'"{rule}"' for rule in order)
    return 'order = ["part:programme", "part:written", "decision"]', f"order = [{listed}]"


@dataclasses.dataclass(frozen=True, kw_only=True)
class OfB:
    """What the rules make of the ballots: the mark of Y (X has 84.00, Z 80.00), and who is first by what."""

    changes: Sequence[Change] = ()
    meets: str = ""  # how the council answers, where it meets about the ballots on Y
    y: str = "84,00"
    first: str = "002"  # as the authority decides, where it has to
    by: str = AUTHORITY

    @property
    def says(self) -> list[str]:
        """What the page says of the ballots."""
        if self.meets:
            return [self.meets]
        return ["flag"] if deviation("flag") in self.changes else []


B: dict[str, OfB] = {
    "mean": OfB(),
    # X 420 / 5 without 80 and 88; Y 420 / 5 without 90 and 78
    "trimmed": OfB(changes=aggregate("trimmed_mean", 1)),
    # the middle three of X are 83, 84 and 85, those of Y 82, 84 and 86
    "trimmed by two": OfB(changes=aggregate("trimmed_mean", 2)),
    "median": OfB(changes=aggregate("median")),  # 84 is the fourth of seven of both
    "quorum of half": OfB(changes=[('quorum = "2/3"', 'quorum = "1/2"')]),  # 5 of 9
    "quorum of seven": OfB(changes=[('quorum = "2/3"', 'quorum = "7/9"')]),  # seven slips, all of them valid
    "named": OfB(changes=[('ballot = "secret"', 'ballot = "named"')]),
    "flagged": OfB(changes=[deviation("flag")]),
    "not looked at": OfB(changes=[deviation("off")]),
    "kept": OfB(changes=[deviation("panel_meets")], meets="panel_keep"),
    # without the 90: 498 / 6 = 83, and the furthest is 5 off
    "left out": OfB(changes=[deviation("panel_meets")], meets="panel_exclude", y="83,00", first="001", by=""),
    # the six that are left spread 10, which is not over 10
    "left out, spread": OfB(
        changes=[deviation("panel_meets", SPREAD)], meets="panel_exclude", y="83,00", first="001", by=""
    ),
    # 80 82 84 86 of the six: 332 / 4
    "left out, trimmed": OfB(
        changes=[deviation("panel_meets"), *aggregate("trimmed_mean", 1)],
        meets="panel_exclude",
        y="83,00",
        first="001",
        by="",
    ),
    # (82 + 84) / 2 of the six
    "left out, median": OfB(
        changes=[deviation("panel_meets"), *aggregate("median")],
        meets="panel_exclude",
        y="83,00",
        first="001",
        by="",
    ),
    "given again": OfB(changes=[deviation("panel_meets")], meets="again", y="83,29", first="001", by=""),
    # 80 82 84 85 86: 417 / 5
    "given again, trimmed": OfB(
        changes=[deviation("panel_meets"), *aggregate("trimmed_mean", 1)],
        meets="again",
        y="83,40",
        first="001",
        by="",
    ),
    # 84 is still the fourth of seven
    "given again, median": OfB(changes=[deviation("panel_meets"), *aggregate("median")], meets="again"),
    "written first": OfB(changes=[ties("part:written", "decision")]),  # 71.50 both
    "authority only": OfB(changes=[ties("decision")]),
    "authority not named": OfB(changes=[ties("part:programme")]),  # it is understood
    "all ties": OfB(changes=[("places_boundary_only = true", "places_boundary_only = false")]),
    "by the answers": OfB(changes=[ties("rubric:programme.answer", "decision")], first="001", by="rule"),
    "by the building": OfB(changes=[ties("part:written", "rubric:programme.build")], by="rule"),
}


@pytest.mark.parametrize("case", B.values(), ids=B.keys())
def test_the_department_of_scenario_b_holds_under_every_rule_for_councils_and_ties(
    portal: Flask, database: Database, clock: At, case: OfB
) -> None:
    walk = a_walk(portal, database, clock, the_rules(NINE, *case.changes), WRITTEN_OF)
    hear_all(walk, by_criterion=case.by == "rule")
    page = walk.computed()
    if case.meets:
        assert set(reading.lacking(page)) == {"panel_keep"}
        assert reading.rows(page)["002"][TOTAL] == "–"
        council_meets(walk, case.meets)
        page = walk.computed("Hội đồng đã họp")
    assert {number: cells[TOTAL] for number, cells in reading.rows(page).items()} == {
        "001": "84,00",
        "002": case.y,
        "003": "80,00",
    }
    assert [code for code, words in SAID.items() if words in page] == case.says
    assert set(reading.lacking(page)) == ({"tie"} if case.by == AUTHORITY else set())
    with database.writing(unhurried=True) as session:
        at.publish(session, walk.stage)
        at.to_opinion(session, walk.stage)
    clock.set(OVER)
    if case.by == AUTHORITY:
        released_by_the_authority(walk)
    recognised(walk)
    public = walk.published()
    assert [number for number, cells in public.items() if "Trúng tuyển" in cells[OUTCOME]] == [case.first]
    assert {number: cells[TOTAL] for number, cells in public.items()} == {
        "001": "84,00",
        "002": case.y,
        "003": "80,00",
    }


def hear_all(walk: Walk, *, by_criterion: bool) -> None:
    """Nine sit; the ninth is away all day, the eighth is late for X."""
    with walk.database.writing(unhurried=True) as session:
        panel = at.a_panel(session, walk.stage, [0, 1, 2], size=9)
        absent(session, walk.stage, panel)
        for place, (hearing, values) in enumerate(zip(panel.hearings, (X, Y, Z), strict=True)):
            panels.open_hearing(session, walk.stage.secretary, HEARD, hearing=hearing)
            slips = [
                a_slip(n, value, CRITERIA[place] if by_criterion else ()) for n, value in numbered(values)
            ]
            facts: dict[str, Any] = {"issued": 7 if place == 0 else 8, "invalid": 1 if place == 1 else 0}
            at.counted(session, walk.stage, hearing, slips, **facts)


def absent(session: Session, stage: Stage, panel: PanelSession) -> None:
    """The ninth member hears nobody that day, the eighth not all of X."""
    late, away = panel.members[7], panel.members[8]
    for member, hearing in ((away, None), (late, panel.hearings[0])):
        facts: dict[str, Any] = {"member": member, "hearing": hearing, "reason": "Đi công tác"}
        panels.note_absence(session, stage.secretary, HEARD, panel=panel, **facts)


def numbered(values: Sequence[str]) -> list[tuple[int, str]]:
    return list(enumerate(values, start=1))


def a_slip(number: int, value: str, criteria: Sequence[str]) -> Slip:
    """A slip with its total, or with its figure for each criterion, the last of which makes up the total."""
    if not criteria:
        return Slip(slip=str(number), value=Decimal(value), scores={})
    build, defend = (Decimal(one) for one in criteria)
    scores = {"build": build, "defend": defend, "answer": Decimal(value) - build - defend}
    return Slip(slip=str(number), value=None, scores=scores)


def council_meets(walk: Walk, answer: str) -> None:
    """The council keeps the ballots on Y, leaves the 90 out, or gives the ballot again."""
    if answer != "again":
        ballot: dict[str, Any] = {"ballot": "1"} if answer == "panel_exclude" else {}
        walk.decide(answer, part="programme", candidates="002", **ballot)
        return
    with walk.database.writing(unhurried=True) as session:
        stage = walk.stage
        hearing = session.scalars(select(Hearing).where(Hearing.order_no == 2)).one()
        paper = at.a_signed(session, stage, PaperKind.COUNCIL_DECISION, number="21/QĐ-HĐTT")
        later = panels.repeat_hearing(
            session, stage.secretary, HEARD, hearing=hearing, occasion=Occasion.SECOND_BALLOT, paper=paper
        )
        at.counted(session, stage, later, [a_slip(n, value, ()) for n, value in numbered(AGAIN)], issued=8)


def released_by_the_authority(walk: Walk) -> None:
    """Nothing is recognised until the authority has named the order on a scanned document."""
    assert "Trúng tuyển" not in recognised(walk, 422)
    secretary = walk.secretary()
    secretary.get(f"{walk.place}/decisions/new?kind=tie")
    unsigned = {"kind": "tie", "vacancy": walk.post, "page": "1", "candidates": "002, 001", **PAPER}
    secretary.post(f"{walk.place}/decisions/new", 422, **unsigned)
    walk.decide("tie", candidates="002, 001")
    assert not reading.lacking(walk.computed("Cơ quan có thẩm quyền đã quyết định"))


def recognised(walk: Walk, status: int = 303) -> str:
    """The recognition is typed from its signed paper."""
    secretary = walk.secretary()
    page = f"{walk.place}/results/recognition"
    secretary.get(page)
    return secretary.post(page, status, paper_scan=upload(a_pdf()), **PAPER)


def test_a_quorum_of_eight_does_not_let_the_seven_hear_x(
    portal: Flask, database: Database, clock: At
) -> None:
    rules = the_rules(NINE, ('quorum = "2/3"', 'quorum = "8/9"'))
    walk = a_walk(portal, database, clock, rules, WRITTEN_OF)
    with database.writing(unhurried=True) as session:
        panel = at.a_panel(session, walk.stage, [0, 1, 2], size=9)
        absent(session, walk.stage, panel)
        page = f"{walk.place}/panel/{panel.public_id}"
        hearing = f"{page}/hearings/{panel.hearings[0].public_id}"
    secretary = walk.secretary()
    secretary.get(page)
    assert "7 thành viên dự trọn phiên trình bày này; cần 8" in secretary.post(f"{hearing}/open", 409)
    found = reading.rows(walk.computed())
    assert {cells[TOTAL] for cells in found.values()} == {"–"}
