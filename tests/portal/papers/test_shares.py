# SPDX-License-Identifier: Apache-2.0
"""A paper whose keys lie with its officers: enough of them open it, and the machine alone does not."""

import itertools
import re
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from exam_portal.accounts.models import Account
from exam_portal.audit.models import Leaf
from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.keystore import KeyErased
from exam_portal.papers import drawing, errors, fsck, opened, queries, service, shares, splitting
from exam_portal.papers.models import KeyRelease, Paper, PaperSeal, PaperStage
from tests.portal.competitions.builders import NOW
from tests.portal.competitions.pages import At
from tests.portal.papers.builders import (
    CANARY,
    START,
    Board,
    a_board,
    a_competition,
    a_drawn,
    a_sealed,
    a_sitting,
    an_approved_bank,
)
from tests.portal.papers.walking import seal, sign_in

KEYS = {"a" * 26: b"k" * 32, "b" * 26: b"l" * 32}
EXAMPLES = st.integers(2, 5).flatmap(lambda count: st.tuples(st.integers(2, count), st.just(count)))


@settings(deadline=None, max_examples=20)
@given(EXAMPLES)
def test_any_that_suffice_open_and_fewer_do_not(numbers: tuple[int, int]) -> None:
    threshold, count = numbers
    locked, words = shares.split(KEYS, threshold=threshold, count=count, context="p")
    for chosen in itertools.combinations(words, threshold):
        assert shares.join(locked, chosen, context="p") == KEYS
    with pytest.raises(shares.SharesBroken):
        shares.join(locked, words[: threshold - 1], context="p")


@pytest.mark.parametrize("numbers", [(1, 3), (3, 2), (2, 17)])
def test_shares_that_protect_nothing_are_not_made(numbers: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="threshold"):
        shares.split(KEYS, threshold=numbers[0], count=numbers[1], context="p")


def test_shares_of_another_paper_and_changed_bytes_open_nothing() -> None:
    locked, words = shares.split(KEYS, threshold=2, count=3, context="p")
    _, others = shares.split(KEYS, threshold=2, count=3, context="p")
    for opening in ([words[0], others[1]], others[:2], [words[0], words[0]], ["", ""], []):
        with pytest.raises(shares.SharesBroken):
            shares.join(locked, opening, context="p")
    with pytest.raises(shares.SharesBroken):
        shares.join(locked, words[:2], context="q")
    with pytest.raises(shares.SharesBroken):
        shares.join(locked[:-1] + bytes([locked[-1] ^ 1]), words[:2], context="p")


def test_a_share_is_twenty_words_known_by_their_first_four_letters() -> None:
    _, (share, _) = shares.split(KEYS, threshold=2, count=2, context="p")
    assert len(share.split()) == shares.WORDS
    short = ",  ".join(f"{place}. {word[:4].upper()}" for place, word in enumerate(share.split(), 1))
    assert shares.spelled(short) == share
    assert shares.fingerprint(shares.spelled(short)) == shares.fingerprint(share)


class Scene:
    """A drawn paper of an announced competition, and three officers among whom its keys are divided."""

    def __init__(self, session: Session) -> None:
        self.board = a_board(session)
        competition = a_competition(session, self.board)
        bank = an_approved_bank(session, self.board)
        self.paper = a_drawn(session, self.board, competition, bank)
        self.holders = [self.board.author, self.board.house.chair, self.board.house.secretary]

    def divide(self, session: Session, threshold: int = 2) -> None:
        holders = [self.account(holder) for holder in self.holders]
        prepared = splitting.prepare(session, paper=self.paper, holders=holders, threshold=threshold)
        splitting.split(session, self.board.author, NOW, paper=self.paper, prepared=prepared)
        splitting.forget(session, self.paper, is_open=False)

    def take_all(self, session: Session) -> list[str]:
        taken = []
        for holder in self.holders:
            words = splitting.own_share(session, holder, self.paper)
            splitting.take_share(session, holder, NOW, paper=self.paper, typed=words)
            taken.append(words)
        splitting.forget(session, self.paper, is_open=False)
        return taken

    def release(self, session: Session, holder: Actor, share: str) -> bool:
        return service.release_key(session, holder, START, paper=self.paper, opens_at=START, share=share)

    @staticmethod
    def account(actor: Actor) -> int:
        assert actor.account_id is not None
        return actor.account_id


def _let_change(session: Session, table: str) -> None:
    """Do what somebody with the database in hands would do first."""
    if session.get_bind().dialect.name == "sqlite":
        for name in session.scalars(
            text("SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name=:t"), {"t": table}
        ).all():
            session.execute(text(f"DROP TRIGGER {name}"))
    else:
        session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))


def _differences(session: Session) -> set[tuple[str, str]]:
    return {(found.where, found.code) for found in fsck.differences(session)}


def test_a_paper_in_shares_opens_with_enough_of_them(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        scene = Scene(session)
        scene.divide(session)
        with pytest.raises(errors.SharesWait):
            a_sealed(session, scene.board, scene.paper)
        taken = scene.take_all(session)
        a_sealed(session, scene.board, scene.paper)
        with pytest.raises(KeyErased):
            session.keys.subkey(scene.paper.forms[0].key_id, "papers.paper")
        own, other = (opened.candidate_seed(session, scene.paper.forms[0].id, one * 26) for one in "kl")
        assert len(own) == len(other) == 32  # of the order: it needs no key of the form
        assert own != other
        assert not scene.release(session, scene.holders[2], taken[2])
        assert not queries.is_released(session, scene.paper.id)
        assert scene.release(session, scene.holders[0], taken[0])
        assert queries.standing(session, scene.paper).stage is PaperStage.OPENED
        assert opened.opened_form(session, scene.paper.forms[0].id).items
        assert _differences(session) == set()


def test_two_words_do_not_open_a_paper_that_needs_three(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        scene = Scene(session)
        scene.divide(session, threshold=3)
        taken = scene.take_all(session)
        a_sealed(session, scene.board, scene.paper)
        outcomes = []
        for holder, share in zip(scene.holders, taken, strict=True):
            outcomes.append(scene.release(session, holder, share))
            assert queries.is_released(session, scene.paper.id) == outcomes[-1]
        assert outcomes == [False, False, True]


def test_every_step_with_shares_is_refused_at_the_wrong_time_and_to_the_wrong_person(
    database: Database,
) -> None:
    with database.writing(unhurried=True) as session:
        scene = Scene(session)
        paper, stranger = scene.paper, scene.board.reviewer
        for holders, threshold in (([1], 2), ([1, 2], 1), ([1, 2], 3), ([1, 1], 2)):
            with pytest.raises(errors.NoHolders):
                splitting.prepare(session, paper=paper, holders=holders, threshold=threshold)
        scene.divide(session)
        with pytest.raises(errors.AlreadySplit):
            scene.divide(session)
        with pytest.raises(errors.NoShare):
            splitting.own_share(session, stranger, paper)
        other = splitting.own_share(session, scene.holders[1], paper)
        with pytest.raises(errors.ShareDiffers):
            splitting.take_share(session, scene.holders[0], NOW, paper=paper, typed=other)
        taken = scene.take_all(session)
        with pytest.raises(errors.NoShare):
            splitting.own_share(session, scene.holders[0], paper)
        with pytest.raises(errors.NoShare):
            splitting.take_share(session, scene.holders[0], NOW, paper=paper, typed=taken[0])
        a_sealed(session, scene.board, paper)
        with pytest.raises(errors.NoShare):
            scene.release(session, stranger, taken[0])
        with pytest.raises(errors.ShareDiffers):
            scene.release(session, scene.holders[1], taken[0])
        assert session.scalar(select(func.count()).select_from(KeyRelease)) == 0
        assert not queries.is_released(session, paper.id)


def test_a_sealed_paper_is_not_divided_any_more(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        scene = Scene(session)
        a_sealed(session, scene.board, scene.paper)
        with pytest.raises(errors.SealedAlready):
            scene.divide(session)


def test_locked_keys_that_were_exchanged_stop_the_start(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        scene = Scene(session)
        scene.divide(session)
        taken = scene.take_all(session)
        a_sealed(session, scene.board, scene.paper)
        _let_change(session, "paper_splits")
        split = scene.paper.split
        assert split is not None
        split.locked = split.locked[:-1] + bytes([split.locked[-1] ^ 1])
        session.flush()
        assert ("papers", "split") in _differences(session)
        scene.release(session, scene.holders[0], taken[0])
        with pytest.raises(errors.SealBroken):
            scene.release(session, scene.holders[1], taken[1])


def test_a_seed_of_orders_that_was_exchanged_or_lost_is_named(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        form = Scene(session).paper.forms[0]
        assert _differences(session) == set()
        _let_change(session, "paper_forms")
        form.sealed_seed = session.keys.seal(form.seed_key_id, bytes(32), drawing.SEED)
        session.flush()
        assert _differences(session) == {("papers", "order")}
        session.keys.destroy(form.seed_key_id)
        assert _differences(session) == {("papers", "order")}


def test_a_bare_key_that_stayed_is_gone_once_somebody_seals(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        scene = Scene(session)
        holders = [scene.account(holder) for holder in scene.holders]
        prepared = splitting.prepare(session, paper=scene.paper, holders=holders, threshold=2)
        splitting.split(session, scene.board.author, NOW, paper=scene.paper, prepared=prepared)
        for holder in scene.holders:  # and the machine dies each time before it forgets
            words = splitting.own_share(session, holder, scene.paper)
            splitting.take_share(session, holder, NOW, paper=scene.paper, typed=words)
        assert _differences(session) == {("papers", "key left")}
        a_sealed(session, scene.board, scene.paper)
        assert _differences(session) == set()


def test_a_word_or_a_seal_that_nobody_gave_is_named(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        scene = Scene(session)
        stranger = scene.account(scene.board.approver)
        session.add(KeyRelease(paper_id=scene.paper.id, by=stranger, at=START))
        session.add(PaperSeal(paper_id=scene.paper.id, commitments={}, by=stranger, at=NOW))
        session.flush()
        assert _differences(session) == {("papers", "release"), ("papers", "seal")}


def test_a_bare_key_that_stayed_is_named(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        scene = Scene(session)
        holders = [scene.account(holder) for holder in scene.holders]
        prepared = splitting.prepare(session, paper=scene.paper, holders=holders, threshold=2)
        splitting.split(session, scene.board.author, NOW, paper=scene.paper, prepared=prepared)
        assert _differences(session) == {("papers", "key left")}
        splitting.forget(session, scene.paper, is_open=False)
        assert _differences(session) == set()


def test_a_split_that_is_refused_leaves_no_key_behind(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        scene = Scene(session)
        holders = [scene.account(holder) for holder in scene.holders]
        first, late = (
            splitting.prepare(session, paper=scene.paper, holders=holders, threshold=2) for _ in range(2)
        )
        splitting.split(session, scene.board.author, NOW, paper=scene.paper, prepared=first)
        with pytest.raises(errors.AlreadySplit):
            splitting.split(session, scene.board.author, NOW, paper=scene.paper, prepared=late)
        splitting.discard(session, late)
        assert not any(session.keys.exists(key_id) for key_id in key_ids(late))
        assert all(session.keys.exists(key_id) for key_id in key_ids(first))


def key_ids(prepared: splitting.Prepared) -> list[str]:
    """Return the keys that a split brought into being."""
    return [prepared.key_id, *(share.key_id for share in prepared.shares)]


def test_every_look_at_a_share_is_on_record(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        scene = Scene(session)
        scene.divide(session)
        words = [splitting.show_share(session, scene.holders[0], NOW, paper=scene.paper) for _ in range(2)]
        shown = session.scalars(select(Leaf).where(Leaf.type == "papers.share_shown")).all()
        assert {leaf.content["share"] for leaf in shown} == {shares.fingerprint(words[0]).hex()}
        assert [leaf.actor_id for leaf in shown] == [scene.account(scene.holders[0])] * 2
        assert not any(word in str(leaf.content) for leaf in shown for word in words)


def test_the_record_names_holders_and_holds_no_word_of_a_share(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        scene = Scene(session)
        scene.divide(session)
        taken = scene.take_all(session)
        leaves = session.scalars(select(Leaf).where(Leaf.type.like("papers.%")).order_by(Leaf.id)).all()
        assert [leaf.type for leaf in leaves][-4:] == ["papers.split", *["papers.share_taken"] * 3]
        split = next(leaf for leaf in leaves if leaf.type == "papers.split")
        assert set(split.content["holders"]) == {str(scene.account(holder)) for holder in scene.holders}
        assert not any(word in str(leaf.content) for leaf in leaves for word in taken)


@pytest.mark.engines("sqlite")
def test_nothing_on_the_machine_reads_a_paper_whose_shares_are_out(
    database: Database, instance_directory: Path
) -> None:
    with database.writing(unhurried=True) as session:
        scene = Scene(session)
        bare = [session.keys.take_out(form.key_id) for form in scene.paper.forms]
        scene.divide(session)
        taken = scene.take_all(session)
    found = b"".join(path.read_bytes() for path in instance_directory.rglob("*") if path.is_file())
    assert scene.paper.forms[0].commitment in found  # what is sought would be found
    for secret in (*bare, *(words.encode() for words in taken)):
        assert secret not in found
    with database.reading() as session:
        paper = session.get_one(Paper, scene.paper.id)
        for form in paper.forms:
            with pytest.raises(KeyErased):
                session.keys.subkey(form.key_id, "papers.paper")
        assert CANARY.encode() not in b"".join(form.ciphertext for form in paper.forms)


@pytest.mark.engines("sqlite")
def test_officers_divide_copy_and_open_on_their_pages(
    app: Flask, database: Database, board: Board, clock: At
) -> None:
    with database.writing(unhurried=True) as session:
        competition = a_competition(session, board)
        paper = a_drawn(session, board, competition, an_approved_bank(session, board))
        a_sitting(session, board, competition)
        place = f"/staff/competitions/{competition.public_id}/exam-papers/{paper.public_id}"
    officers = (board.author, board.house.chair, board.house.secretary)
    people = [sign_in(app, database, who) for who in officers]
    assert f"{place}/split" in people[0].get(place)
    offered = re.findall(r'name="holders" type="checkbox" value="(\w+)"', people[0].get(f"{place}/split"))
    assert len(offered) == 5  # three of the board, the chair, the secretary
    people[0].post(f"{place}/split", status=422, holders=offered[:2], threshold="3")
    with database.reading() as session:
        holders = [session.get_one(Account, who.account_id).public_id for who in officers]
    assert set(holders) < set(offered)
    people[0].post(f"{place}/split", holders=holders, threshold="2")
    typed = []
    for person in people:
        assert f"{place}/share" in person.get(place)
        words = re.findall(r'<li><span class="ep-code">([a-z]+)</span>', person.get(f"{place}/share"))
        person.post(f"{place}/share", status=422, share="academic " * 20)
        person.post(f"{place}/share", share=" ".join(word[:4] for word in words))
        shown = re.sub(r"<[^>]*>", " ", person.get(f"{place}/share", status=409))
        assert not set(words) & set(shown.split())  # "script" is such a word, and a tag
        typed.append(" ".join(words))
    for person in people[:2]:
        seal(person, place)
    clock.set(START)
    _, chair, secretary = [sign_in(app, database, who, START) for who in officers]
    assert f"{place}/open" in chair.get(place)
    chair.post(f"{place}/release", status=422)  # a word without its share opens nothing
    chair.get(f"{place}/open")
    chair.post(f"{place}/open", status=422, share=typed[0])
    chair.post(f"{place}/open", share=typed[1])
    secretary.get(f"{place}/open")
    secretary.post(f"{place}/open", share=typed[2])
    with database.reading() as session:
        assert queries.is_released(session, paper.id)
