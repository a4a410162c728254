# SPDX-License-Identifier: Apache-2.0
"""Late answers: kept within the offline window, ruled on by two people blind to them, counted only then."""

import dataclasses
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from exam_portal.audit.models import Leaf
from exam_portal.core import triggers
from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound, StaleState
from exam_portal.sittings import errors, jobs, masking, service
from exam_portal.sittings.attempts import fsck, late, replaying
from exam_portal.sittings.attempts import service as attempts
from exam_portal.sittings.attempts.errors import (
    AlreadyCounted,
    AttemptClosed,
    DeviceMoved,
    JournalBroken,
    LateAnswersWait,
    NotSealed,
    VoidCountsNothing,
)
from exam_portal.sittings.attempts.evidence import Anchor, written_at
from exam_portal.sittings.models import Attempt, LateEvent, LateVerdict, Sitting, Submission
from tests.portal.sittings.attempts.builders import Player, a_text, an_event
from tests.portal.sittings.builders import MINUTE, SECOND, START, hand_over, here
from tests.portal.sittings.computers import (
    attempt_of,
)
from tests.portal.sittings.late_answers import Late, a_late, at_seat

ONE_ENGINE = pytest.mark.engines("sqlite")


@pytest.mark.parametrize(
    ("after", "kept"),
    [(61 * SECOND, True), (11 * MINUTE, True), (11 * MINUTE + SECOND, False), (60 * MINUTE, False)],
)
def test_a_late_batch_is_kept_to_the_last_second_of_the_offline_window(
    late_test: Late, database: Database, after: timedelta, kept: bool
) -> None:
    late_test.player.now = late_test.closes + after
    with pytest.raises(AttemptClosed) as refused:
        late_test.player.send(late_test.player.batch(an_event(2)))
    assert refused.value.quarantined is kept
    assert refused.value.details["quarantined"] is kept
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(LateEvent)) == int(kept)


def test_where_the_sitting_was_ended_early_the_window_opens_at_that_end(
    late_test: Late, database: Database
) -> None:
    ended = START + 30 * MINUTE
    with database.writing(unhurried=True) as session:
        sitting = session.get_one(Sitting, late_test.sitting.id)
        service.end(session, late_test.hall.invigilator, ended, sitting=sitting, reason="Cháy ở tầng 3")
    late_test.player.now = ended + 11 * MINUTE + SECOND
    with pytest.raises(AttemptClosed) as refused:
        late_test.player.send(late_test.player.batch(an_event(2)))
    assert not refused.value.quarantined


def test_the_same_batch_sent_again_is_one_row_and_one_ruling(late_test: Late, database: Database) -> None:
    event = an_event(2, ["c"], item="Q-2", ms=late_test.ms(MINUTE))
    first, second = late_test.send(event), late_test.send(event, after=6 * MINUTE)
    assert first == second
    late_test.seal()
    late_test.rule(first)
    assert late_test.send(event, after=7 * MINUTE) == first
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(LateEvent)) == 1
        assert late.waiting(session, [late_test.sitting.id]) == {}


@pytest.mark.parametrize(("verdict", "mark"), [(LateVerdict.ACCEPT, "1.5"), (LateVerdict.REFUSE, "1")])
def test_late_answers_earn_marks_only_once_two_people_have_accepted_them(
    late_test: Late, database: Database, verdict: LateVerdict, mark: str
) -> None:
    last = late_test.arrive("c")
    late_test.seal()
    assert late_test.rule(last, verdict) == ()
    assert late_test.mark()[0] == (mark, "3")
    with database.reading() as session:
        attempt = attempt_of(session, late_test.seat)
        submission = session.scalars(select(Submission).where(Submission.attempt_id == attempt.id)).one()
        assert (attempt.seq, submission.seq, submission.answered) == (1, 1, 1)  # journal and receipt stay
        assert (attempt.head, submission.head) == (late_test.player.head, late_test.player.head)
        assert list(fsck.differences(session)) == []
        leaves = session.scalars(
            select(Leaf).where(Leaf.type.like("sittings.late_ruling_%")).order_by(Leaf.id)
        )
        assert [leaf.type.rpartition("_")[2] for leaf in leaves] == ["proposed", "approved"]


def test_nobody_marks_while_late_answers_wait(late_test: Late) -> None:
    last = late_test.arrive()
    late_test.seal()
    with pytest.raises(LateAnswersWait) as refused:
        late_test.mark()
    assert refused.value.count == 1
    ruling = late_test.propose(last)
    with pytest.raises(LateAnswersWait):  # a proposal is no ruling
        late_test.mark()
    late_test.approve(ruling)
    assert len(late_test.mark()) == 3


def test_the_verb_itself_refuses_marks_that_were_computed_before_a_batch_came(
    late_test: Late, database: Database
) -> None:
    late_test.seal()
    with database.reading() as session:
        computed = attempts.compute_marks(session, session.get_one(Sitting, late_test.sitting.id))
    late_test.arrive()
    with database.writing(unhurried=True) as session:
        facts: dict[str, Any] = {
            "sitting": session.get_one(Sitting, late_test.sitting.id),
            "computed": computed,
        }
        with pytest.raises(LateAnswersWait):
            attempts.mark_tests(session, late_test.hall.invigilator, late_test.now, **facts)


def test_nobody_masks_or_hands_over_while_late_answers_wait_and_markers_read_what_was_accepted(
    database: Database,
) -> None:
    essay = a_late(database, part="written", items=slice(4))
    last = essay.arrive("c")
    essay.seal()
    hall = essay.hall

    def mask(session: Session) -> None:
        masking.mask_scripts(
            session, hall.masker, essay.now, competition=here(session, hall), part=essay.sitting.part
        )

    with database.writing(unhurried=True) as session:
        with pytest.raises(LateAnswersWait):
            mask(session)
        sitting = session.get_one(Sitting, essay.sitting.id)
        with pytest.raises(LateAnswersWait):
            hand_over(session, essay.hall, essay.now, sitting)
    essay.rule(last)
    after = essay.arrive("a", after=9 * MINUTE)
    essay.rule(after, LateVerdict.REFUSE)
    with database.writing(unhurried=True) as session:
        mask(session)
        assert attempts.current_answers(session, attempt_of(session, essay.seat)) == {
            "Q-1": "b",
            "Q-2": ["c"],
        }


def test_a_ruling_comes_too_late_once_scripts_are_masked(database: Database) -> None:
    essay = a_late(database, part="written", items=slice(4))
    essay.seal()
    with database.writing(unhurried=True) as session:
        masking.mask_scripts(
            session,
            essay.hall.masker,
            essay.now,
            competition=here(session, essay.hall),
            part=essay.sitting.part,
        )
    last = essay.arrive()
    with pytest.raises(AlreadyCounted):
        essay.propose(last)


def test_a_ruling_comes_too_late_once_marks_were_computed(late_test: Late, database: Database) -> None:
    late_test.seal()
    late_test.mark()
    last = late_test.arrive()
    with pytest.raises(AlreadyCounted):
        late_test.propose(last)
    with database.reading() as session:  # it waits for nobody any more, and stays in the evidence
        assert late.waiting(session, [late_test.sitting.id]) == {}
    assert len(late_test.entries()) == 1


def test_before_the_attempt_is_sealed_there_is_no_ruling(late_test: Late) -> None:
    last = late_test.arrive()
    with pytest.raises(NotSealed):
        late_test.propose(last)


def test_nobody_approves_the_own_proposal(late_test: Late, database: Database) -> None:
    last = late_test.arrive()
    late_test.seal()
    ruling = late_test.propose(last)
    with pytest.raises(errors.OtherInvigilator):
        late_test.approve(ruling, by=late_test.hall.secretary)
    with pytest.raises(IntegrityError), database.writing(unhurried=True) as session:  # nor does the database
        session.execute(text("UPDATE late_rulings SET approved_by = late_rulings.by"))


def test_an_approved_ruling_changes_no_more(late_test: Late, database: Database) -> None:
    last = late_test.arrive()
    late_test.seal()
    ruling = late_test.propose(last)
    late_test.approve(ruling)
    with pytest.raises(StaleState):
        late_test.approve(ruling)
    with pytest.raises(StaleState), database.writing(unhurried=True) as session:
        service.withdraw_ruling(session, late_test.hall.secretary, late_test.now, ruling=ruling)
    with pytest.raises(StaleState):
        late_test.propose(last, LateVerdict.REFUSE)
    for change in ("verdict = 'refuse'", "approved_by = NULL", "reason = ''"):
        with pytest.raises(DBAPIError, match=triggers.MESSAGE), database.writing() as session:
            session.execute(text(f"UPDATE late_rulings SET {change}"))


def test_a_proposal_is_replaced_or_withdrawn_before_it_is_approved(
    late_test: Late, database: Database
) -> None:
    last = late_test.arrive()
    late_test.seal()
    first = late_test.propose(last)
    second = late_test.propose(last, LateVerdict.REFUSE, by=late_test.hall.house.chair)
    with pytest.raises(StaleState):
        late_test.approve(first)
    with database.writing(unhurried=True) as session:
        service.withdraw_ruling(session, late_test.hall.secretary, late_test.now, ruling=second)
    with pytest.raises(StaleState):
        late_test.approve(second, by=late_test.hall.secretary)
    with database.reading() as session:
        assert late.waiting(session, [late_test.sitting.id]) == {late_test.sitting.id: 1}
    late_test.rule(last)


def test_what_arrives_after_the_proposal_needs_a_ruling_of_its_own(
    late_test: Late, database: Database
) -> None:
    first = late_test.arrive("c")
    late_test.seal()
    ruling = late_test.propose(first)
    second = late_test.arrive("canary-key", after=7 * MINUTE, item="Q-3")
    late_test.approve(ruling)
    with database.reading() as session:
        assert late.waiting(session, [late_test.sitting.id]) == {late_test.sitting.id: 1}
    late_test.rule(second, LateVerdict.REFUSE)
    assert late_test.mark()[0] == ("1.5", "3")
    [entry] = late_test.entries()
    assert [batch.verdict for batch in entry.batches] == ["accept", "refuse"]
    with database.reading() as session:
        assert list(fsck.differences(session)) == []


def test_a_batch_of_another_attempt_is_not_ruled_on_here(late_test: Late, database: Database) -> None:
    foreign = at_seat(late_test, 1).arrive()
    late_test.arrive()
    late_test.seal()
    for unknown in (foreign, b"?" * 32, b""):
        with pytest.raises(NotFound):
            late_test.propose(unknown)


def test_a_cancelled_sitting_waits_for_no_ruling_and_two_people_may_close_what_came(
    late_test: Late, database: Database
) -> None:
    last = late_test.arrive()
    with database.writing(unhurried=True) as session:
        sitting = session.get_one(Sitting, late_test.sitting.id)
        service.cancel(session, late_test.hall.secretary, late_test.now, sitting=sitting, reason="Lộ đề")
    with database.reading() as session:
        assert late.waiting(session, [late_test.sitting.id]) == {}
    with pytest.raises(VoidCountsNothing):
        late_test.propose(last)
    assert late_test.rule(last, LateVerdict.REFUSE) == ()
    assert not late_test.entries()[0].is_waiting


@ONE_ENGINE
@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE late_events SET body = x'00'", "cannot be opened"),
        ("UPDATE late_events SET body_hash = zeroblob(32)", "is not the one that came"),
        ("UPDATE late_rulings SET batches = zeroblob(32)", "about other batches"),
        ("DELETE FROM late_events WHERE id = 1", "about other batches"),
    ],
)
def test_what_was_changed_behind_the_portals_back_is_named_and_not_ruled_on(
    late_test: Late, database: Database, statement: str, named: str
) -> None:
    late_test.arrive("c")
    last = late_test.arrive("a", after=6 * MINUTE)
    late_test.seal()
    ruling = late_test.propose(last)
    with database.writing(unhurried=True) as session:
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
        for name in triggers.installed(session.connection()):
            session.execute(text(f'DROP TRIGGER "{name}"'))
        session.execute(text(statement.replace("body_hash = zeroblob(32)", "body_hash = randomblob(32)")))
    with pytest.raises(JournalBroken):
        late_test.approve(ruling)
    with database.writing(unhurried=True) as session:
        chair = late_test.hall.house.chair.account_id
        session.execute(text("UPDATE late_rulings SET approved_by = :by"), {"by": chair})
    with database.reading() as session:
        [difference] = fsck.differences(session)
    assert named in difference.place


def test_what_a_batch_repeats_of_the_journal_counts_once(database: Database) -> None:
    essay = a_late(database, part="written", items=slice(4))
    text_event = a_text(2, "Một", splices=[[0, 0, "Một"]])
    essay.player.now = START + 2 * MINUTE
    essay.player.save(text_event)
    more = a_text(3, "Một hai", splices=[[3, 0, " hai"]])
    essay.send(text_event, more)
    last = essay.send(text_event, more, an_event(4, None), after=6 * MINUTE)
    essay.seal()
    assert essay.rule(last) == ()
    with database.reading() as session:
        found = replaying.counted(session, attempt_of(session, essay.seat))
    assert found.answers.responses == {"Q-1": None, "E-1": "Một hai"}


def test_a_late_text_that_fits_nothing_is_left_out_and_named(database: Database) -> None:
    essay = a_late(database, part="written", items=slice(4))
    last = essay.send(a_text(7, "xx mất", splices=[[2, 0, " mất"]]), an_event(8, "a"))
    essay.seal()
    assert essay.rule(last) == (7,)
    with database.reading() as session:
        found = replaying.counted(session, attempt_of(session, essay.seat))
        leaf = session.scalars(select(Leaf).where(Leaf.type == "sittings.late_ruling_approved")).one()
    assert (found.left_out, found.answers.responses) == ((7,), {"Q-1": "a"})
    assert leaf.content["left_out"] == [7]


ANCHOR = Anchor(seq=1, ms=60_000, received_at=START)


@pytest.mark.parametrize(
    ("ms", "anchor", "expected"),
    [
        (60_000, ANCHOR, START),
        (61_000, ANCHOR, START + SECOND),
        (59_999, ANCHOR, None),  # the page was loaded anew
        (661_000, ANCHOR, None),  # after its own arrival: another count
        (660_000, ANCHOR, START + 10 * MINUTE),
        (60_000, None, None),  # nothing of this device had arrived
    ],
)
def test_the_device_tells_when_an_event_was_written(
    ms: int, anchor: Anchor | None, expected: datetime | None
) -> None:
    assert written_at(ms, anchor, START + 10 * MINUTE) == expected


def test_the_evidence_is_times_and_counts_of_each_batch(late_test: Late, database: Database) -> None:
    late_test.send(
        an_event(2, ["c"], item="Q-2", ms=late_test.ms(SECOND)),
        an_event(3, ["a"], item="Q-2", ms=late_test.ms(-SECOND)),
        an_event(4, None, item="Q-3", kind="navigate", ms=5),
    )
    late_test.seal()
    [entry] = late_test.entries()
    [batch] = entry.batches
    assert (entry.place.candidate_no, entry.closed_at) == ("001", late_test.closes)
    assert (batch.late_by, batch.is_same_device, batch.verdict) == (5 * MINUTE, True, None)
    known = batch.evidence
    assert known is not None
    assert (known.events, known.questions, known.before, known.after, known.untold) == (3, 1, 1, 1, 1)


def test_another_computer_is_told_apart(late_test: Late, database: Database) -> None:
    with database.writing(unhurried=True) as session:
        attempt = attempt_of(session, late_test.seat)
        code = attempts.move_attempt(session, late_test.hall.invigilator, START + 2 * MINUTE, attempt=attempt)
        attempts.take_attempt(
            session, Actor(account_id=None), START + 3 * MINUTE, attempt=attempt, device="b", code=code
        )
    with database.reading() as session:
        other = Player.of(database, session.get_one(Attempt, attempt.id))
    late_test.player = dataclasses.replace(late_test.player, token=other.token)
    late_test.arrive()
    [entry] = late_test.entries()
    assert entry.batches[0].is_same_device is False
    assert entry.batches[0].evidence is not None
    assert entry.batches[0].evidence.untold == 1


def test_a_test_is_marked_by_itself_once_the_window_is_over_and_all_is_ruled_on(
    late_test: Late, database: Database
) -> None:
    over = late_test.closes + 11 * MINUTE
    last = late_test.arrive("c")
    jobs.mark_tests(database, over + SECOND)  # not ended yet
    late_test.seal()
    jobs.mark_tests(database, over + SECOND)  # one waits
    assert late_test.marks() == []
    late_test.rule(last)
    jobs.mark_tests(database, over)  # more could come
    assert late_test.marks() == []
    jobs.mark_tests(database, over + SECOND)
    assert late_test.marks()[0] == ("1.5", "3")
    jobs.mark_tests(database, over + MINUTE)
    with database.reading() as session:
        assert session.scalar(select(func.count()).where(Leaf.type == "sittings.tests_marked")) == 1


def moved(one: Late) -> tuple[Player, Player]:
    """Another computer takes the attempt two minutes after the start; return the old one and it."""
    with one.database.writing(unhurried=True) as session:
        attempt, at = attempt_of(session, one.seat), START + 2 * MINUTE
        code = attempts.move_attempt(session, one.hall.invigilator, at, attempt=attempt)
        nobody = Actor(account_id=None)
        attempts.take_attempt(session, nobody, at + MINUTE, attempt=attempt, device="b", code=code)
    with one.database.reading() as session:
        token = Player.of(one.database, session.get_one(Attempt, attempt.id)).token
    old = one.player
    new = Player(one.database, token, old.head, old.seq, old.client_seq, START + 4 * MINUTE)
    return old, new


def test_what_a_moved_computer_had_not_sent_is_evidence_and_two_people_rule_on_it(
    late_test: Late, database: Database
) -> None:
    old, new = moved(late_test)
    new.answer(["c"], item="Q-2")
    unsent = old.batch(an_event(2, ["a"], item="Q-2"), an_event(3, "a", item="Q-1"))
    old.now = START + 5 * MINUTE
    for _ in range(2):
        with pytest.raises(DeviceMoved) as refused:
            old.send(unsent)
        assert refused.value.details == {"quarantined": True}
    late_test.seal()
    [entry] = late_test.entries()
    [batch] = entry.batches
    assert (entry.closed_at, batch.is_moved, batch.late_by) == (late_test.closes, True, 3 * MINUTE)
    with pytest.raises(LateAnswersWait):
        late_test.mark()
    assert late_test.rule(bytes.fromhex(batch.hash)) == (2,)  # the other computer has answered Q-2 since
    with database.reading() as session:
        attempt = attempt_of(session, late_test.seat)
        assert (attempt.seq, attempt.head) == (new.seq, new.head)
        assert replaying.counted(session, attempt).answers.responses == {"Q-1": "a", "Q-2": ["c"]}
        assert list(fsck.differences(session)) == []


def test_a_moved_computer_leaves_no_evidence_once_the_window_is_over_and_a_stranger_none_at_all(
    late_test: Late, database: Database
) -> None:
    old, _new = moved(late_test)
    stranger = dataclasses.replace(old, token=dataclasses.replace(old.token, lease="z" * 26))
    old.now = late_test.closes + 60 * MINUTE
    for one in (old, stranger):
        with pytest.raises(DeviceMoved) as refused:
            one.send(one.batch(an_event(2, ["a"], item="Q-2")))
        assert refused.value.details == {"quarantined": False}
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(LateEvent)) == 0
