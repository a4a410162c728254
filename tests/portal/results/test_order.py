# SPDX-License-Identifier: Apache-2.0
"""No step overtakes the one before it, nobody approves twice, and nothing is published unseen."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from exam_portal.audit.kinds import PaperKind
from exam_portal.audit.models import Leaf
from exam_portal.competitions import service as competitions
from exam_portal.competitions.errors import MilestoneRefused, NotADraft
from exam_portal.competitions.models import DecisionKind, MilestoneKind
from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.results import errors, publications, queries, service
from exam_portal.results.models import Publication
from scoring.ruleset import parse
from tests.portal.competitions.builders import RULES
from tests.portal.papers.test_at_once import at_once
from tests.portal.results import builders as at
from tests.portal.results.builders import LOCKED, OVER, POSTED, Stage, a_stage

TWO = {0: ["72", "78"], 1: ["60", "64"]}
VOTES = {0: ["80"] * 7, 1: ["85"] * 7}


def computed(database: Database) -> Stage:
    """Everything is marked, heard and computed."""
    with database.writing(unhurried=True) as session:
        stage = a_stage(session)
        at.marked(session, stage, TWO)
        at.hear(session, stage, VOTES)
        at.compute(session, stage)
    return stage


def test_masks_are_lifted_after_the_lock_by_two_of_two_boards(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        stage = a_stage(session)
        at.key_marks(session, stage, TWO)
        with pytest.raises(errors.MarksNotLocked):
            at.unmask(session, stage)
        with pytest.raises(errors.MarksNotLocked):
            at.compute(session, stage)
        at.lock(session, stage)
        with pytest.raises(errors.NotUnmasked):
            at.compute(session, stage)
        facts: dict[str, Any] = {"competition": at.here(session, stage), "part": "written"}
        assert stage.masker.account_id is not None
        with pytest.raises(errors.SamePerson):
            service.unmask(session, stage.masker, LOCKED, witnessed_by=stage.masker.account_id, **facts)
        with pytest.raises(errors.WitnessFromMaskingBoard):
            service.unmask(session, stage.secretary, LOCKED, witnessed_by=stage.masker.account_id, **facts)
        at.unmask(session, stage)
        with pytest.raises(errors.AlreadyUnmasked):
            at.unmask(session, stage)


def test_t38_rules_stand_before_the_marking_and_no_ranking_is_told_before_the_lock(
    database: Database,
) -> None:
    with database.writing(unhurried=True) as session:
        stage = a_stage(session)
        competition, vacancy = at.here(session, stage), at.vacancy_of(session, stage)
        stood = competition.ruleset_hash
        at.key_marks(session, stage, TWO)
        for early in (
            lambda: service.compute(session, competition, vacancy),
            lambda: at.compute(session, stage),
        ):
            with pytest.raises(errors.MarksNotLocked):
                early()
        easier = parse(RULES.read_text(encoding="utf-8").replace('pass = "50"', 'pass = "40"'))
        assert easier.hash != stood
        organiser = stage.office.hall.house.organiser
        with pytest.raises(NotADraft):
            competitions.edit_draft(session, organiser, LOCKED, competition, ruleset=easier)
        at.lock(session, stage)
        at.unmask(session, stage)
        assert at.compute(session, stage).ruleset_hash == stood
        told = {leaf.type: leaf for leaf in session.scalars(select(Leaf).order_by(Leaf.id.desc()))}
        assert told["config"].content["ruleset"] == stood
        assert told["config"].id < told["blind-commit"].id < told["mark"].id < told["result"].id


def test_each_step_is_refused_before_the_one_it_follows(database: Database) -> None:
    stage = computed(database)
    with database.writing(unhurried=True) as session:
        competition = at.here(session, stage)
        paper = at.a_signed(session, stage, PaperKind.RECOGNITION)
        with pytest.raises(MilestoneRefused) as refused:
            at.prepared(session, stage, "results", OVER)
        assert (MilestoneKind.RECOGNISED, "") in refused.value.needs
        with pytest.raises(MilestoneRefused):
            service.recognise(session, stage.authority, OVER, competition=competition, paper=paper)
        with pytest.raises(MilestoneRefused):
            service.record_opinion(session, stage.secretary, OVER, competition=competition, paper=paper)
        at.publish(session, stage)
        facts: dict[str, Any] = {"competition": competition, "waiting": at.nobody_waits}
        with pytest.raises(errors.ReviewWindowOpen):
            service.close_reviews(session, stage.secretary, POSTED, **facts)
        at.to_recognition(session, stage)
        assert at.publish(session, stage, "results", OVER).published_at == OVER


def test_nobody_approves_twice_and_nobody_approves_what_was_not_shown(database: Database) -> None:
    stage = computed(database)
    with database.writing(unhurried=True) as session:
        waiting = at.prepared(session, stage)
        with pytest.raises(errors.PublicationWaiting):
            at.prepared(session, stage)
        at.approve(session, stage, waiting, stage.chair)
        assert waiting.published_at is None
        with pytest.raises(errors.AlreadyApproved):
            at.approve(session, stage, waiting, stage.chair)
        facts: dict[str, Any] = {"publication": waiting, "content_hash": "sha256:" + "0" * 64}
        with pytest.raises(errors.ContentChanged):
            service.approve_publication(session, stage.authority, POSTED, **facts)
        at.approve(session, stage, waiting, stage.authority)
        assert waiting.published_at == POSTED
        with pytest.raises(errors.AlreadyPublished):
            at.approve(session, stage, waiting, stage.secretary)


def on_paper(session: Session, stage: Stage, waiting: Publication, signed_by: str, filer: Actor) -> None:
    """Somebody files the sheet that was signed by hand."""
    paper = at.a_signed(session, stage, PaperKind.RESULT_SHEET, signed_by=signed_by)
    service.approve_publication(
        session, filer, POSTED, publication=waiting, content_hash=waiting.content_hash, paper=paper
    )


@pytest.mark.parametrize("signature", ["Nguyễn Văn Hòa, Chủ tịch Hội đồng", "nguyễn  văn HOÀ"])
def test_one_person_is_not_two_approvers_by_signing_in_and_on_paper(
    database: Database, signature: str
) -> None:
    stage = computed(database)
    with database.writing(unhurried=True) as session:
        waiting = at.prepared(session, stage)
        at.approve(session, stage, waiting, stage.chair)
        with pytest.raises(errors.SignerHasApproved):
            on_paper(session, stage, waiting, signature, stage.office.hall.house.organiser)
        assert waiting.published_at is None
        on_paper(session, stage, waiting, "Phan Thanh Sơn, Chủ tịch UBND", stage.office.hall.house.organiser)
        assert waiting.published_at == POSTED


def test_one_person_is_not_two_approvers_on_two_papers_nor_by_signing_in_after_the_paper(
    database: Database,
) -> None:
    stage = computed(database)
    organiser = stage.office.hall.house.organiser
    with database.writing(unhurried=True) as session:
        waiting = at.prepared(session, stage)
        on_paper(session, stage, waiting, "Nguyễn Văn Hòa, Chủ tịch Hội đồng", organiser)
        with pytest.raises(errors.SignerHasApproved) as refused:
            on_paper(session, stage, waiting, "Chủ tịch Nguyễn Văn Hoà", stage.oversight)
        assert refused.value.signer == "Nguyễn Văn Hòa, Chủ tịch Hội đồng"
        with pytest.raises(errors.SignerHasApproved):
            at.approve(session, stage, waiting, stage.chair)
        at.approve(session, stage, waiting, stage.authority)
        assert waiting.published_at == POSTED


@pytest.mark.parametrize("signature", ["Lê Minh Đức, Thư ký Hội đồng", "Trần Thị Bích"])
def test_nobody_approves_on_paper_what_the_same_person_prepares_or_files(
    database: Database, signature: str
) -> None:
    stage = computed(database)
    with database.writing(unhurried=True) as session:
        waiting = at.prepared(session, stage)  # by the secretary, Lê Minh Đức
        with pytest.raises(errors.SignerIsPreparer):
            on_paper(session, stage, waiting, signature, stage.office.hall.house.organiser)
        assert publications.approvals(session, waiting.id) == []


def test_who_prepares_a_publication_approves_none_by_signing_in(database: Database) -> None:
    stage = computed(database)
    with database.writing(unhurried=True) as session:
        waiting = at.prepared(session, stage)
        with pytest.raises(errors.SignerIsPreparer) as refused:
            at.approve(session, stage, waiting, stage.secretary)
        assert refused.value.signer == "Lê Minh Đức"
        on_paper(session, stage, waiting, "Nguyễn Văn Hòa, Chủ tịch Hội đồng", stage.secretary)
        with pytest.raises(errors.AlreadyApproved):
            at.approve(session, stage, waiting, stage.secretary)
        at.approve(session, stage, waiting, stage.authority)
        assert waiting.published_at == POSTED


def test_what_was_computed_before_a_decision_is_not_published_after_it(database: Database) -> None:
    stage = computed(database)
    with database.writing(unhurried=True) as session:
        waiting = at.prepared(session, stage)
        at.decide(session, stage, DecisionKind.PROCEED, POSTED)
        with pytest.raises(errors.RunOutdated):
            at.approve(session, stage, waiting, stage.chair)
        service.discard_publication(
            session, stage.secretary, POSTED, publication=waiting, reason="Có quyết định"
        )
        at.compute(session, stage, POSTED)
        with pytest.raises(errors.NothingChanged):
            at.compute(session, stage, POSTED)
        assert at.publish(session, stage).number == 1


def test_a_changed_result_needs_a_new_recognition(database: Database) -> None:
    stage = computed(database)
    with database.writing(unhurried=True) as session:
        at.publish(session, stage)
        at.to_recognition(session, stage)
        at.decide(session, stage, DecisionKind.PROCEED, OVER)
        with pytest.raises(errors.RunOutdated):
            at.prepared(session, stage, "results", OVER)
        at.compute(session, stage, OVER)
        with pytest.raises(errors.RecognitionOutdated):
            at.prepared(session, stage, "results", OVER)


def test_results_name_only_whom_the_rule_set_lets_them_name(database: Database) -> None:
    stage = computed(database)
    with database.writing(unhurried=True) as session:
        first = at.publish(session, stage)
        assert "name" not in first.content["vacancies"][0]["candidates"][1]
        at.to_recognition(session, stage)
        second = at.publish(session, stage, "results", OVER)
    rows = {row["id"]: row for row in second.content["vacancies"][0]["candidates"]}
    assert (rows["002"]["outcome"], rows["002"]["name"]) == ("selected", "Trần Quốc Bảo")
    assert "name" not in rows["001"]
    assert second.content["recognition"]["number"] == "45/QĐ-UBND"


def test_two_second_approvals_at_once_publish_once(database: Database) -> None:
    stage = computed(database)
    with database.writing(unhurried=True) as session:
        waiting = at.prepared(session, stage)
        at.approve(session, stage, waiting, stage.chair)

    def second(actor: Actor) -> Callable[[Session], object]:
        return lambda session: service.approve_publication(
            session,
            actor,
            POSTED,
            publication=session.get_one(Publication, waiting.id),
            content_hash=waiting.content_hash,
        )

    refusals = at_once(database, second(stage.authority), second(stage.oversight))
    assert [type(each) for each in refusals] == [errors.AlreadyPublished]
    with database.reading() as session:
        assert len(publications.approvals(session, waiting.id)) == 2
        assert len(queries.published(session, at.here(session, stage).id)) == 1
