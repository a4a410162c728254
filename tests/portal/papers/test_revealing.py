# SPDX-License-Identifier: Apache-2.0
"""After the last sitting two officers reveal a paper, and everything about it is recomputed from files."""

import copy
import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select, text

from exam_portal.audit import service as audit
from exam_portal.audit.models import Leaf
from exam_portal.competitions.models import Competition
from exam_portal.core.actors import SYSTEM
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.core.triggers import PREFIX
from exam_portal.papers import cli, draws, errors, fsck, redrawing, revealing
from exam_portal.papers.models import Paper
from exam_portal.results import bundle
from exam_portal.sittings import paper_times
from exam_portal.sittings import service as sittings
from exam_portal.sittings.attempts import opened, replaying, service
from exam_portal.sittings.models import Attempt, Room, Sitting, SittingEvent
from question_bank import formats
from scoring.verify import bundle as verifying
from scoring.verify import container
from scoring.verify.canonical import canonical_bytes
from scoring.verify.orders import order_checks, order_shown
from tests.portal.competitions.builders import NOW
from tests.portal.competitions.pages import At
from tests.portal.papers.builders import (
    CANARY,
    START,
    Board,
    a_board,
    a_choice,
    a_competition,
    a_drawn,
    a_file,
    a_sealed,
    a_sitting,
    an_approved_bank,
    an_opened,
    asking,
)
from tests.portal.papers.test_draws import WORDS, a_preparation, carry_out
from tests.portal.papers.walking import sign_in
from tests.portal.sittings.attempts import builders as sitters

OVER = START + timedelta(hours=4)
ITEMS = [a_choice(n, restricted=n == 1) for n in range(1, 13)]


def end(session: Session, sitting: Sitting) -> None:
    """The sitting has ended."""
    facts: dict[str, Any] = {"payload": {}, "by": sitting.created_by, "at": OVER}
    session.add(SittingEvent(sitting_id=sitting.id, kind="ended", **facts))
    session.flush()
    content = {"sitting": sitting.public_id}
    audit.record(session, SYSTEM, OVER, type="close", content=content, competition_id=sitting.competition_id)


def _held(database: Database) -> tuple[Board, int, int]:
    """An official paper of two forms was held, and a reserve paper waits for a later shift."""
    paper_times.fill_hooks()
    with database.writing(unhurried=True) as session:
        board = a_board(session)
        bank = an_approved_bank(session, board, ITEMS)
        asked = asking(2, forms=2, with_reserve=True)
        competition = a_competition(session, board)
        draw = a_preparation(session, board, competition, bank, asked)
        draws.begin(session, board.author, NOW, draw=draw, **WORDS)
    assert carry_out(database, draw).outcome == "drawn"
    with database.writing(unhurried=True) as session:
        competition = session.get_one(Competition, competition.id)
        papers = {one.kind: a_sealed(session, board, one) for one in session.scalars(select(Paper))}
        first = a_sitting(session, board, competition)
        later = a_sitting(session, board, competition, START + timedelta(hours=3))
        first.paper_id, later.paper_id = papers["official"].id, papers["reserve"].id
        session.add(Room(competition_id=competition.id, name="P.101", address="", capacity=9))
        session.flush()
        for _ in range(4):
            sitters.a_seat(session, first)
        service.prepare_attempts(session, board.house.secretary, NOW, sitting=first)
        an_opened(session, board, papers["official"])
        return board, papers["official"].id, papers["reserve"].id


def _revealed(database: Database) -> tuple[Board, Mapping[str, Any], Mapping[str, Any]]:
    """The official paper is revealed; return what everybody and what the parties have of it."""
    board, official, _ = _held(database)
    with database.writing(unhurried=True) as session:
        for sitting in session.scalars(select(Sitting)):
            end(session, sitting)
        paper = session.get_one(Paper, official)
        revealing.reveal(session, board.house.chair, OVER, paper=paper)
        revealing.reveal(session, board.author, OVER, paper=paper)
        _, told = revealing.shown_to_all(session, paper.public_id)
        return board, told, json.loads(revealing.parties_file(session, paper))


def test_two_reveal_a_paper_once_every_sitting_of_its_part_has_ended_and_not_before(
    database: Database,
) -> None:
    board, official, reserve = _held(database)
    chair, author = board.house.chair, board.author
    with database.writing(unhurried=True) as session:
        paper = session.get_one(Paper, official)
        first, later = session.scalars(select(Sitting).order_by(Sitting.id)).all()
        with pytest.raises(errors.SittingsToCome) as refused:
            revealing.reveal(session, chair, OVER, paper=paper)
        assert (refused.value.count, refused.value.last_starts_at) == (2, later.starts_at)
        end(session, first)
        with pytest.raises(errors.SittingsToCome) as refused:
            revealing.reveal(session, chair, OVER, paper=paper)
        assert refused.value.count == 1
        end(session, later)
        with pytest.raises(errors.PaperLocked):  # it was never opened
            revealing.reveal(session, chair, OVER, paper=session.get_one(Paper, reserve))
        assert not revealing.reveal(session, chair, OVER, paper=paper)
        with pytest.raises(errors.RevealedAlready):
            revealing.reveal(session, chair, OVER, paper=paper)
        with pytest.raises(NotFound):
            revealing.shown_to_all(session, paper.public_id)
        with pytest.raises(NotFound):
            revealing.parties_file(session, paper)
        assert revealing.reveal(session, author, OVER, paper=paper)
        with pytest.raises(errors.RevealedAlready):
            revealing.reveal(session, board.house.secretary, OVER, paper=paper)
        word = revealing.revealed(session, paper.id)
        assert word is not None
        told = session.scalars(select(Leaf).where(Leaf.type == "key-reveal")).one().content
        assert revealing.facts_of(word, revealing.read(session, paper, word)).items() <= told.items()
        assert [each for each in fsck.differences(session) if each.code.startswith("reveal")] == []
        late = a_sitting(session, board, session.get_one(Competition, paper.competition_id), OVER)
        with pytest.raises(errors.PaperRevealed):  # whoever sits later would sit a paper that is known
            sittings.prepare(session, board.house.secretary, OVER, sitting=late)


def test_every_attempt_of_the_sitting_is_derived_again_as_it_was_shown(database: Database) -> None:
    _, told, _ = _revealed(database)
    forms = {form["code"]: form for form in told["forms"]}
    with database.reading() as session:
        attempts = session.scalars(select(Attempt)).all()
        assert len(attempts) == 4
        for attempt in attempts:
            form = opened.form_of(session, attempt.form_id)
            shown = opened.delivered(form, opened.permutation_of(session, form, attempt))
            again = order_shown(forms[form.id], attempt.public_id)
            assert again["items"] == [one["id"] for one in shown]
            assert again["options"] == {one["id"]: [o["id"] for o in one["options"]] for one in shown}
            journal = json.loads(json.dumps(replaying.journal_of(session, attempt)))
            assert all(holds for holds, _ in order_checks(told, journal))
            moved = copy.deepcopy(journal)
            moved["order"]["items"].reverse()
            assert [line[:4] for holds, line in order_checks(told, moved) if not holds] == ["P1.7"]


@pytest.mark.engines("sqlite")
def test_what_is_revealed_to_everybody_holds_no_word_of_a_question_and_no_secret(database: Database) -> None:
    _, told, parties = _revealed(database)
    for one in (told, parties):
        assert CANARY not in canonical_bytes(one).decode()
        assert "Hội đồng" not in canonical_bytes(one).decode()
    secrets = [parties["content"]["secret"], *(form["key_nonce"] for form in parties["content"]["forms"])]
    assert not any(secret in canonical_bytes(told).decode() for secret in secrets)
    with database.reading() as session:
        people = {attempt.public_id for attempt in session.scalars(select(Attempt))}
    assert not any(person in canonical_bytes(told).decode() for person in people)


@pytest.mark.engines("sqlite")
def test_the_commands_derive_an_order_and_draw_the_paper_again_without_a_database(
    database: Database, tmp_path: Path
) -> None:
    _, told, parties = _revealed(database)
    with database.reading() as session:
        attempt = session.scalars(select(Attempt)).first()
        assert attempt is not None
        journal = replaying.journal_of(session, attempt)

    def run(command: str, *arguments: str, **files: Any) -> tuple[int, str]:
        for name, content in files.items():
            written = content if isinstance(content, bytes) else json.dumps(content).encode()
            (tmp_path / f"{name}.json").write_bytes(written)
        names = [str(tmp_path / f"{one}.json") if one in files else one for one in arguments]
        done = CliRunner().invoke(cli.group, [command, *names])
        return done.exit_code, done.output

    shown = list(journal["order"]["items"])
    status, words = run("rederive", "told", "--journal", "own", told=told, own=journal)
    assert (status, [line.split(":")[0].split(". ")[1] for line in words.splitlines()[3:]]) == (0, shown)
    refused = []
    for digit in "0123456789abcdef":  # two questions and their options come in few orders: one seed may agree
        other = copy.deepcopy(dict(told))
        for form in other["forms"]:
            form["seed"] = digit * 64
        status, words = run("rederive", "told", "--journal", "own", told=other, own=journal)
        assert (status, "FAIL P1.6" in words) == (1, True)
        refused.append("FAIL P1.7" in words)
    assert refused.count(True) > refused.count(False)
    given = ["--form", "101", "--candidate", "M1"]
    assert run("rederive", "told", *given, told=told)[0] == 0
    assert run("rederive", "told", *given, told=parties)[0] == 2  # not what everybody gets

    bank = a_file(ITEMS)
    status, words = run("redraw", "draw", "--bank", "bank", draw=parties, bank=bank)
    assert status == 0, words
    assert "the seed draws these questions again" in words
    foreign = [{**one, "id": f"EN-{n}"} for n, one in enumerate(ITEMS[:2])]
    both = [*formats.read(bank).items, *formats.read(a_file(foreign, language="en")).items]
    found = redrawing.checks(parties, both, None, parties["key"])  # a paper has one language: two stood by
    assert [words for holds, words in found if not holds] == []
    changed = a_file([ITEMS[0] | {"stem": "Câu khác?"}, *ITEMS[1:]])
    assert run("redraw", "draw", "--bank", "bank", draw=parties, bank=changed)[0] == 1
    secret = copy.deepcopy(parties)
    secret["content"]["words"] = "4711 sông Đà"
    status, words = run("redraw", "draw", "--bank", "bank", draw=secret, bank=bank)
    assert status == 1
    assert words.count("FAIL") >= 4  # signature, both commitments of each form


@pytest.mark.engines("sqlite")
def test_the_public_bundle_holds_the_revealed_paper_against_the_log(database: Database) -> None:
    _revealed(database)
    with database.writing(unhurried=True) as session:
        competition = session.scalars(select(Competition)).one()
        bundle.seal(session, OVER, competition)
    with database.reading() as session:
        files = container.unpack(bundle.packed(session, session.scalars(select(Competition)).one()))
    assert "K1" not in _failed(files)
    papers = json.loads(files["papers.json"])
    papers["papers"][0]["forms"][0]["seed"] = "0" * 64
    assert "K1" in _failed({**files, "papers.json": canonical_bytes(papers)})
    papers["papers"] = []
    assert "K1" in _failed({**files, "papers.json": canonical_bytes(papers)})


def _failed(files: Mapping[str, bytes]) -> set[str]:
    report = verifying.check(container.pack(files))
    return {one.code for one in report.results if one.problems}


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE paper_reveals SET revealed = replace(revealed, '101', '109') WHERE revealed IS NOT NULL",
        "UPDATE paper_reveals SET sealed = zeroblob(64) WHERE sealed IS NOT NULL",
        'UPDATE paper_reveals SET "by" = 1 WHERE revealed IS NULL',
    ],
)
def test_the_check_names_a_reveal_that_was_changed(database: Database, change: str) -> None:
    _revealed(database)
    with database.writing() as session:
        session.execute(text(f"DROP TRIGGER {PREFIX}paper_reveals_update"))
        session.execute(text(change))
    with database.reading() as session:
        assert "reveal" in {each.code for each in fsck.differences(session)}


def test_a_wrong_file_is_said_to_be_none() -> None:
    with pytest.raises(LookupError):
        redrawing.order_of({"_": "other"}, {"form": "x", "attempt": "y"}, "", "")


@pytest.mark.engines("sqlite")
def test_the_page_reveals_and_gives_each_its_file(
    app: Flask, database: Database, board: Board, clock: At
) -> None:
    with database.writing(unhurried=True) as session:
        competition = a_competition(session, board)
        paper = a_drawn(session, board, competition, an_approved_bank(session, board))
        a_sealed(session, board, paper)
        a_sitting(session, board, competition)
        an_opened(session, board, paper)
        place = f"/staff/competitions/{competition.public_id}/exam-papers/{paper.public_id}"
        public = f"/papers/{paper.public_id}/revealed.json"
    clock.set(OVER)
    chair, author = (sign_in(app, database, who, OVER) for who in (board.house.chair, board.author))
    organiser, nobody = (sign_in(app, database, who, OVER) for who in (board.house.organiser, None))
    assert "1 buổi thi của phần này chưa kết thúc" in chair.get(place)
    chair.post(f"{place}/reveal", status=409)
    nobody.get(public, status=404)
    with database.writing(unhurried=True) as session:
        for sitting in session.scalars(select(Sitting)):
            end(session, sitting)
    organiser.get(place)
    organiser.post(f"{place}/reveal", status=403)
    chair.get(place)
    chair.post(f"{place}/reveal")
    assert "Chờ một người khác là" in chair.get(place)
    author.get(place)
    author.post(f"{place}/reveal")
    assert public in author.get(place)
    assert json.loads(nobody.client.get(public).data)["paper"] == paper.public_id
    taken = {"csrf_token": author.token}
    answer = author.client.post(
        f"{place}/revealed-draw.json", data=taken, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert answer.status_code == 200
    with database.reading() as session:
        (leaf,) = session.scalars(select(Leaf).where(Leaf.type == "papers.draw_secret_taken"))
        assert leaf.content["sha256"] == hashlib.sha256(answer.data).hexdigest()
        assert leaf.actor_id == board.author.account_id
    organiser.post(f"{place}/revealed-draw.json", status=403)
