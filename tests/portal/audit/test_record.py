# SPDX-License-Identifier: Apache-2.0
"""The record: a leaf in the act's own transaction, its place, its tree, its signed heads."""

import dataclasses
import threading
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError

from exam_portal.audit import checkpoints, fsck, jobs, queries, service, tree
from exam_portal.audit.models import Checkpoint, Leaf, Log, SignedPaper, TreeNode
from exam_portal.core import triggers
from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from scoring.verify import merkle
from scoring.verify.checkpoint import LogHead, NoteKey
from tests.portal.audit.builders import (
    NOW,
    a_paper,
    a_person,
    an_act,
    an_actor,
    an_organisation,
    some_acts,
)

AT_ONCE = timedelta(0)
ANOTHER = "(SELECT hash FROM tree_nodes WHERE level = 0 AND position = 1)"


def sequence(database: Database) -> None:
    jobs.tick(database, NOW, checkpoint_after=AT_ONCE)


def the_log(session: Session) -> Log:
    log = queries.log_of_competition(session, None)
    assert log is not None
    return log


def hashes(session: Session, log_id: int) -> list[bytes]:
    found = queries.sequenced(session, log_id)
    return [merkle.leaf_hash(tree.leaf_data(leaf, place)) for place, leaf in enumerate(found)]


def test_a_log_begins_with_its_genesis_and_its_places_have_no_gap(database: Database) -> None:
    some_acts(database, 10)
    sequence(database)
    with database.reading() as session:
        found = queries.sequenced(session, the_log(session).id)
        assert [leaf.index for leaf in found] == list(range(11))
        assert found[0].type == "genesis"


@pytest.mark.parametrize("count", [1, 2, 3, 7, 8, 20])
@pytest.mark.engines("sqlite")
def test_roots_and_proofs_of_every_size_are_those_of_the_published_algorithm(
    database: Database, count: int
) -> None:
    some_acts(database, count)
    with database.reading() as session:
        log = the_log(session)
        leaves = hashes(session, log.id)
        for size in range(1, count + 2):
            root = tree.root(session, log.id, size)
            assert root == merkle.merkle_root(leaves[:size])
            for index in range(size):
                proof = tree.inclusion_proof(session, log.id, index, size)
                assert merkle.verify_inclusion(leaves[index], index, size, proof, root)
            last = tree.root(session, log.id)
            proof = tree.consistency_proof(session, log.id, size, count + 1)
            assert merkle.verify_consistency(size, root, count + 1, last, proof)


def act_and_fail(database: Database) -> None:
    with database.writing() as session:
        an_act(session, organisation=an_organisation(session).public_id)
        raise RuntimeError


def test_a_rolled_back_act_leaves_neither_fact_nor_leaf(database: Database) -> None:
    some_acts(database, 1)
    with pytest.raises(RuntimeError):
        act_and_fail(database)
    sequence(database)
    with database.reading() as session:
        assert tree.size_of(session, the_log(session).id) == 2
        assert fsck.first_difference(session) is None


@pytest.mark.parametrize(
    "statement",
    [
        update(Leaf).values(type="tests.other"),
        update(Leaf).values(commitment=b"\0" * 32),
        update(Leaf).where(Leaf.index == 1).values(index=99),
        delete(Leaf),
        update(TreeNode).values(hash=b"\0" * 32),
        delete(TreeNode),
        update(Checkpoint).values(note="forged"),
        delete(Checkpoint),
        update(SignedPaper).values(number="99"),
        delete(SignedPaper),
    ],
    ids=str,
)
def test_the_database_itself_refuses_to_change_the_record(database: Database, statement: object) -> None:
    with database.writing(unhurried=True) as session:
        organisation = an_organisation(session)
        a_paper(session, an_actor(a_person(session)), organisation.id)
    sequence(database)
    with pytest.raises(DatabaseError, match="evidence"), database.writing() as session:
        session.execute(statement)  # type: ignore[call-overload]


def without_triggers(database: Database, statement: str, **values: object) -> None:
    """What an administrator of the database can do and the program cannot."""
    with database.writing(unhurried=True) as session:
        connection = session.connection()
        triggers.remove(connection)
        connection.execute(text(statement), values)
        triggers.install(connection)


def first_difference(database: Database) -> str:
    with database.reading() as session:
        found = fsck.first_difference(session)
        return "" if found is None else f"{found.code} {found.place}"


def test_a_sound_record_has_no_difference(database: Database) -> None:
    some_acts(database, 5)
    sequence(database)
    assert first_difference(database) == ""


@pytest.mark.parametrize(
    ("statement", "difference"),
    [
        ("""UPDATE leaves SET content = replace(content, '"number":"2"', '"number":"7"')""", "commitment 3"),
        ("UPDATE leaves SET subject = 'aaaaaaaaaaaaaaaaaaaaaaaaaa' WHERE \"index\" = 4", "commitment 4"),
        ("UPDATE leaves SET actor_id = NULL, at = '2026-11-23 08:30:16' WHERE \"index\" = 4", "commitment 4"),
        ("UPDATE leaves SET type = 'tests.other' WHERE \"index\" = 2", "tree 2"),
        (f"UPDATE tree_nodes SET hash = {ANOTHER} WHERE level = 2 AND position = 0", "tree 3"),
        ('DELETE FROM leaves WHERE "index" = 5', "gap 5"),
        ('DELETE FROM leaves WHERE "index" = 2', "gap 2"),
        (f"UPDATE checkpoints SET root = {ANOTHER}", "checkpoint 6"),
        ("UPDATE checkpoints SET note = lower(note)", "checkpoint 6"),
    ],
)  # fmt: skip
def test_whatever_an_administrator_changes_is_named_with_its_place(
    database: Database, statement: str, difference: str
) -> None:
    some_acts(database, 5)
    sequence(database)
    without_triggers(database, statement)
    assert first_difference(database) == difference


def test_one_flipped_byte_of_a_commitment_is_found(database: Database) -> None:
    some_acts(database, 5)
    sequence(database)
    with database.reading() as session:
        leaf = queries.leaf(session, the_log(session).id, 3)
    flipped = bytes([leaf.commitment[0] ^ 1]) + leaf.commitment[1:]
    without_triggers(database, "UPDATE leaves SET commitment = :c WHERE id = :i", c=flipped, i=leaf.id)
    assert first_difference(database) == "commitment 3"


def test_a_history_that_was_rewritten_as_a_whole_is_never_signed(database: Database) -> None:
    some_acts(database, 3)
    sequence(database)
    some_acts(database, 1)
    other = b"\x01" * 32
    without_triggers(database, "UPDATE tree_nodes SET hash = :h WHERE level = 2 AND position = 0", h=other)
    with pytest.raises(checkpoints.LogForked):
        sequence(database)


def test_a_checkpoint_is_a_note_that_only_this_key_can_have_signed(database: Database) -> None:
    some_acts(database, 3)
    sequence(database)
    with database.reading() as session:
        log = the_log(session)
        found = checkpoints.latest(session, log.id)
        assert found is not None
        head = LogHead(origin=log.origin, size=4, root=tree.root(session, log.id))
        key = NoteKey(name=session.signer.name, public_key=session.signer.public_key)
        assert found.note.splitlines()[:2] == [log.origin, "4"]
        assert checkpoints.is_genuine(found.note, head, key)
        assert not checkpoints.is_genuine(found.note, dataclasses.replace(head, size=5), key)
        assert not checkpoints.is_genuine(found.note, head, dataclasses.replace(key, public_key=b"\0" * 32))
        for place, sign in enumerate(found.note):  # also the last one of a code, whose low bits say nothing
            for other in {"A", "B", "x", chr(ord(sign) ^ 1)} - {sign}:
                altered = found.note[:place] + other + found.note[place + 1 :]
                assert not checkpoints.is_genuine(altered, head, key), (place, other)


def test_a_head_is_signed_once_per_size(database: Database) -> None:
    some_acts(database, 3)
    sequence(database)
    sequence(database)
    with database.reading() as session:
        assert [c.size for c in queries.checkpoints_of(session, the_log(session).id)] == [4]


def test_a_head_is_not_signed_before_it_is_due(database: Database) -> None:
    some_acts(database, 1)
    jobs.tick(database, NOW, checkpoint_after=timedelta(seconds=60))
    some_acts(database, 1)
    jobs.tick(database, NOW + timedelta(seconds=59), checkpoint_after=timedelta(seconds=60))
    with database.reading() as session:
        assert [c.size for c in queries.checkpoints_of(session, the_log(session).id)] == [2]
    jobs.tick(database, NOW + timedelta(seconds=60), checkpoint_after=timedelta(seconds=60))
    with database.reading() as session:
        assert [c.size for c in queries.checkpoints_of(session, the_log(session).id)] == [2, 3]


def test_a_publication_is_signed_at_once(database: Database) -> None:
    some_acts(database, 1)
    jobs.tick(database, NOW, checkpoint_after=timedelta(seconds=60))
    with database.writing() as session:
        service.record(session, Actor(account_id=None), NOW, type="publish", content={})
    jobs.tick(database, NOW + timedelta(seconds=1), checkpoint_after=timedelta(seconds=60))
    with database.reading() as session:
        assert [c.size for c in queries.checkpoints_of(session, the_log(session).id)] == [2, 3]


@pytest.mark.engines("sqlite")
def test_on_sqlite_a_leaf_has_its_place_at_once(database: Database) -> None:
    with database.writing() as session:
        assert an_act(session).index == 1


@pytest.mark.engines("postgresql")
def test_on_postgresql_a_waiting_leaf_raises_an_alarm_until_it_has_its_place(database: Database) -> None:
    some_acts(database, 1)
    later = NOW + timedelta(seconds=6)
    with database.reading() as session:
        assert jobs.is_late(session, later, alarm_seconds=5)
        assert not jobs.is_late(session, NOW + timedelta(seconds=5), alarm_seconds=5)
    sequence(database)
    with database.reading() as session:
        assert not jobs.is_late(session, later, alarm_seconds=5)


def test_many_who_act_at_once_leave_one_log_without_gap_or_double(database: Database) -> None:
    threads = [threading.Thread(target=some_acts, args=(database, 5)) for _ in range(6)]
    tickers = [threading.Thread(target=sequence, args=(database,)) for _ in range(4)]
    for thread in (*threads, *tickers):
        thread.start()
    for thread in (*threads, *tickers):
        thread.join()
    sequence(database)
    with database.reading() as session:
        assert len(session.scalars(select(Log)).all()) == 1
        assert [leaf.index for leaf in queries.sequenced(session, the_log(session).id)] == list(range(31))
        assert fsck.first_difference(session) is None


@pytest.mark.engines("sqlite")
def test_reading_a_log_asks_one_question_per_page_and_goes_both_ways(database: Database) -> None:
    some_acts(database, 7)
    with database.reading() as session:
        log = the_log(session)
        first = queries.leaves(session, log.id, limit=3)
        assert [leaf.index for leaf in first.leaves] == [7, 6, 5]
        assert first.newer is None
        second = queries.leaves(session, log.id, before=first.older, limit=3)
        assert [leaf.index for leaf in second.leaves] == [4, 3, 2]
        third = queries.leaves(session, log.id, before=second.older, limit=3)
        assert [leaf.index for leaf in third.leaves] == [1, 0]
        assert third.older is None
        back = queries.leaves(session, log.id, after=third.newer, limit=3)
        assert [leaf.index for leaf in back.leaves] == [4, 3, 2]


@pytest.mark.engines("sqlite")
def test_a_log_can_be_read_by_type_actor_subject_and_time(database: Database) -> None:
    with database.writing() as session:
        person = a_person(session)
        service.record(session, an_actor(person), NOW, type="tests.one", content={}, subject=person.public_id)
        service.record(session, Actor(account_id=None), NOW, type="tests.two", content={})
    with database.reading() as session:
        log = the_log(session)

        def types(**wanted: object) -> list[str]:
            page = queries.leaves(session, log.id, queries.LeafFilter(**wanted))  # type: ignore[arg-type]
            return [leaf.type for leaf in page.leaves]

        assert types(types=["tests.one"]) == ["tests.one"]
        assert types(actor_id=person.id) == ["tests.one"]
        assert types(subject=person.public_id) == ["tests.one"]
        assert types(until=NOW) == []
        assert types(since=NOW) == ["tests.two", "tests.one", "genesis"]
