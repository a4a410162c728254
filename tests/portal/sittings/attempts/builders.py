# SPDX-License-Identifier: Apache-2.0
"""Rows that an attempt stands on, and a candidate's player that speaks the protocol by itself."""

import dataclasses
import hashlib
import itertools
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from exam_portal.accounts import profiles, sessions
from exam_portal.accounts.models import Account, Organisation
from exam_portal.competitions.models import Competition, Vacancy
from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError
from exam_portal.core.ids import new_public_id
from exam_portal.papers import drawing, splitting
from exam_portal.papers import service as papers
from exam_portal.papers.models import KeyRelease, Paper, PaperForm, PaperSeal
from exam_portal.registration.models import Application, Candidate
from exam_portal.sittings.attempts import chain, journal, service, wire
from exam_portal.sittings.attempts.acknowledgement import Acknowledgement
from exam_portal.sittings.attempts.bodies import Bodies
from exam_portal.sittings.attempts.replaying import Replayed
from exam_portal.sittings.attempts.tokens import SittingToken
from exam_portal.sittings.models import Attempt, Room, Seat, Sitting, SittingEvent, Submission
from question_bank import paper
from question_bank.paper import PaperForm as OpenedForm

T0 = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
_numbers = itertools.count(1)


def handed_in(
    session: Session, at: datetime, attempt: Attempt, *, lease: str, read: Replayed | None = None
) -> Submission:
    """Hand one attempt in, read here unless it was before; its refusal is raised."""
    replayed = read or service.replay(session, attempt)
    handing = service.Handing(attempt_id=attempt.id, lease=lease, at=at, replayed=replayed)
    (outcome,) = service.submit_all(session, [handing])
    if isinstance(outcome, DomainError):
        raise outcome
    return outcome


def an_account(session: Session, *, kind: str = "candidate") -> Account:
    """A person with a key."""
    key_id = session.keys.create()
    login = f"{secrets.token_hex(4)}@example.vn"
    account = Account(
        kind=kind,
        login_index=secrets.token_bytes(32),
        key_id=key_id,
        profile=profiles.seal(session, key_id, profiles.Profile(name="Nguyễn Thị Hà", login=login)),
        created_at=T0,
    )
    session.add(account)
    session.flush()
    return account


def a_competition(session: Session, *, ruleset: dict[str, Any] | None = None) -> Competition:
    """A competition of one organisation."""
    organisation = Organisation(name="Sở Nội vụ", name_en="", place="Hà Nội", created_at=T0)
    session.add(organisation)
    session.flush()
    competition = Competition(
        organisation_id=organisation.id,
        code=f"TT-{next(_numbers)}",
        title="Thi tuyển",
        title_en="Selection",
        description="",
        ruleset=ruleset or {},
        ruleset_hash="sha256:" + "0" * 64,
        legal_basis=[],
        apply_opens_at=T0 - 40 * 24 * HOUR,
        apply_closes_at=T0 - 10 * 24 * HOUR,
        created_by=an_account(session, kind="staff").id,
        created_at=T0,
    )
    session.add(competition)
    session.flush()
    return competition


def a_sitting(
    session: Session,
    competition: Competition,
    *,
    part: str = "test",
    starts_at: datetime = T0,
    duration: timedelta = HOUR,
    form: OpenedForm | None = None,
) -> Sitting:
    """A sitting in the portal with a paper of one form (as ciphertext) and one room."""
    kept = Paper(
        competition_id=competition.id,
        part=part,
        kind="official",
        content="inside",
        blueprint={"schema": "exam-portal/blueprint/1"},
        created_by=competition.created_by,
        created_at=T0,
    )
    session.add(kept)
    session.flush()
    row = _form_row(session, form or a_form())
    session.add_all(
        [
            PaperForm(paper_id=kept.id, drawn_by=competition.created_by, drawn_at=T0, **row),
            Room(competition_id=competition.id, name="P.101", address="", capacity=40),
        ]
    )
    sitting = Sitting(
        competition_id=competition.id,
        part=part,
        mode="portal",
        paper_id=kept.id,
        starts_at=starts_at,
        duration_seconds=int(duration.total_seconds()),
        created_by=competition.created_by,
        created_at=T0,
    )
    session.add(sitting)
    session.flush()
    return sitting


def a_form(items: list[dict[str, Any]] | None = None, *, shuffle: bool = True) -> OpenedForm:
    """A form with a single choice, a multiple choice, a short answer and an essay (or the items given)."""
    content: dict[str, Any] = {
        "_": paper.KEY_SCHEMA,
        "form": "101",
        "language": "vi",
        "items": items or ITEMS,
    }
    return OpenedForm(
        id="101",
        title="Kiến thức chung",
        kind="official",
        language="vi",
        minutes=60,
        marks=Decimal(100),
        items=paper.items_of_key(content),
        shuffle_items=shuffle,
    )


def _form_row(session: Session, form: OpenedForm) -> dict[str, Any]:
    sealed = drawing._sealed(session.keys, form)
    return {field.name: getattr(sealed, field.name) for field in dataclasses.fields(sealed)}


def forms_of(session: Session, sitting: Sitting) -> list[PaperForm]:
    """The forms of the sitting's paper."""
    return session.query(PaperForm).filter_by(paper_id=sitting.paper_id).all()


def seal_paper(session: Session, sitting: Sitting) -> None:
    """Two officers have sealed the paper."""
    assert sitting.paper_id is not None
    seen = {form.code: form.commitment.hex() for form in forms_of(session, sitting)}
    session.add_all(
        PaperSeal(paper_id=sitting.paper_id, commitments=seen, by=an_account(session, kind="staff").id, at=T0)
        for _ in range(2)
    )
    session.flush()


def open_paper(session: Session, sitting: Sitting) -> None:
    """Two officers have given the word to open the sealed paper."""
    assert sitting.paper_id is not None
    if not session.query(PaperSeal).filter_by(paper_id=sitting.paper_id).count():
        seal_paper(session, sitting)
    session.add_all(
        KeyRelease(paper_id=sitting.paper_id, by=an_account(session, kind="staff").id, at=T0)
        for _ in range(2)
    )
    session.flush()


def an_item(item_id: str, kind: str = "single_choice", **keys: Any) -> dict[str, Any]:
    """An item in the native form."""
    common = {
        "id": item_id,
        "version": 1,
        "kind": kind,
        "title": f"CANARY-TITLE {item_id}",
        "stem": f"Câu hỏi **{item_id}** về thẩm quyền?",
        "marks": "1",
        "shuffle": True,
        "topics": ["Luật"],
        "level": "understand",
        "difficulty": None,
        "source": {"instrument": "CANARY-SOURCE", "article": "Điều 1", "valid_from": None, "valid_to": None},
        "tags": ["CANARY-TAG"],
        "feedback": "CANARY-FEEDBACK",
    }
    return common | keys


def options(*right: str) -> list[dict[str, str]]:
    """Four options a to d of which these are right."""
    share = {"a": "Giám đốc Sở", "b": "Chủ tịch", "c": "Hội đồng", "d": "Người đứng đầu"}
    return [
        {
            "id": name,
            "text": text,
            "fraction": str(Decimal(1) / len(right)) if name in right else "0",
            "feedback": f"CANARY-FEEDBACK {name}",
        }
        for name, text in share.items()
    ]


ITEMS = [
    an_item("Q-1", options=options("b")),
    an_item("Q-2", "multiple_choice", options=options("a", "c")),
    an_item(
        "Q-3",
        "short_answer",
        answers=[{"text": "CANARY-KEY", "fraction": "1", "match": "casefold"}],
        shuffle=False,
    ),
    an_item("E-1", "essay", rubric=[], min_words=None, max_words=500, shuffle=False, marks="4"),
]


def a_seat(session: Session, sitting: Sitting, *, account: Account | None = None) -> Seat:
    """A candidate of the list with a place in the sitting."""
    account = account or an_account(session)
    competition = session.get_one(Competition, sitting.competition_id)
    number = next(_numbers)
    vacancy = Vacancy(
        competition_id=competition.id,
        code=f"V{number}",
        title="Trưởng phòng",
        title_en="Head",
        unit="Phòng",
        level="division",
    )
    session.add(vacancy)
    session.flush()
    application = Application(
        competition_id=competition.id,
        vacancy_id=vacancy.id,
        account_id=account.id,
        source="online",
        form=b"",
        created_at=T0,
    )
    session.add(application)
    session.flush()
    candidate = Candidate(
        application_id=application.id,
        competition_id=competition.id,
        vacancy_id=vacancy.id,
        account_id=account.id,
        candidate_no=f"{number:03d}",
        admitted_at=T0,
    )
    session.add(candidate)
    session.flush()
    room = session.query(Room).filter_by(competition_id=competition.id).one()
    seat = Seat(
        sitting_id=sitting.id,
        candidate_id=candidate.id,
        room_id=room.id,
        label=str(number),
        sheet_code=f"S{number:06d}",
    )
    session.add(seat)
    session.flush()
    return seat


def an_attempt(session: Session, *, seat: Seat | None = None, **overrides: Any) -> Attempt:
    """An active attempt, from T0 for an hour, in nobody's hands but the first device's."""
    if seat is None:
        seat = a_seat(session, a_sitting(session, a_competition(session)))
    sitting = session.get_one(Sitting, seat.sitting_id)
    form = session.query(PaperForm).filter_by(paper_id=sitting.paper_id).one()
    candidate = session.get_one(Candidate, seat.candidate_id)
    account = session.get_one(Account, candidate.account_id)
    public_id, salt = new_public_id(), secrets.token_bytes(32)
    facts: dict[str, Any] = {
        "public_id": public_id,
        "sitting_id": sitting.id,
        "seat_id": seat.id,
        "form_id": form.id,
        "key_id": account.key_id,
        "salt": salt,
        "head": chain.first_head(public_id, form.commitment, salt),
        "seq": 0,
        "state": "active",
        "lease": new_public_id(),
        "opens_at": T0,
        "closes_at": T0 + HOUR,
        "accepts_until": T0 + HOUR + timedelta(seconds=60),
        "created_at": T0,
    }
    attempt = Attempt(**facts | overrides)
    session.add(attempt)
    session.flush()
    return attempt


def token_of(attempt: Attempt, *, lease: str | None = None) -> SittingToken:
    """The token of the device that holds the attempt."""
    held = lease or attempt.lease
    assert held is not None
    return SittingToken(
        attempt_id=attempt.id,
        attempt=attempt.public_id,
        lease=held,
        form_id=attempt.form_id,
        key_id=attempt.key_id,
        offset_seconds=0,
        expires=int((T0 + 24 * HOUR).timestamp()),
    )


def an_event(client_seq: int, content: Any = "a", **overrides: Any) -> dict[str, Any]:
    """An answer to an item."""
    event = {
        "client_seq": client_seq,
        "item": "Q-1",
        "kind": "answer",
        "ms": client_seq * 1000,
        "nonce": secrets.token_hex(8),
        "content": content,
    }
    return event | overrides


def a_text(
    client_seq: int, text: str, *, splices: list[list[Any]] | None = None, item: str = "E-1"
) -> dict[str, Any]:
    """An event of a long answer that leads to ``text``."""
    change: dict[str, Any] = {"snapshot": text} if splices is None else {"splices": splices}
    content = {**change, "length": len(text), "digest": hashlib.sha256(text.encode()).hexdigest()}
    return an_event(client_seq, content, kind="text", item=item)


@dataclasses.dataclass(slots=True)
class Player:
    """A device of a candidate, as honest as the real player: it moves on only when it was acknowledged."""

    database: Database
    token: SittingToken
    head: bytes
    seq: int = 0
    client_seq: int = 0
    now: datetime = T0 + timedelta(minutes=1)
    bodies: Bodies = dataclasses.field(init=False)
    acknowledged: list[tuple[dict[str, Any], Acknowledgement]] = dataclasses.field(default_factory=list)

    def __post_init__(self) -> None:
        """Its server process seals bodies."""
        self.bodies = Bodies(self.database.keys)

    @classmethod
    def of(cls, database: Database, attempt: Attempt) -> "Player":
        """The device that holds this attempt."""
        return cls(database, token_of(attempt), attempt.head)

    def batch(self, *events: dict[str, Any]) -> wire.Batch:
        """Return a batch as the server reads it, through the wire and back."""
        return wire.read_batch(self.body(*events), most_bytes=262_144, most_events=100)

    def body(self, *events: dict[str, Any]) -> bytes:
        """Return the bytes of a request."""
        content = {
            "_": wire.SCHEMA,
            "lease": self.token.lease,
            "seq": self.seq,
            "head": self.head.hex(),
            "events": list(events),
        }
        return json.dumps(content, ensure_ascii=False).encode()

    def send(self, batch: wire.Batch) -> Acknowledgement:
        """Return the acknowledgement of a batch without taking notice of it."""
        return journal.save(self.database, self.bodies, self.token, batch, self.now)

    def save(self, *events: dict[str, Any]) -> Acknowledgement:
        """Send events and move on."""
        acknowledgement = self.send(self.batch(*events))
        self.seq, self.head = acknowledgement.seq, acknowledgement.head
        self.client_seq = events[-1]["client_seq"]
        self.acknowledged += [(event, acknowledgement) for event in events]
        return acknowledgement

    def answer(self, content: Any = "a", **overrides: Any) -> Acknowledgement:
        """Answer an item."""
        return self.save(an_event(self.client_seq + 1, content, **overrides))


def start(session: Session, sitting: Sitting, at: datetime) -> None:
    """The invigilator has started the sitting."""
    by = session.get_one(Competition, sitting.competition_id).created_by
    session.add(SittingEvent(sitting_id=sitting.id, kind="started", payload={}, by=by, at=at))
    service.refresh(session, sitting)


def an_invigilator(session: Session) -> Actor:
    """A member of staff."""
    return Actor(account_id=an_account(session, kind="staff").id)


def a_prepared_attempt(session: Session, *, form: OpenedForm | None = None) -> tuple[Attempt, Sitting]:
    """An attempt made by the verbs: one seat, authorised, its paper released, not started."""
    attempt, sitting = a_sealed_attempt(session, form=form)
    open_paper(session, sitting)
    return attempt, sitting


def a_sealed_attempt(session: Session, *, form: OpenedForm | None = None) -> tuple[Attempt, Sitting]:
    """The same before its paper is released."""
    sitting = a_sitting(session, a_competition(session), form=form)
    seal_paper(session, sitting)
    return _authorised(session, sitting), sitting


def a_divided_attempt(session: Session) -> tuple[Attempt, Sitting, dict[int, str]]:
    """The same where the keys of the sealed paper lie with two officers; return also their shares."""
    sitting = a_sitting(session, a_competition(session))
    kept = session.get_one(Paper, sitting.paper_id)
    officers = [an_invigilator(session) for _ in range(2)]
    holders = [one.account_id for one in officers if one.account_id]
    prepared = splitting.prepare(session, paper=kept, holders=holders, threshold=2)
    splitting.split(session, officers[0], T0, paper=kept, prepared=prepared)
    words = {}
    for holder, officer in zip(holders, officers, strict=True):
        words[holder] = splitting.own_share(session, officer, kept)
        splitting.take_share(session, officer, T0, paper=kept, typed=words[holder])
    splitting.forget(session, kept, is_open=False)
    seal_paper(session, sitting)
    return _authorised(session, sitting), sitting, words


def _authorised(session: Session, sitting: Sitting) -> Attempt:
    seat, invigilator = a_seat(session, sitting), an_invigilator(session)
    service.prepare_attempts(session, invigilator, T0, sitting=sitting)
    service.authorise(session, invigilator, T0, sitting=sitting, seats=[seat])
    return session.query(Attempt).filter_by(seat_id=seat.id).one()


def open_with_shares(session: Session, sitting: Sitting, words: Mapping[int, str]) -> None:
    """The officers have opened the paper, each with the own share."""
    kept = session.get_one(Paper, sitting.paper_id)
    for holder, share in words.items():
        papers.release_key(session, Actor(account_id=holder), T0, paper=kept, opens_at=T0, share=share)


def signed_in(session: Session, account_id: int, at: datetime) -> str:
    """Return the session token of a person's browser."""
    token = secrets.token_urlsafe(32)
    sessions.start(
        session,
        token_hash=hashlib.sha256(token.encode()).digest(),
        account_id=account_id,
        user_agent="test",
        now=at,
        expires_at=at + 10 * HOUR,
    )
    return token
