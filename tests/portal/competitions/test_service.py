# SPDX-License-Identifier: Apache-2.0
"""The verbs of a competition: drafts, approval, notice, milestones, decisions; each with its refusal."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError

from exam_portal.accounts.models import Account
from exam_portal.audit import fsck as record_fsck
from exam_portal.audit import queries as record
from exam_portal.audit import service as audit
from exam_portal.audit.models import Leaf
from exam_portal.audit.papers import NoSuchPage
from exam_portal.competitions import cli, errors, fsck, notice, queries, rulesets, service
from exam_portal.competitions.models import (
    Competition,
    CompetitionKind,
    ConflictOfInterest,
    Criterion,
    CriterionKind,
    Decision,
    DecisionKind,
    Milestone,
    MilestoneKind,
    Relation,
    Vacancy,
)
from exam_portal.core import program
from exam_portal.core.actors import SYSTEM, Actor, Grant, Role
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from tests.portal.competitions.builders import (
    CLOSES,
    LATER,
    NOW,
    OPENS,
    TO_MARKS_POSTED,
    House,
    a_complete_draft,
    a_draft,
    a_house,
    a_member,
    a_signed,
    an_announced,
    go_on,
    holding,
    the_rules,
)

Kind = MilestoneKind
assert cli.commands == []  # importing it adds the competitions' part to fsck


def acts(session: Session, competition: Competition) -> list[str]:
    """The types in the competition's log, the oldest first."""
    log = record.log_of_competition(session, competition.id)
    assert log is not None
    return [leaf.type for leaf in reversed(record.leaves(session, log.id, limit=100).leaves)]


def test_a_competition_goes_from_draft_to_publication_and_each_act_is_a_leaf(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = an_announced(session, house)
        go_on(session, house, competition, *TO_MARKS_POSTED)
        for kind in (Kind.REVIEWS_CLOSED, Kind.OPINION_RECORDED, Kind.RECOGNISED):
            go_on(session, house, competition, (kind, ""))
        payload = {"number": 2, "publication": "sha256:…", "approvals": ["a", "b"]}
        service.reach(session, house.secretary, LATER, competition, Kind.PUBLISHED, payload=payload)
        assert queries.state(session, competition) == "published"
        log = [type_ for type_ in acts(session, competition) if type_ != "audit.paper_filed"]
    assert log == [
        "genesis",
        "competitions.created",
        "competitions.vacancy_added",
        "competitions.criterion_added",
        "competitions.submitted",
        "competitions.approved",
        "config",
        "code",
        "competitions.registration_closed",
        "roster",
        "competitions.summoned",
        "competitions.marks_locked",
        "unblind",
        "competitions.marks_posted",
        "competitions.reviews_closed",
        "competitions.opinion_recorded",
        "competitions.recognised",
        "publish",
    ]


def test_the_program_is_stated_with_the_notice_and_again_only_when_it_is_another(database: Database) -> None:
    own, former = program.facts(), {"version": "0.0.9", "build": "sha256:0", "lock": "sha256:0"}
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = an_announced(session, house)
        go_on(session, house, competition, (Kind.REGISTRATION_CLOSED, ""))
        assert acts(session, competition).count("code") == 1
        audit.record(session, SYSTEM, LATER, type="code", content=former, competition_id=competition.id)
        go_on(session, house, competition, (Kind.LIST_APPROVED, ""), (Kind.SUMMONED, ""))
        log = record.log_of_competition(session, competition.id)
        assert log is not None
        stated = record.leaves(session, log.id, record.LeafFilter(types=["code"])).leaves
        assert [{name: leaf.content[name] for name in own} for leaf in stated] == [own, former, own]


@pytest.mark.parametrize(
    "kind", [Kind.REVIEWS_CLOSED, Kind.OPINION_RECORDED, Kind.RECOGNISED, Kind.PUBLISHED]
)
def test_publishing_cannot_overtake_what_comes_before_it(database: Database, kind: Kind) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = an_announced(session, house)
        go_on(session, house, competition, *TO_MARKS_POSTED[:-1])
        with pytest.raises(errors.MilestoneRefused) as refused:
            go_on(session, house, competition, (kind, ""))
    assert refused.value.needs[0] == (Kind.MARKS_POSTED, "")


@pytest.mark.parametrize("kind", [Kind.OPINION_RECORDED, Kind.RECOGNISED])
def test_what_happens_outside_the_portal_needs_its_signed_paper(database: Database, kind: Kind) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = an_announced(session, house)
        go_on(session, house, competition, *TO_MARKS_POSTED, (Kind.REVIEWS_CLOSED, ""))
        if kind is Kind.RECOGNISED:
            go_on(session, house, competition, (Kind.OPINION_RECORDED, ""))
        with pytest.raises(errors.PaperRequired):
            service.reach(session, house.secretary, LATER, competition, kind)


def test_registration_does_not_close_before_its_period_is_over(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = an_announced(session, house)
        with pytest.raises(errors.TooEarly):
            service.close_registration(session, house.organiser, CLOSES, competition)
        service.close_registration(session, house.organiser, CLOSES + timedelta(seconds=1), competition)


@pytest.mark.engines("sqlite")
def test_the_head_of_the_log_is_signed_at_each_milestone(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        competition = an_announced(session, a_house(session))
        log = record.log_of_competition(session, competition.id)
        assert log is not None
        assert [c.size for c in record.checkpoints_of(session, log.id)] == [5, 6, 8]


def with_a_draft(database: Database, act: Callable[[Session, House, Competition], None]) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        act(session, house, an_announced(session, house))


def _first_vacancy(competition: Competition) -> Vacancy:
    return competition.vacancies[0]


EDITS: dict[str, Callable[[Session, House, Competition], object]] = {
    "edit_draft": lambda s, h, c: service.edit_draft(s, h.organiser, NOW, c, title="Khác"),
    "rule_set": lambda s, h, c: service.edit_draft(s, h.organiser, NOW, c, ruleset=the_rules()),
    "set_mode": lambda s, h, c: service.set_mode(s, h.organiser, NOW, c, part="written", mode="portal"),
    "add_vacancy": lambda s, h, c: service.add_vacancy(
        s, h.organiser, NOW, c, code="X", title="X", unit="X", level="division"
    ),
    "edit_vacancy": lambda s, h, c: service.edit_vacancy(s, h.organiser, NOW, _first_vacancy(c), places=2),
    "remove_vacancy": lambda s, h, c: service.remove_vacancy(s, h.organiser, NOW, _first_vacancy(c)),
    "add_criterion": lambda s, h, c: service.add_criterion(
        s, h.organiser, NOW, _first_vacancy(c), kind=CriterionKind.FIRST_APPOINTMENT
    ),
    "edit_criterion": lambda s, h, c: service.edit_criterion(
        s, h.organiser, NOW, _first_vacancy(c).criteria[0], kind=CriterionKind.NO_DISCIPLINE
    ),
    "remove_criterion": lambda s, h, c: service.remove_criterion(
        s, h.organiser, NOW, _first_vacancy(c).criteria[0]
    ),
}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("where", ["submitted", "announced"])
def test_nothing_of_a_draft_changes_once_it_has_gone_to_the_chair(
    database: Database, edit: str, where: str
) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = a_complete_draft(session, house)
        if where == "announced":
            service.submit_for_approval(session, house.organiser, NOW, competition)
            service.approve(session, house.chair, NOW, competition)
            service.announce(session, house.organiser, NOW, competition)
        else:
            service.submit_for_approval(session, house.organiser, NOW, competition)
        with pytest.raises(errors.NotADraft) as refused:
            EDITS[edit](session, house, competition)
    assert refused.value.state == where


@pytest.mark.parametrize("edit", EDITS)
def test_everything_of_a_draft_can_change_and_again_when_it_comes_back(database: Database, edit: str) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = a_complete_draft(session, house)
        service.submit_for_approval(session, house.organiser, NOW, competition)
        service.return_draft(session, house.chair, NOW, competition, reason="Bổ sung tiêu chuẩn ngoại ngữ.")
        EDITS[edit](session, house, competition)


@pytest.mark.engines("sqlite")
def test_the_words_of_a_return_stay_out_of_the_record(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = a_complete_draft(session, house)
        service.submit_for_approval(session, house.organiser, NOW, competition)
        returned = service.return_draft(session, house.chair, NOW, competition, reason="Hỏi anh Nam.")
        log = record.log_of_competition(session, competition.id)
        assert log is not None
        assert returned.payload["words"] == "Hỏi anh Nam."
        assert "Nam" not in str(record.leaves(session, log.id).leaves[0].content)


def test_an_incomplete_draft_does_not_go_to_the_chair(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = a_draft(session, house, description=" ")
        with pytest.raises(errors.DraftIncomplete) as refused:
            service.submit_for_approval(session, house.organiser, NOW, competition)
        assert refused.value.missing == ["description", "vacancies"]
        service.add_vacancy(
            session, house.organiser, NOW, competition, code="A", title="A", unit="A", level="division"
        )
        assert service.missing(competition) == ["description", "criteria"]


def test_whoever_made_the_competition_cannot_approve_it(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = a_complete_draft(session, house)
        service.submit_for_approval(session, house.organiser, NOW, competition)
        with pytest.raises(errors.ApproverIsCreator):
            service.approve(session, house.organiser, NOW, competition)
        service.approve(session, house.chair, NOW, competition)


def test_the_chair_approves_on_paper_and_signer_and_typist_are_two_facts(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = a_complete_draft(session, house)
        service.submit_for_approval(session, house.organiser, NOW, competition)
        own = a_signed(session, house, competition, signed_by="TRẦN THỊ BÍCH, Trưởng phòng")
        with pytest.raises(errors.ApproverIsCreator):
            service.approve_on_paper(session, house.secretary, NOW, competition, paper=own)
        paper = a_signed(session, house, competition, signed_by="Nguyễn Văn Hòa, Chủ tịch Hội đồng")
        milestone = service.approve_on_paper(session, house.secretary, NOW, competition, paper=paper)
        assert milestone.actor_id == house.secretary.account_id
        assert milestone.paper_id == paper.id


def test_a_draft_is_announced_only_after_the_last_word_of_the_chair_was_yes(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = a_complete_draft(session, house)
        with pytest.raises(errors.MilestoneRefused):
            service.announce(session, house.organiser, NOW, competition)
        service.submit_for_approval(session, house.organiser, NOW, competition)
        service.approve(session, house.chair, NOW, competition)
        service.return_draft(session, house.chair, NOW, competition, reason="Sửa thời hạn.")
        with pytest.raises(errors.MilestoneRefused):
            service.announce(session, house.organiser, NOW, competition)


def test_a_notice_whose_period_is_over_is_not_announced(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = a_complete_draft(session, house)
        service.submit_for_approval(session, house.organiser, NOW, competition)
        service.approve(session, house.chair, NOW, competition)
        with pytest.raises(errors.WindowOver):
            service.announce(session, house.organiser, CLOSES, competition)


def test_the_notice_freezes_rules_and_posts_by_their_hashes(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        competition = an_announced(session, a_house(session))
        log = record.log_of_competition(session, competition.id)
        assert log is not None
        [config] = record.leaves(session, log.id, record.LeafFilter(types=["config"])).leaves
        assert config.content["ruleset"] == the_rules().hash
        assert config.content["notice"] == notice.hash_of(competition)


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE vacancies SET places = 2", "notice"),
        ("UPDATE criteria SET text = 'khác'", "notice"),
        ("UPDATE competitions SET apply_closes_at = apply_opens_at, apply_opens_at = '2020-01-01'", "notice"),
        ("""UPDATE competitions SET ruleset = replace(ruleset, '"pass":"50"', '"pass":"30"')""", "ruleset"),
    ],
)
def test_whatever_of_a_notice_an_administrator_changes_is_found(
    database: Database, statement: str, code: str
) -> None:
    with database.writing(unhurried=True) as session:
        competition = an_announced(session, a_house(session))
        public_id = competition.public_id
    with database.reading() as session:
        assert record_fsck.first_difference(session) is None
    with database.writing() as session:
        session.execute(text(statement))
    with database.reading() as session:
        found = record_fsck.first_difference(session)
    assert found is not None
    assert (found.code, found.place) == (code, public_id)


def test_an_announced_period_is_prolonged_only_by_a_signed_paper_and_never_shortened(
    database: Database,
) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = an_announced(session, house)
        paper = a_signed(session, house, competition)
        longer = CLOSES + timedelta(days=5)
        service.amend_dates(session, house.organiser, NOW, competition, apply_closes_at=longer, paper=paper)
        assert competition.apply_closes_at == longer
        for closes in (CLOSES, longer):
            with pytest.raises(errors.WindowShortened):
                service.amend_dates(
                    session, house.organiser, NOW, competition, apply_closes_at=closes, paper=paper
                )
        assert record_fsck.first_difference(session) is None


def test_a_rolled_back_milestone_leaves_no_leaf(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = a_complete_draft(session, house)
        before = acts(session, competition)
    with database.writing(unhurried=True) as session:
        service.submit_for_approval(
            session, house.organiser, NOW, session.get_one(Competition, competition.id)
        )
        session.rollback()
    with database.reading() as session:
        assert acts(session, competition) == before
        assert queries.state(session, competition) == "draft"


@pytest.mark.parametrize(
    "statement",
    [
        update(Milestone).values(kind="published"),
        delete(Milestone),
        update(Decision).values(payload={}),
        delete(Decision),
        update(ConflictOfInterest).values(relation="other"),
        delete(ConflictOfInterest),
    ],
    ids=str,
)
def test_milestones_decisions_and_conflicts_are_evidence(database: Database, statement: Any) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = an_announced(session, house)
        paper = a_signed(session, house, competition)
        service.record_decision(
            session,
            house.secretary,
            NOW,
            competition,
            kind=DecisionKind.PROCEED,
            paper=paper,
            vacancy=competition.vacancies[0],
        )
        candidate = a_member(session, "thisinh", "Phạm Thu Hà")
        declare(session, house, competition, candidate)
    with pytest.raises(DatabaseError, match="evidence"), database.writing() as session:
        session.execute(statement)


def declare(session: Session, house: House, competition: Competition, candidate: Account) -> None:
    assert house.chair.account_id is not None
    service.declare_conflict(
        session,
        house.chair,
        NOW,
        competition,
        account_id=house.chair.account_id,
        candidate_account_id=candidate.id,
        relation=Relation.SIBLING,
    )


FACTS = {"account_id": "account", "candidate_account_id": "candidate_account"}


def test_a_conflict_is_declared_once_and_told_to_those_who_ask(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = an_announced(session, house)
        candidate = a_member(session, "thisinh", "Phạm Thu Hà")
        declare(session, house, competition, candidate)
        assert queries.conflicts(session, competition.id) == {(house.chair.account_id, candidate.id)}
        with pytest.raises(errors.AlreadyDeclared):
            declare(session, house, competition, candidate)
        leaf = session.query(Leaf).filter_by(type="competitions.conflict_declared").one()
        assert {leaf.content["account"], leaf.content["candidate_account"]} == {
            house.chair.account_id,
            candidate.id,
        }
        assert "sibling" not in str(leaf.content)
        assert audit.digest("sibling") != leaf.content["relation"]  # so few kinds: nobody tries them all
        assert list(fsck.differences(session)) == []
        told = {name: value for name, value in leaf.content.items() if not name.startswith("_")}
        kind = "competitions.conflict_declared"
        audit.record(
            session,
            house.chair,
            NOW,
            type=kind,
            content=told,
            competition_id=competition.id,
            subject=leaf.subject,
        )
        row = {name: told[short] for name, short in FACTS.items()}
        row |= {"competition_id": competition.id, "declared_by": house.chair.account_id, "declared_at": NOW}
        session.add(ConflictOfInterest(**row, relation="parent"))  # the leaf tells of a sibling
        session.flush()
        assert {found.code for found in fsck.differences(session)} == {"relation"}


@pytest.mark.parametrize(
    ("kind", "payload", "wrong"),
    [
        (DecisionKind.TIE, {}, ["order", "vacancy"]),
        (DecisionKind.TIE, {"order": ["001", "001"]}, ["order", "vacancy"]),
        (DecisionKind.PANEL_EXCLUDE, {"candidate": "001", "part": "programme"}, ["ballot"]),
        (DecisionKind.CHAIR_MARK, {"candidate": "001", "part": "written", "value": "5,5"}, ["value"]),
        (DecisionKind.CHAIR_MARK, {"candidate": "001", "part": "written", "value": 55}, ["value"]),
        (DecisionKind.PROCEED, {}, ["vacancy"]),
    ],
)
def test_a_decision_that_does_not_say_what_its_kind_must_is_refused_by_field(
    database: Database, kind: DecisionKind, payload: dict[str, Any], wrong: list[str]
) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = an_announced(session, house)
        paper = a_signed(session, house, competition)
        with pytest.raises(errors.BadDecision) as refused:
            service.record_decision(
                session, house.secretary, NOW, competition, kind=kind, payload=payload, paper=paper
            )
    assert refused.value.fields == wrong


def test_a_decision_names_a_page_that_exists_and_is_superseded_once(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = an_announced(session, house)
        paper = a_signed(session, house, competition)
        facts: dict[str, Any] = {
            "kind": DecisionKind.PROCEED,
            "paper": paper,
            "vacancy": competition.vacancies[0],
        }
        with pytest.raises(NoSuchPage):
            service.record_decision(session, house.secretary, NOW, competition, **facts, page=2)
        first = service.record_decision(session, house.secretary, NOW, competition, **facts)
        second = service.record_decision(
            session,
            house.secretary,
            NOW,
            competition,
            **{**facts, "kind": DecisionKind.POSTPONE},
            supersedes=first,
        )
        assert list(queries.decisions(session, competition.id)) == [second]
        assert list(queries.decisions(session, competition.id, superseded=True)) == [second, first]
        with pytest.raises(errors.AlreadySuperseded):
            service.record_decision(session, house.secretary, NOW, competition, **facts, supersedes=first)


def test_a_paper_or_a_post_of_another_competition_is_none_of_this_one(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        one = an_announced(session, house)
        other = an_announced(session, house, code="TT-2026-02")
        for paper, vacancy in (
            (a_signed(session, house, other), one.vacancies[0]),
            (a_signed(session, house, one), other.vacancies[0]),
        ):
            with pytest.raises(NotFound):
                service.record_decision(
                    session,
                    house.secretary,
                    NOW,
                    one,
                    kind=DecisionKind.PROCEED,
                    paper=paper,
                    vacancy=vacancy,
                )


def test_two_organisers_never_see_each_others_competitions(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        here, there = a_house(session), a_house(session, "Ủy ban nhân dân phường Láng", "b")
        draft, announced = a_draft(session, here), an_announced(session, here, code="TT-2026-02")
        assert [s.competition for s in queries.visible(session, here.organiser)] == [announced, draft]
        assert queries.visible(session, there.organiser) == []
        assert queries.competition(session, here.organiser, draft.public_id) is draft
        for found in (draft, announced):
            with pytest.raises(NotFound):
                queries.competition(session, there.organiser, found.public_id)


def test_staff_of_one_competition_see_it_and_no_other_of_the_same_authority(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        one, other = a_draft(session, house), a_draft(session, house, code="TT-2026-02")
        grant = Grant(role=Role.CHAIR, organisation_ids=frozenset(), competition_id=one.id)
        chair = Actor(account_id=1, grants=(grant,))
        assert [s.competition for s in queries.visible(session, chair)] == [one]
        with pytest.raises(NotFound):
            queries.competition(session, chair, other.public_id)


def test_the_administrator_of_the_installation_does_not_read_drafts(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        a_draft(session, house)
        administrator = holding(
            a_member(session, "quantri", "Đỗ Quang"), Role.ADMINISTRATOR, house.organisation
        )
        assert queries.visible(session, administrator) == []


def test_the_public_sees_announced_competitions_and_no_draft_and_no_rehearsal(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        draft = a_draft(session, house)
        rehearsal = an_announced(
            session, house, code="TD-01", kind=CompetitionKind.REHEARSAL, rehearsals_enabled=True
        )
        announced = an_announced(session, house, code="TT-2026-02")
        assert [s.competition for s in queries.public_notices(session)] == [announced]
        assert queries.notice(session, rehearsal.public_id) is rehearsal  # by its address only
        with pytest.raises(NotFound):
            queries.notice(session, draft.public_id)


def test_a_rehearsal_needs_the_setting_and_only_its_clock_moves(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        with pytest.raises(errors.RehearsalsOff):
            a_draft(session, house, kind=CompetitionKind.REHEARSAL)
        rehearsal = a_draft(session, house, kind=CompetitionKind.REHEARSAL, rehearsals_enabled=True)
        service.shift_clock(session, house.organiser, NOW, rehearsal, seconds=3600)
        assert rehearsal.clock_offset_seconds == 3600
        with pytest.raises(errors.NotARehearsal):
            service.shift_clock(session, house.organiser, NOW, rehearsal, seconds=-1)
        real = a_draft(session, house, code="TT-2026-02")
        with pytest.raises(errors.NotARehearsal):
            service.shift_clock(session, house.organiser, NOW, real, seconds=3600)


def test_a_code_is_used_once_in_an_organisation_and_once_in_a_competition(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = a_complete_draft(session, house)
        with pytest.raises(errors.CodeTaken):
            a_draft(session, house)
        with pytest.raises(errors.CodeTaken):
            service.add_vacancy(
                session, house.organiser, NOW, competition, code="PGD", title="A", unit="A", level="division"
            )
        a_draft(session, a_house(session, "Sở Y tế", "b"))


def test_a_period_that_ends_before_it_begins_is_refused(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        with pytest.raises(errors.WindowTurned):
            a_draft(session, house, apply_closes_at=OPENS)
        competition = a_draft(session, house)
        with pytest.raises(errors.WindowTurned):
            service.edit_draft(session, house.organiser, NOW, competition, apply_closes_at=OPENS)


def test_a_part_is_held_as_its_kind_allows_and_the_hash_follows(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = a_draft(session, house)
        before = competition.ruleset_hash
        service.set_mode(session, house.organiser, NOW, competition, part="written", mode="portal")
        assert rulesets.of(competition).part("written").mode == "portal"
        assert competition.ruleset_hash == rulesets.of(competition).hash != before
        with pytest.raises(errors.ModeNotAllowed):
            service.set_mode(session, house.organiser, NOW, competition, part="written", mode="telephone")


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        (CriterionKind.MIN_YEARS_SERVICE, {}),
        (CriterionKind.MIN_YEARS_SERVICE, {"years": "5"}),
        (CriterionKind.MAX_AGE, {"years": 0}),
        (CriterionKind.MAX_AGE, {"years": 55, "at": "ngày mai"}),
        (CriterionKind.DEGREE, {"level": "intermediate"}),
        (CriterionKind.OTHER, {}),
    ],
)
def test_a_criterion_whose_parameters_do_not_fit_its_kind_is_refused(
    database: Database, kind: CriterionKind, params: dict[str, Any]
) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        vacancy = a_complete_draft(session, house).vacancies[0]
        with pytest.raises(errors.BadParameter):
            service.add_criterion(session, house.organiser, NOW, vacancy, kind=kind, params=params)


def test_removing_a_post_takes_its_criteria_with_it(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = a_complete_draft(session, house)
        service.remove_vacancy(session, house.organiser, NOW, competition.vacancies[0])
        assert competition.vacancies == []
        assert session.scalars(select(Criterion)).all() == []


def test_of_two_who_announce_at_once_one_is_told(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = a_complete_draft(session, house)
        service.submit_for_approval(session, house.organiser, NOW, competition)
        service.approve(session, house.chair, NOW, competition)
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def announce() -> None:
        together.wait()
        try:
            with database.writing(unhurried=True) as session:
                service.announce(session, house.organiser, NOW, session.get_one(Competition, competition.id))
            outcomes.append("announced")
        except errors.MilestoneRefused as refused:
            outcomes.append(refused.reason)

    threads = [threading.Thread(target=announce) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["again", "announced"]
    with database.reading() as session:
        kinds = [found.kind for found in queries.milestones_of(session, competition.id)]
    assert kinds.count("announced") == 1


def test_a_draft_may_have_a_panel_of_another_size_and_the_quorum_follows(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = a_draft(session, house)
        before = competition.ruleset_hash
        service.set_mode(
            session, house.organiser, NOW, competition, part="programme", mode="paper", panel_size=9
        )
        panel = rulesets.of(competition).part("programme").panel
        assert panel is not None
        assert panel.size == 9
        assert panel.quorum * panel.size == 6
        assert competition.ruleset_hash != before
        with pytest.raises(ValueError, match="panel"):
            service.set_mode(
                session, house.organiser, NOW, competition, part="programme", mode="paper", panel_size=0
            )
