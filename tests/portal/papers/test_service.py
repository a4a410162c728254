# SPDX-License-Identifier: Apache-2.0
"""Papers: drawn as ciphertext, sealed by two, opened by two at the start, and never read before."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select, text

from exam_portal.audit.models import Leaf
from exam_portal.competitions.models import Competition
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.triggers import PREFIX
from exam_portal.items import service as items
from exam_portal.items.models import Item, ItemStage, ItemVersion
from exam_portal.papers import drawing, errors, opened, preparing, queries, service
from exam_portal.papers.asked import Asked
from exam_portal.papers.models import EnvelopeEventKind, Paper, PaperContent, PaperForm, PaperStage
from question_bank import draw_seed, sealing
from question_bank.assembly import process
from question_bank.blueprint import Difficulty
from question_bank.paper import PAPER_SCHEMA
from scoring.verify.leaves import order_problems
from tests.portal.competitions.builders import NOW, a_draft
from tests.portal.papers.builders import (
    CANARY,
    START,
    TOPIC,
    Board,
    a_bank,
    a_board,
    a_choice,
    a_competition,
    a_drawn,
    a_sealed,
    an_approved_bank,
    an_essay,
    an_opened,
    asking,
    fill,
)

SECOND = timedelta(seconds=1)


def _scene(session: Session) -> tuple[Board, Competition, Paper]:
    board = a_board(session)
    competition = a_competition(session, board)
    return board, competition, a_drawn(session, board, competition, an_approved_bank(session, board))


def test_a_paper_goes_from_the_bank_to_the_hall(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        board, competition, paper = _scene(session)
        assert queries.standing(session, paper).stage is PaperStage.DRAWN
        a_sealed(session, board, paper)
        assert queries.sealed(session, competition.id, "written") is paper
        an_opened(session, board, paper)
        assert queries.standing(session, paper).stage is PaperStage.OPENED
        (form,) = queries.released_forms(session, paper.id)
        found = opened.opened_form(session, form.id)
        assert (len(found.items), found.id) == (4, "101")
        assert opened.opened_form(session, form.id) is found  # remembered
        assert len(opened.shuffle_seed(session, form.id)) == 32


@pytest.mark.engines("sqlite")
def test_a_paper_of_many_items_and_forms_is_kept_without_holding_the_writer_for_long(
    database: Database,
) -> None:
    with database.writing(unhurried=True) as session:
        board = a_board(session)
        competition = a_competition(session, board)
        bank = an_approved_bank(session, board, [a_choice(number) for number in range(400)])
    with database.reading() as session:
        wanted = asking(100, forms=8, may_share=True)
        found = preparing.pool(session, bank, NOW.date(), written=False)
        draws = preparing.draw(session, found, wanted, kind="official")
    with database.writing() as session:  # would raise if it were held long
        (paper,) = preparing.keep(
            session,
            board.author,
            NOW,
            competition=competition,
            part="written",
            bank=bank,
            asked=wanted,
            draws=draws,
            ready_from=None,
        )
    for officer in (board.author, board.house.chair):
        with database.writing() as session:
            kept = session.get_one(Paper, paper.id)
            service.seal(session, officer, NOW, paper=kept, seen=service.commitments(kept))
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(PaperForm)) == 8


def test_the_record_of_a_paper_is_in_the_order_that_the_verifier_asks_for(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        board, competition, paper = _scene(session)
        an_opened(session, board, a_sealed(session, board, paper))
        types = session.scalars(select(Leaf.type).order_by(Leaf.id)).all()
        assert [t for t in types if t in {"paper-commit", "key-commit", "open", "paper-reveal"}] == [
            "paper-commit",
            "key-commit",
            "open",
            "paper-reveal",
        ]
        own = session.scalars(
            select(Leaf.type).where(Leaf.log_id == _log(session, competition)).order_by(Leaf.id)
        ).all()
        assert order_problems(own) == []


def _log(session: Session, competition: Competition) -> int:
    from exam_portal.audit import queries as record

    found = record.log_of_competition(session, competition.id)
    assert found is not None
    return found.id


def test_nobody_reads_a_paper_before_the_second_word(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        board, _, paper = _scene(session)
        a_sealed(session, board, paper)
        form = paper.forms[0]
        with pytest.raises(errors.PaperLocked):
            service.opened_form(session, form.id)
        assert service.release_key(session, board.house.chair, START, paper=paper, opens_at=START) is False
        with pytest.raises(errors.PaperLocked):
            service.opened_form(session, form.id)
        with pytest.raises(errors.PaperLocked):
            queries.released_forms(session, paper.id)
        with pytest.raises(errors.AlreadyReleased):
            service.release_key(session, board.house.chair, START, paper=paper, opens_at=START)


@pytest.mark.parametrize(("offset", "opens"), [(-SECOND, False), (timedelta(0), True), (SECOND, True)])
def test_a_paper_opens_at_the_start_and_not_a_second_before(
    database: Database, offset: timedelta, opens: bool
) -> None:
    with database.writing(unhurried=True) as session:
        board, _, paper = _scene(session)
        a_sealed(session, board, paper)
        if opens:
            an_opened(session, board, paper, now=START + offset)
            assert queries.is_released(session, paper.id)
        else:
            with pytest.raises(errors.TooEarly):
                an_opened(session, board, paper, now=START + offset)


def test_without_a_sitting_nobody_opens_a_paper(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        board, _, paper = _scene(session)
        a_sealed(session, board, paper)
        with pytest.raises(errors.NoSitting):
            service.release_key(session, board.house.chair, START, paper=paper, opens_at=None)


def test_one_officer_neither_seals_twice_nor_opens_what_one_has_sealed(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        board, competition, paper = _scene(session)
        seen = service.commitments(paper)
        service.seal(session, board.author, NOW, paper=paper, seen=seen)
        with pytest.raises(errors.AlreadySealed):
            service.seal(session, board.author, NOW, paper=paper, seen=seen)
        with pytest.raises(errors.NotSealed):
            service.release_key(session, board.house.chair, START, paper=paper, opens_at=START)
        assert queries.sealed(session, competition.id, "written") is None


def test_an_officer_seals_only_what_stood_on_the_page(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        board, _, paper = _scene(session)
        with pytest.raises(errors.SealedOtherwise):
            service.seal(session, board.author, NOW, paper=paper, seen={"101": "00" * 32})
        with pytest.raises(errors.SealedOtherwise):
            service.seal(session, board.author, NOW, paper=paper, seen={})


@pytest.mark.parametrize("column", ["ciphertext", "key_ciphertext", "commitment", "key_commitment"])
@pytest.mark.engines("sqlite")
def test_one_changed_byte_stops_the_start(database: Database, column: str) -> None:
    with database.writing(unhurried=True) as session:
        board, _, paper = _scene(session)
        a_sealed(session, board, paper)
        _flip(session, paper.forms[0], column)
        service.release_key(session, board.house.chair, START, paper=paper, opens_at=START)
        with pytest.raises(errors.SealBroken), session.begin_nested():
            service.release_key(session, board.house.secretary, START, paper=paper, opens_at=START)
        assert not queries.is_released(session, paper.id)


def _flip(session: Session, form: PaperForm, column: str) -> None:
    """One bit of the row is another one: whoever holds the disk can do that, triggers or not."""
    session.execute(text(f'DROP TRIGGER "{PREFIX}paper_forms_update"'))
    stored = bytearray(getattr(form, column))
    stored[-1] ^= 1
    session.execute(
        text(f"UPDATE paper_forms SET {column} = :bytes WHERE id = :id"),
        {"bytes": bytes(stored), "id": form.id},
    )
    session.expire_all()


def test_a_draw_needs_the_notice_and_the_hours_of_the_rules(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        board = a_board(session)
        bank = an_approved_bank(session, board)
        draft = a_draft(session, board.house, code="TT-2026-09")
        with pytest.raises(errors.NotAnnounced), session.begin_nested():
            a_drawn(session, board, draft, bank)
        competition = a_competition(session, board)
        paper = a_drawn(session, board, competition, bank)
        with pytest.raises(errors.NotYetTime):
            service.seal(
                session,
                board.author,
                NOW,
                paper=paper,
                seen=service.commitments(paper),
                ready_from=NOW + SECOND,
            )


def test_a_bank_that_is_too_small_says_what_it_lacks(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        board = a_board(session)
        competition = a_competition(session, board)
        bank = an_approved_bank(session, board, [a_choice(1), a_choice(2)])
        with pytest.raises(errors.BankLacks) as refused:
            a_drawn(session, board, competition, bank, asking(3))
        assert refused.value.missing[0] == errors.Lack(topic=TOPIC, level="understand", need=3, have=2)


def test_a_draw_keeps_to_difficulty_enemies_and_what_is_left_out(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        board = a_board(session)
        raw = [a_choice(n, difficulty=f"0.{n}0") for n in range(1, 10)]
        bank = an_approved_bank(session, board, raw)
        found = preparing.pool(session, bank, NOW.date(), written=False)
        middle = Difficulty(mean=Decimal("0.5"), tolerance=Decimal("0.01"))
        wanted = asking(3, difficulty=middle, left_out=("Q-0005",), enemies=(("Q-0001", "Q-0009"),))
        ((_, drawn),) = preparing.draw(session, found, wanted, kind="official")
        (form,) = drawn.forms
        sealed = sealing.Sealed(schema=PAPER_SCHEMA, commitment=form.commitment, blob=form.ciphertext)
        content = sealing.open_sealed(sealed, session.keys.subkey(form.key_id, drawing.PAPER_KEY)).content
        names = [item["id"] for item in content["items"]]
        assert sum(int(name[-1]) for name in names) == 15
        assert "Q-0005" not in names
        assert not {"Q-0001", "Q-0009"} <= set(names)
        with pytest.raises(errors.NotApproved) as refused:
            preparing.draw(session, found, asking(3, left_out=("Q-0077",)), kind="official")
        assert refused.value.codes == ("Q-0077",)
        easy = Difficulty(mean=Decimal("0.95"), tolerance=Decimal("0.02"))
        with pytest.raises(errors.BankLacks) as lacking:
            preparing.draw(session, found, asking(3, difficulty=easy), kind="official")
        (lack,) = lacking.value.missing
        assert (lack.difficulty, lack.nearest) == ("0.95 ± 0.02", "0.8")


def test_nothing_is_kept_where_the_solver_dies(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "WORKER", ("-c", "raise SystemExit(1)"))
    with database.writing(unhurried=True) as session:
        board = a_board(session)
        competition = a_competition(session, board)
        bank = an_approved_bank(session, board, [a_choice(n) for n in range(1, 5)])
        with pytest.raises(errors.AssemblyFailed):
            a_drawn(session, board, competition, bank, asking(3))
        assert session.scalars(select(Paper)).all() == []


def test_only_approved_items_in_force_are_drawn(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        board = a_board(session)
        old = {"instrument": "Luật cũ", "article": "Điều 1", "valid_from": None, "valid_to": "2020-01-01"}
        bank = an_approved_bank(session, board, [a_choice(1), a_choice(2, source=old)])
        fill(session, board, bank, [a_choice(3)])
        pool = preparing.pool(session, bank, NOW.date(), written=False)
        assert [item.id for item in pool.items] == ["Q-0001"]


def test_a_pool_that_changes_while_it_is_drawn_is_drawn_again(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        board = a_board(session)
        competition = a_competition(session, board)
        bank = an_approved_bank(session, board)
        found = preparing.pool(session, bank, NOW.date(), written=False)
        draws = preparing.draw(session, found, asking(), kind="official")
        version = session.scalars(select(ItemVersion)).first()
        assert version is not None
        items.review(session, board.reviewer, NOW, version=version, stage=ItemStage.RETIRED, comment="")
        with pytest.raises(errors.PoolChanged):
            preparing.keep(
                session,
                board.author,
                NOW,
                competition=competition,
                part="written",
                bank=bank,
                asked=asking(),
                draws=draws,
                ready_from=None,
            )


def test_the_reserve_paper_has_no_item_in_common_with_the_official_one(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        board = a_board(session)
        competition = a_competition(session, board)
        bank = an_approved_bank(session, board)
        a_drawn(session, board, competition, bank, asking(5, with_reserve=True))
        found = []
        for kind in ("official", "reserve"):
            paper = session.scalars(select(Paper).where(Paper.kind == kind)).one()
            an_opened(session, board, a_sealed(session, board, paper))
            form = opened.opened_form(session, paper.forms[0].id)
            found.append({item.id for item in form.items})
        assert found[0].isdisjoint(found[1])
        assert {len(ids) for ids in found} == {5}


def test_the_board_chooses_essays_and_their_ids_are_stored_nowhere_in_the_open(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        board = a_board(session)
        competition = a_competition(session, board)
        bank = an_approved_bank(session, board, [an_essay(n) for n in range(1, 4)])
        asked = Asked(counts={}, chosen=("TL-002",), title="Viết")
        paper = a_drawn(session, board, competition, bank, asked, written=True)
        assert "TL-002" not in str(paper.blueprint)
        an_opened(session, board, a_sealed(session, board, paper))
        form = opened.opened_form(session, paper.forms[0].id)
        assert [item.id for item in form.items] == ["TL-002"]


def test_the_seed_of_the_draw_follows_from_the_key_and_agrees_with_the_record(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        _, _, paper = _scene(session)
        leaf = session.scalars(select(Leaf).where(Leaf.type == "paper-commit")).one()
        seed = drawing.seed_of(session.keys, drawing.Start(key_id=paper.forms[0].key_id))
        assert leaf.content is not None
        assert leaf.content["seed"] == draw_seed.seed_commitment(seed)
        assert seed.hex() not in str(leaf.content)
        (form,) = paper.forms
        own = opened.shuffle_seed(session, form.id)
        assert leaf.content["orders"] == {form.code: drawing.order_commitment(own)}
        assert own.hex() not in str(leaf.content)


def test_nothing_in_the_database_tells_what_a_paper_holds(database: Database) -> None:
    """The bank holds every stem; a paper, its leaves and its rows hold none of them, nor their ids."""
    with database.writing(unhurried=True) as session:
        board, _, paper = _scene(session)
        a_sealed(session, board, paper)
        # Less than a whole id would stand in the bytes by chance.
        sought = (CANARY, *session.scalars(select(Item.external_id)))
        assert len(sought) == 11
        found = []
        for table in ("papers", "paper_forms", "paper_seals", "key_releases", "leaves"):
            for row in session.execute(text(f"SELECT * FROM {table}")):
                held = b"|".join(v if isinstance(v, bytes) else str(v).encode() for v in row)
                found += [word for word in sought if word.encode() in held]
        assert found == []


def test_an_outside_paper_is_never_drawn(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        board = a_board(session)
        competition = a_competition(session, board)
        bank = an_approved_bank(session, board)
        paper = _outside(session, board, competition)
        found = preparing.pool(session, bank, NOW.date(), written=False)
        ((_, draw),) = preparing.draw(session, found, asking(), kind="official")
        with pytest.raises(errors.WrongContent):
            service.keep_draw(session, board.author, NOW, paper=paper, draw=draw)
        with pytest.raises(errors.PaperExists):
            _outside(session, board, competition)
        assert queries.sealed(session, competition.id, "written") is paper


def _outside(session: Session, board: Board, competition: Competition) -> Paper:
    return service.name_paper(
        session,
        board.author,
        NOW,
        competition=competition,
        part="written",
        kind="official",
        content=PaperContent.OUTSIDE,
    )


def test_a_paper_is_drawn_once(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        board = a_board(session)
        competition = a_competition(session, board)
        bank = an_approved_bank(session, board)
        paper = a_drawn(session, board, competition, bank)
        found = preparing.pool(session, bank, NOW.date(), written=False)
        ((_, draw),) = preparing.draw(session, found, asking(), kind="official")
        with pytest.raises(errors.AlreadyDrawn):
            service.keep_draw(session, board.author, NOW, paper=paper, draw=draw)


def test_an_envelope_goes_its_way_and_no_other(database: Database) -> None:
    kinds = EnvelopeEventKind
    with database.writing(unhurried=True) as session:
        board = a_board(session)
        paper = _outside(session, board, a_competition(session, board))
        facts: dict[str, Any] = {"seal_no": "S-1", "copies": 5, "minute_no": "03/BB-BĐT"}
        envelope = service.register_envelope(session, board.author, NOW, paper=paper, label="ĐỀ-01", **facts)
        with pytest.raises(errors.LabelTaken):
            service.register_envelope(session, board.author, NOW, paper=paper, label="ĐỀ-01", **facts)
        facts |= {"seal_no": " s-1 "}
        with pytest.raises(errors.SealNumberTaken):  # the same seal, however it is written
            service.register_envelope(session, board.author, NOW, paper=paper, label="ĐỀ-02", **facts)

        def note(kind: EnvelopeEventKind, *, seal: str = "S-1", intact: bool = True) -> None:
            service.note_envelope(
                session,
                board.author,
                NOW,
                envelope=envelope,
                kind=kind.value,
                seal_no=seal,
                seal_intact=intact,
                reason="" if intact else "Rách mép khi vận chuyển",
                present="Trưởng Ban đề thi",
            )

        with pytest.raises(errors.WrongEnvelopeEvent):
            note(kinds.RESEALED, seal="S-2")
        note(kinds.HANDED_OVER)
        note(kinds.COPIED, intact=False)
        with pytest.raises(errors.WrongEnvelopeEvent):
            note(kinds.COPIED)
        with pytest.raises(errors.SealNumberTaken):
            note(kinds.RESEALED)
        note(kinds.RESEALED, seal="S-2")
        note(kinds.DESTROYED, seal="S-2")
        with pytest.raises(errors.WrongEnvelopeEvent):
            note(kinds.OPENED)
        (entry,) = queries.envelopes(session, paper.id)
        assert (entry.last, entry.is_intact, len(entry.events)) == (kinds.DESTROYED, False, 4)


def test_empty_banks_draw_nothing(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        board = a_board(session)
        competition = a_competition(session, board)
        with pytest.raises(errors.BankLacks):
            a_drawn(session, board, competition, a_bank(session, board), asking(1))
