# SPDX-License-Identifier: Apache-2.0
"""The sealed record of secret ballots: only enough keepers, by due process, link a ballot to a member."""

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Table, inspect, select, text

from exam_portal.accounts import queries as accounts
from exam_portal.audit.kinds import PaperKind
from exam_portal.audit.models import Leaf, SignedPaper
from exam_portal.competitions.models import Competition, Vacancy
from exam_portal.core import outbox, triggers
from exam_portal.core.actors import Actor, Role
from exam_portal.core.database import Database
from exam_portal.core.db import Base, Session
from exam_portal.core.errors import StaleState
from exam_portal.core.keystore import KeyErased, SealBroken
from exam_portal.interviews import queries
from exam_portal.interviews import service as panels
from exam_portal.interviews.errors import PanelSizeDiffers
from exam_portal.interviews.models import Ballot, Hearing, PanelMember, PanelSession
from exam_portal.interviews.record import errors, keeping, sealing
from exam_portal.interviews.record import fsck as record_fsck
from exam_portal.interviews.record import service as record
from exam_portal.interviews.record.models import RecordKey, RecordOpening, RecordShare, SealedRecord
from exam_portal.interviews.record.service import opening
from exam_portal.interviews.room.errors import ReasonMissing
from exam_portal.papers import shares
from tests.portal.audit.builders import a_paper, a_pdf
from tests.portal.competitions.builders import a_member, holding
from tests.portal.interviews.builders import (
    HEARD,
    Council,
    a_council,
    a_panel,
    a_sheet,
    balloting,
    count,
    drawn,
    entrusted,
    keepers_of,
)

WITNESSES = ("Trần Thị Bích", "Đỗ Văn Nam")


class Ceremony:
    """A counted hearing with the shares of its keepers, and who gave which mark."""

    def __init__(self, session: Session, council: Council, *, ballots: int = 9) -> None:
        self.session, self.council = session, council
        self.panel = a_panel(session, council, mode="portal", kept=False)
        self.keepers = keepers_of(session, council)
        self.shares = entrusted(session, council, self.panel, self.keepers)
        self.hearing = drawn(session, council, self.panel)[0]
        balloting(session, council, self.hearing)
        self.gave: dict[int, str] = {}
        for number, member in enumerate(council.members[:ballots]):
            value = str(60 + number)
            panels.cast_ballot(
                session, member, HEARD, hearing=self.hearing, value=Decimal(value), scores={}, has_heard=True
            )
            self.gave[member.account_id or 0] = value
        panels.count_ballots(session, council.secretary, HEARD, hearing=self.hearing, outstanding_too=True)

    def decision(self, kind: PaperKind = PaperKind.AUTHORITY_DECISION, **facts: Any) -> SignedPaper:
        """A signed decision of this competition."""
        council = self.council
        organisation = council.house.organisation.id
        return a_paper(
            self.session,
            council.secretary,
            organisation,
            competition_id=council.competition.id,
            kind=kind,
            **facts,
        )

    def open(
        self,
        typed: Sequence[str],
        *,
        actor: Actor | None = None,
        paper: SignedPaper | None = None,
        witnesses: Sequence[str] = WITNESSES,
        hearing: Hearing | None = None,
    ) -> record.OpenedRecord:
        """The keepers are together, with the decision."""
        return record.open_record(
            self.session,
            actor or self.keepers[0],
            HEARD,
            hearing=hearing or self.hearing,
            typed=typed,
            paper=paper or self.decision(),
            witnesses=witnesses,
        )


def test_enough_keepers_with_a_decision_read_who_gave_which_ballot(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        held = Ceremony(session, council)
        before = [(one.id, one.value, one.member_id) for one in session.scalars(select(Ballot))]
        opened = held.open([held.shares[2], "", held.shares[0]])
        assert opened.agrees
        assert {one.member.account_id: one.ballot.value for one in opened.given if one.member} == held.gave
        assert set(opened.holders) == {held.keepers[0].account_id, held.keepers[2].account_id}
        assert [(one.id, one.value, one.member_id) for one in session.scalars(select(Ballot))] == before


def test_the_opening_is_in_the_log_and_what_was_read_is_nowhere(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        held = Ceremony(session, council)
        told = len(session.scalars(select(Leaf)).all())
        held.open(held.shares[:2])
        leaves = session.scalars(select(Leaf).order_by(Leaf.id)).all()[told:]
        leaf = next(one for one in leaves if one.type == "interviews.record_opened")
        assert set(leaf.content) >= {"hearing", "paper", "witnesses", "holders", "agrees"}
        assert leaf.content["hearing"] == held.hearing.public_id
        said = json.dumps(leaf.content)
        slips = session.scalars(select(Ballot.slip)).all()
        assert not any(f'"{slip}"' in said for slip in slips)  # eight digits may stand in a hash by chance
        assert not any(one.public_id in said for one in held.panel.members)
        row = session.scalars(select(RecordOpening)).one()
        assert row.witnesses == list(WITNESSES)
        assert session.scalars(select(Ballot.member_id).distinct()).all() == [None]


def test_a_dump_and_the_key_store_of_the_machine_link_no_ballot_to_a_member(
    database: Database, council: Council
) -> None:
    """Every key of the machine is tried on every sealed value, and no table holds both sides in the clear."""
    with database.writing(unhurried=True) as session:
        held = Ceremony(session, council)
        keeping.forget(session, session.scalars(select(RecordKey)).one())
    for job in _jobs(database):
        outbox.perform(database, job, lambda: HEARD)
    with database.reading() as session:
        key = session.scalars(select(RecordKey)).one()
        for share in key.shares:
            with pytest.raises(KeyErased):
                session.keys.open(share.key_id, share.sealed, "interviews.record_share")
        entries = session.scalars(select(SealedRecord)).one().entries
        sealed = [bytes.fromhex(one) for one in entries] + [key.locked]
        tried = 0
        for path in session.keys.directory.glob("??/*"):
            for value in sealed:
                for place in ("interviews.record_share", "interviews.ballot_box", ""):
                    with pytest.raises(SealBroken):
                        session.keys.open(path.name, value, place)
                    tried += 1
            with pytest.raises(sealing.Unreadable):
                sealing.opened(session.keys.take_out(path.name), sealed[0], hearing=held.hearing.public_id)
        assert tried
        slips = session.scalars(select(Ballot.slip)).all()
        rows = [json.dumps(row, default=str) for row in _dump(session)]
        with_slip = [row for row in rows if any(f'"{slip}"' in row for slip in slips)]
        assert len(with_slip) == len(slips)  # the ballots, and nothing else
        marks = set(session.scalars(select(PanelMember.public_id)))
        assert not any(f'"{mark}"' in row for row in with_slip for mark in marks)


def test_order_length_and_ids_of_the_entries_tell_nothing(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        held = Ceremony(session, council)
        kept = session.scalars(select(SealedRecord)).one()
        assert len({len(one) for one in kept.entries}) == 1
        assert len(set(kept.entries)) == 9
        assert kept.entries == sorted(kept.entries)  # random bytes: no order of time or seat
        columns = set(SealedRecord.__table__.columns.keys())
        assert columns == {"id", "hearing_id", "entries"}
        again = sealing.new_pair()[1]
        facts = {"hearing": held.hearing.public_id, "member": "m" * 26, "slip": "0" * 8}
        assert sealing.sealed(again, **facts) != sealing.sealed(again, **facts)  # no guess can be compared


@pytest.mark.parametrize("given", [0, 1])
def test_too_few_shares_open_nothing(database: Database, council: Council, given: int) -> None:
    with database.writing(unhurried=True) as session:
        held = Ceremony(session, council, ballots=6)
        with pytest.raises(errors.SharesTooFew) as refused:
            held.open(held.shares[:given])
        assert (refused.value.given, refused.value.needed) == (given, 2)
        assert session.scalars(select(RecordOpening)).all() == []


def test_wrong_doubled_and_foreign_shares_are_refused_by_their_place(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        held = Ceremony(session, council, ballots=6)
        first, second, third = held.shares
        other = _another_key(session, held)
        with pytest.raises(errors.ShareUnknown) as unknown:
            held.open([first, _mistyped(second)])
        with pytest.raises(errors.ShareTwice) as twice:
            held.open([first, first, third])
        with pytest.raises(errors.ShareOfAnotherPanel) as foreign:
            held.open([first, second, other])
        assert (unknown.value.place, twice.value.place, foreign.value.place) == (2, 2, 3)
        assert session.scalars(select(RecordOpening)).all() == []


def test_a_refused_opening_leaves_its_reason_in_the_log_and_nothing_that_was_typed(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        held = Ceremony(session, council, ballots=6)
        hearing_id, keeper = held.hearing.id, held.keepers[0]
    typed = [held.shares[0], "abandon " * 20]
    with database.writing(unhurried=True) as session:
        hearing = session.get_one(Hearing, hearing_id)
        with pytest.raises(errors.ShareUnknown) as refused:
            record.read_record(session, keeper, hearing=hearing, typed=typed)
        session.rollback()
    with database.writing(unhurried=True) as session:
        hearing = session.get_one(Hearing, hearing_id)
        record.note_refused(session, keeper, HEARD, hearing=hearing, problem=refused.value)
    with database.reading() as session:
        leaf = session.scalars(select(Leaf).where(Leaf.type == "interviews.record_refused")).one()
        assert leaf.actor_id == keeper.account_id
        assert leaf.content["why"] == "interviews.ShareUnknown"
        assert {name for name in leaf.content if not name.startswith("_")} == {"panel", "hearing", "why"}
        assert session.scalars(select(RecordOpening)).all() == []
        assert _found(session) == set()


def test_only_a_keeper_opens_and_only_on_a_decision_before_two_witnesses(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        held = Ceremony(session, council, ballots=6)
        with pytest.raises(errors.NoRecordShare):
            held.open(held.shares, actor=council.secretary)
        with pytest.raises(errors.NoRecordShare):
            held.open(held.shares, actor=council.members[0])
        with pytest.raises(errors.OpeningUndecided):
            held.open(held.shares, paper=held.decision(PaperKind.LOTS_MINUTE))
        keeper = accounts.name_of(session, held.keepers[1].account_id or 0) or ""
        voter = held.panel.members[0].name
        one = WITNESSES[0]
        for names in ((), (one,), (one, f" {one} "), (one, f"Bà {one}"), (one, keeper), (voter, one)):
            with pytest.raises(errors.OpeningUnwitnessed):
                held.open(held.shares, witnesses=names)
        assert held.open(held.shares).agrees


def test_a_decision_about_one_hearing_opens_no_other(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        held = Ceremony(session, council, ballots=6)
        second = held.panel.hearings[1]
        balloting(session, council, second)
        for member in council.members[:6]:
            panels.cast_ballot(
                session, member, HEARD, hearing=second, value=Decimal(50), scores={}, has_heard=True
            )
        panels.count_ballots(session, council.secretary, HEARD, hearing=second, outstanding_too=True)
        paper = held.decision(number="88/QĐ-UBND")
        held.open(held.shares, paper=paper)
        other_scan, other_day = a_pdf(2), date(2027, 2, 1)
        for same in (
            paper,
            held.decision(number="88/QĐ-UBND"),
            held.decision(number=" 88 / qđ-ubnd", content=other_scan),
            held.decision(number="89/QĐ-UBND", issued_on=other_day),  # the same scan
        ):
            with pytest.raises(errors.OpeningUndecided):
                held.open(held.shares, paper=same, hearing=second)
        assert held.open(held.shares, paper=held.decision(number="88/QĐ-UBND")).agrees  # the minute was lost
        own = held.decision(number="89/QĐ-UBND", content=other_scan)
        assert held.open(held.shares, paper=own, hearing=second).agrees


def test_before_the_count_and_below_the_quorum_there_is_nothing_to_open(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        held = Ceremony(session, council, ballots=5)  # six are needed
        assert queries.has(session, held.hearing.id, "box_unopened")
        assert session.scalars(select(SealedRecord)).all() == []
        with pytest.raises(errors.NothingSealed):
            held.open(held.shares)
        second = held.panel.hearings[1]
        balloting(session, council, second)
        panels.cast_ballot(
            session, council.members[0], HEARD, hearing=second, value=Decimal(50), scores={}, has_heard=True
        )
        with pytest.raises(errors.NothingSealed):
            held.open(held.shares, hearing=second)


def test_an_entry_that_was_changed_is_shown_and_hides_no_other(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        held = Ceremony(session, council)
        kept = session.scalars(select(SealedRecord)).one()
        key = session.scalars(select(RecordKey)).one()
        private = shares.join(
            key.locked, held.shares[:2], context=f"interviews.record/{held.panel.public_id}"
        )
        spoiled = ["00" * 112, *kept.entries[1:]]
        found = opening._read(session, held.hearing, private["private"], spoiled, [])
        assert not found.agrees
        assert [one.member for one in found.given].count(None) == 1
        named = {one.member.account_id: one.ballot.value for one in found.given if one.member}
        assert named.items() <= held.gave.items()


def test_no_lots_before_keepers_are_named_and_every_share_is_copied(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode="portal", kept=False)
        with pytest.raises(errors.RecordUnkept):
            drawn(session, council, panel)
        keepers = keepers_of(session, council)
        _entrust(session, council, panel, keepers)
        for left, actor in zip((3, 2, 1), keepers, strict=True):
            with pytest.raises(errors.RecordSharesWait) as waiting:
                drawn(session, council, panel)
            assert waiting.value.count == left
            words = record.show_share(session, actor, HEARD, panel=panel)
            with pytest.raises(errors.RecordShareDiffers):
                record.take_share(session, actor, HEARD, panel=panel, typed=words + " academic")
            record.take_share(session, actor, HEARD, panel=panel, typed=words)
            with pytest.raises(errors.NoRecordShare):
                record.show_share(session, actor, HEARD, panel=panel)
        assert len(drawn(session, council, panel)) == 3
        for share in session.scalars(select(RecordShare)):
            assert not session.keys.exists(share.key_id)


def test_keepers_do_not_vote_and_one_of_them_oversees(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode="portal", kept=False)
        keepers = keepers_of(session, council)
        outsider, voter = _outsider(session, council), council.members[0]
        for people, refusal in (
            ((keepers[0], voter), errors.KeeperVotes),
            ((keepers[2], council.secretary), errors.NoOversightKeeper),
            ((keepers[0], outsider), errors.NotAKeeper),  # no role that keeps a record
            (keepers[:1], errors.KeepersTooFew),
        ):
            with pytest.raises(refusal):
                _entrust(session, council, panel, people)
        _entrust(session, council, panel, (*keepers, council.secretary), threshold=3)
        with pytest.raises(errors.KeepersNamed):
            _entrust(session, council, panel, keepers)
        seat: dict[str, Any] = {"panel": panel, "name": "Thư ký", "duty": "Ủy viên Hội đồng"}
        account = council.secretary.account_id
        with pytest.raises(errors.KeeperVotes):
            panels.add_member(
                session, council.secretary, HEARD, account_id=account, is_substitute=True, **seat
            )


def test_no_keepers_are_named_who_could_open_the_record_without_the_oversight_board(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode="portal", kept=False)
        overseer, second, authority = keepers_of(session, council)
        chair, secretary = council.house.chair, council.secretary
        for people, threshold, others in (
            ((overseer, chair, secretary), 2, 2),
            ((overseer, second, authority, chair, secretary), 3, 3),
        ):
            with pytest.raises(errors.OversightDispensable) as refused:
                _entrust(session, council, panel, people, threshold=threshold)
            assert (refused.value.others, refused.value.needed) == (others, threshold)
        key = _entrust(session, council, panel, (overseer, second, chair, secretary), threshold=3)
        assert key.threshold == 3


def test_keepers_are_named_again_until_lots_are_drawn_and_the_shares_before_open_nothing(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode="portal", kept=False)
        ill, second, authority = keepers_of(session, council)
        old = _entrust(session, council, panel, (ill, second, authority))
        first = record.show_share(session, second, HEARD, panel=panel)
        record.take_share(session, second, HEARD, panel=panel, typed=first)
        with pytest.raises(errors.RecordSharesWait):
            drawn(session, council, panel)
        people = (second, authority, council.house.chair)
        with pytest.raises(errors.KeepersNamed):
            _entrust(session, council, panel, people, threshold=3)
        with pytest.raises(errors.KeepersNamed):
            _entrust(session, council, panel, people, threshold=3, reason="  ")
        replaced = [share.key_id for share in old.shares]
        new = entrusted(session, council, panel, people, threshold=3, reason="Ốm trước khi chép")
        assert keeping.key_of(session, panel.id) is not old
        assert keeping.uncopied(session, [council.competition.id], ill.account_id or 0) == []
        with pytest.raises(errors.NoRecordShare):
            record.own_share(session, ill, panel)
        hearing = drawn(session, council, panel)[0]
        with pytest.raises(errors.RecordNotKept):
            _entrust(session, council, panel, people, threshold=3, reason="Thêm một lần nữa")
        balloting(session, council, hearing)
        for member in council.members:
            panels.cast_ballot(
                session, member, HEARD, hearing=hearing, value=Decimal(70), scores={}, has_heard=True
            )
        panels.count_ballots(session, council.secretary, HEARD, hearing=hearing)
        with pytest.raises(errors.ShareReplaced) as refused:
            record.read_record(session, second, hearing=hearing, typed=[*new[:2], first])
        assert refused.value.place == 3
        assert record.read_record(session, second, hearing=hearing, typed=new).agrees
        assert _found(session) == set()
    for job in _jobs(database):
        outbox.perform(database, job, lambda: HEARD)
    with database.writing(unhurried=True) as session:
        assert not any(session.keys.exists(key_id) for key_id in replaced)
        triggers.remove(session.connection())
        session.execute(text("UPDATE record_keys SET reason = 'khác' WHERE reason <> ''"))
        session.expire_all()
        assert _found(session) == {"record key"}
        session.rollback()


def test_a_share_of_another_competition_is_told_by_nothing(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        held = Ceremony(session, council, ballots=6)
        columns = {
            one.key: getattr(council.competition, one.key) for one in inspect(Competition).column_attrs
        }
        facts = {key: value for key, value in columns.items() if key not in {"id", "public_id"}}
        elsewhere = Competition(**facts | {"code": "KHAC-1"})
        session.add(elsewhere)
        session.flush()
        other = _another_key(session, held)
        triggers.remove(session.connection())
        moved = text("UPDATE panel_sessions SET competition_id = :there WHERE id <> :own")
        session.execute(moved, {"there": elsewhere.id, "own": held.panel.id})
        session.expire_all()
        with pytest.raises(errors.ShareUnknown):
            held.open([*held.shares[:2], other])
        session.rollback()


@pytest.mark.parametrize("record_rule", ["none"])
def test_where_the_rules_keep_no_record_nothing_is_written(database: Database, record_rule: str) -> None:
    with database.writing(unhurried=True) as session:
        council = a_council(session, record=record_rule)
        panel = a_panel(session, council, mode="portal")
        with pytest.raises(errors.RecordNotKept):
            _entrust(session, council, panel, keepers_of(session, council))
        hearing = drawn(session, council, panel)[0]
        balloting(session, council, hearing)
        for member in council.members:
            panels.cast_ballot(
                session, member, HEARD, hearing=hearing, value=Decimal(80), scores={}, has_heard=True
            )
        panels.count_ballots(session, council.secretary, HEARD, hearing=hearing)
        assert session.scalars(select(SealedRecord)).all() == []


def test_on_paper_the_envelope_of_the_slips_is_the_record(database: Database, council: Council) -> None:
    facts = {"number": "PB-01", "seal_no": "0731", "keeper": "Văn thư, két số 2"}
    with database.writing(unhurried=True) as session:
        hearing = drawn(session, council, a_panel(session, council))[0]
        with pytest.raises(errors.NothingSealed):
            record.register_envelope(session, council.secretary, HEARD, hearing=hearing, **facts)
        count(session, council, hearing, a_sheet(9, 9, 0, ["80"] * 9))
        record.register_envelope(session, council.secretary, HEARD, hearing=hearing, **facts)
        envelope = record.envelope_of(session, hearing.id)
        assert envelope is not None
        assert (envelope.number, envelope.seal_no) == ("PB-01", "0731")
        assert session.scalars(select(SealedRecord)).all() == []


MISTYPED: dict[str, Any] = {"number": "PB-01", "seal_no": "0713", "keeper": "Văn thư, két số 2"}


def test_a_mistyped_envelope_is_corrected_beside_the_entry_before(
    database: Database, council: Council
) -> None:
    right: dict[str, Any] = MISTYPED | {"seal_no": "0731"}
    with database.writing(unhurried=True) as session:
        hearing = drawn(session, council, a_panel(session, council))[0]
        count(session, council, hearing, a_sheet(9, 9, 0, ["80"] * 9))
        by: tuple[Session, Actor, Any] = (session, council.secretary, HEARD)
        with pytest.raises(errors.EnvelopeMissing):
            record.correct_envelope(*by, hearing=hearing, **right, reason="Gõ nhầm")
        record.register_envelope(*by, hearing=hearing, **MISTYPED)
        with pytest.raises(StaleState):
            record.register_envelope(*by, hearing=hearing, **right)
        with pytest.raises(ReasonMissing):
            record.correct_envelope(*by, hearing=hearing, **right, reason=" ")
        with pytest.raises(errors.NothingCorrected):
            record.correct_envelope(*by, hearing=hearing, **MISTYPED, reason="Gõ nhầm")
        record.correct_envelope(*by, hearing=hearing, **right, reason="Gõ đảo hai chữ số")
        record.correct_envelope(*by, hearing=hearing, **right | {"keeper": "Phòng Tổ chức"}, reason="Đổi két")
        entries = record.envelope_entries(session, hearing.id)
        assert [(one.seal_no, one.reason) for one in entries] == [
            ("0713", ""),
            ("0731", "Gõ đảo hai chữ số"),
            ("0731", "Đổi két"),
        ]
        last = record.envelope_of(session, hearing.id)
        assert last is not None
        assert (last.seal_no, last.keeper) == ("0731", "Phòng Tổ chức")
        assert _found(session) == set()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("UPDATE slip_envelopes SET seal_no = '0731' WHERE reason = ''", "slip envelope"),
        ("UPDATE slip_envelopes SET reason = 'khác' WHERE reason <> ''", "slip envelope"),
        ("UPDATE slip_envelopes SET number = 'PB-9' WHERE reason <> ''", "slip envelope"),
        ("DELETE FROM slip_envelopes WHERE reason <> ''", "slip envelope gone"),
    ],
)
def test_an_entry_of_an_envelope_changed_behind_the_portal_is_named(
    database: Database, council: Council, change: str, named: str
) -> None:
    with database.writing(unhurried=True) as session:
        hearing = drawn(session, council, a_panel(session, council))[0]
        count(session, council, hearing, a_sheet(9, 9, 0, ["80"] * 9))
        by: tuple[Session, Actor, Any] = (session, council.secretary, HEARD)
        record.register_envelope(*by, hearing=hearing, **MISTYPED)
        record.correct_envelope(*by, hearing=hearing, **MISTYPED | {"seal_no": "0731"}, reason="Gõ đảo")
        triggers.remove(session.connection())
        session.execute(text(change))
        session.expire_all()
        assert _found(session) == {named}
        session.rollback()


def test_slips_that_were_destroyed_below_the_quorum_have_no_envelope(
    database: Database, council: Council
) -> None:
    facts = {"number": "PB-01", "seal_no": "0731", "keeper": "Văn thư, két số 2"}
    with database.writing(unhurried=True) as session:
        hearing = drawn(session, council, a_panel(session, council))[0]
        count(session, council, hearing, a_sheet(9, 5, 0, []))
        assert queries.has(session, hearing.id, "box_unopened")
        with pytest.raises(errors.NothingSealed):
            record.register_envelope(session, council.secretary, HEARD, hearing=hearing, **facts)


def test_fsck_names_a_record_that_was_changed_or_is_gone(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        held = Ceremony(session, council)
        held.open(held.shares)
        assert _found(session) == set()
        triggers.remove(session.connection())
        session.execute(text("UPDATE sealed_records SET entries = '[]'"))
        session.execute(text("UPDATE record_openings SET agrees = false"))
        session.execute(text("UPDATE record_keys SET threshold = 3"))
        session.expire_all()
        found = _found(session)
        assert {"sealed record", "record opening", "record key"} <= found
        session.rollback()


def test_who_bears_a_members_name_keeps_no_share_and_who_bears_a_keepers_name_is_not_seated(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode="portal", members=7, kept=False)
        keepers = keepers_of(session, council)
        seat: dict[str, Any] = {"panel": panel, "duty": "Ủy viên Hội đồng"}
        named = f"Ông {accounts.name_of(session, keepers[1].account_id or 0)}"
        eighth = council.members[7].account_id
        panels.add_member(session, council.secretary, HEARD, name=named, account_id=eighth, **seat)
        ninth: dict[str, Any] = {"name": "Ủy viên 9", "account_id": council.members[8].account_id}
        with pytest.raises(PanelSizeDiffers):  # keepers are named once nobody is seated any more
            _entrust(session, council, panel, (keepers[0], keepers[2]))
        panels.add_member(session, council.secretary, HEARD, **ninth, **seat)
        with pytest.raises(errors.KeeperVotes):
            _entrust(session, council, panel, keepers)
        _entrust(session, council, panel, (keepers[0], keepers[2]))
        other = accounts.name_of(session, keepers[0].account_id or 0) or ""
        seat |= {"account_id": council.typists[0].account_id, "is_substitute": True}
        with pytest.raises(errors.KeeperVotes):
            panels.add_member(session, council.secretary, HEARD, name=other, **seat)
        panels.add_member(session, council.secretary, HEARD, name="Lò Thị Sáu", **seat)


def test_a_ballot_is_refused_where_the_key_of_its_record_is_gone(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode="portal", kept=False)
        entrusted(session, council, panel, keepers_of(session, council))
        hearing = drawn(session, council, panel)[0]
        balloting(session, council, hearing)
        ballot: dict[str, Any] = {"hearing": hearing, "value": Decimal(70), "scores": {}, "has_heard": True}
        panels.cast_ballot(session, council.members[0], HEARD, **ballot)
        triggers.remove(session.connection())
        session.execute(text("DELETE FROM record_shares"))
        session.execute(text("DELETE FROM record_keys"))
        session.expire_all()
        with pytest.raises(errors.RecordUnkept):
            panels.cast_ballot(session, council.members[1], HEARD, **ballot)
        session.rollback()


def _entrust(
    session: Session,
    council: Council,
    panel: PanelSession,
    people: Sequence[Actor],
    *,
    threshold: int = 2,
    reason: str = "",
) -> RecordKey:
    holders = [actor.account_id or 0 for actor in people]
    prepared = record.prepare(session, panel=panel, holders=holders, threshold=threshold)
    return record.entrust(session, council.secretary, HEARD, panel=panel, prepared=prepared, reason=reason)


def _mistyped(words: str) -> str:
    """The last word of a share is another one."""
    rest, last = words.rsplit(" ", 1)
    return f"{rest} {'acid' if last == 'academic' else 'academic'}"


def _outsider(session: Session, council: Council) -> Actor:
    """Return somebody who holds a role here that keeps no record."""
    organisation = council.house.organisation
    return holding(a_member(session, "outside", "Lò Thị Sáu"), Role.TYPIST, organisation)


def _another_key(session: Session, held: Ceremony) -> str:
    """Return a share of another panel's record."""
    council = held.council
    first = council.vacancy
    columns = {one.key: getattr(first, one.key) for one in inspect(Vacancy).column_attrs}
    vacancy = Vacancy(**{key: value for key, value in columns.items() if key not in {"id", "public_id"}})
    vacancy.code = f"{first.code}-2"
    session.add(vacancy)
    session.flush()
    panel = panels.seat_panel(
        session,
        council.secretary,
        HEARD,
        competition=council.competition,
        vacancy=vacancy,
        part="programme",
        mode="portal",
        place="Hội trường B",
        starts_at=HEARD,
    )
    for number, actor in enumerate(council.members, start=1):
        facts: dict[str, Any] = {"name": f"Ủy viên {number}", "duty": "Ủy viên Hội đồng"}
        panels.add_member(
            session, council.secretary, HEARD, panel=panel, account_id=actor.account_id, **facts
        )
    return entrusted(session, council, panel, held.keepers)[0]


def _jobs(database: Database) -> list[int]:
    with database.reading() as session:
        return [row.id for row in session.scalars(select(outbox.OutboxRow)) if row.kind == "core.erase_key"]


def _dump(session: Session) -> list[list[Any]]:
    tables: list[Table] = list(Base.metadata.sorted_tables)
    return [list(row) for table in tables for row in session.execute(select(table))]


def _found(session: Session) -> set[str]:
    return {one.code for one in record_fsck.differences(session)}
