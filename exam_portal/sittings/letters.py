# SPDX-License-Identifier: Apache-2.0
"""Letters to candidates: when and where they sit, and that it has changed; in the language of each."""

import enum
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from exam_portal.accounts import profiles
from exam_portal.accounts.models import Account
from exam_portal.competitions import calendar
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition, MilestoneKind
from exam_portal.core import mail, outbox, translations
from exam_portal.core.db import Session
from exam_portal.registration.models import Candidate, Exclusion, Withdrawal
from exam_portal.sittings.models import Room, Seat, Sitting, SittingEvent, SittingEventKind
from scoring.explain import Words

JOB = "sittings.summonses"
ONE = "sittings.summons"
Place = tuple[Sitting, Room, str]  # with the label of the seat


class Kind(enum.StrEnum):
    """Why candidates are written to."""

    SUMMONS = "summons"
    CHANGED = "changed"  # another time or seat, or a sitting was cancelled


def send(
    session: Session,
    now: datetime,
    *,
    competition: Competition,
    kind: Kind,
    candidate_ids: Collection[int] | None = None,
) -> None:
    """A letter to each of these candidates (to everybody, where none are named) is written afterwards."""
    named = None if candidate_ids is None else sorted(candidate_ids)
    payload = {"competition": competition.public_id, "kind": kind.value, "candidates": named}
    outbox.enqueue(session, JOB, payload, now)


def send_if_summoned(
    session: Session, now: datetime, *, competition_id: int, kind: Kind, candidate_ids: Collection[int]
) -> None:
    """Who was summoned already is written to; before the summons there is nothing to tell."""
    if candidate_ids and (MilestoneKind.SUMMONED, "") in competitions.reached(session, competition_id):
        competition = session.get_one(Competition, competition_id)
        send(session, now, competition=competition, kind=kind, candidate_ids=candidate_ids)


@outbox.handler(JOB)
def write_all(job: outbox.Job) -> None:
    """A letter to each candidate is due, exactly once; who has left the competition gets none."""
    with job.database.writing() as session:
        if not job.finish(session):
            return
        found = _in_competition().where(Competition.public_id == job.payload["competition"])
        if job.payload["candidates"] is not None:
            found = found.where(Candidate.id.in_(job.payload["candidates"]))
        for candidate in session.scalars(found.order_by(Candidate.candidate_no)).all():
            payload = {"candidate": candidate.public_id, "kind": job.payload["kind"]}
            outbox.enqueue(session, ONE, payload, job.now)


@outbox.handler(ONE)
def write_one(job: outbox.Job) -> None:
    """One candidate's letter is queued, exactly once; who has no address is told by post."""
    with job.database.writing() as session:
        if not job.finish(session):
            return
        candidate = session.scalar(_in_competition().where(Candidate.public_id == job.payload["candidate"]))
        if candidate is not None:
            _write(session, job, candidate, Kind(job.payload["kind"]))


def _in_competition() -> Select[Any]:
    return (
        select(Candidate)
        .join(Competition, Competition.id == Candidate.competition_id)
        .outerjoin(Exclusion, Exclusion.candidate_id == Candidate.id)
        .outerjoin(Withdrawal, Withdrawal.application_id == Candidate.application_id)
        .where(Exclusion.id.is_(None), Withdrawal.id.is_(None))
    )


def _write(session: Session, job: outbox.Job, candidate: Candidate, kind: Kind) -> None:
    account = session.get_one(Account, candidate.account_id)
    profile = profiles.read(session, account)
    if not profile.email:
        return
    competition = session.get_one(Competition, candidate.competition_id)
    link = f"{job.database.settings.server.base_url}/me/sittings"
    planned = _planned(session, candidate)
    lines = _lines(competition, planned, account.language)
    subject, paragraphs = _words(account.language, kind, profile.name, candidate, competition, lines, link)
    if any(sitting.mode != "paper" for sitting, _room, _label in planned):
        paragraphs.append(_trial(account.language, job.database.settings.server.base_url))
    mail.queue(
        session,
        job.now,
        key_id=account.key_id,
        to=profile.email,
        subject=subject,
        text="\n\n".join(paragraphs) + "\n",
        is_rehearsal=competition.kind == "rehearsal",
    )


def _planned(session: Session, candidate: Candidate) -> Sequence[Place]:
    """Return each sitting that stands with room and seat, the next first: one query."""
    cancelled = select(SittingEvent.sitting_id).where(SittingEvent.kind == SittingEventKind.CANCELLED.value)
    rows = session.execute(
        select(Sitting, Room, Seat.label)
        .join(Seat, Seat.sitting_id == Sitting.id)
        .join(Room, Room.id == Seat.room_id)
        .where(Seat.candidate_id == candidate.id, Sitting.id.not_in(cancelled))
        .order_by(Sitting.starts_at, Sitting.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def _lines(competition: Competition, planned: Sequence[Place], language: str) -> Sequence[str]:
    """Return each sitting as one line: the part, when, how long, where."""
    _ = translations.of(language).gettext
    ruleset = competitions.ruleset(competition)
    words = _("%(part)s: %(when)s, %(minutes)s minutes; room %(room)s, seat %(seat)s")
    return [
        "– "
        + words
        % {
            "part": Words(language).title(ruleset.part(sitting.part)),
            "when": f"{sitting.starts_at.astimezone(calendar.LOCAL):%d/%m/%Y %H:%M}",
            "minutes": sitting.duration_seconds // 60,
            "room": ", ".join(text for text in (room.name, room.address) if text),
            "seat": label,
        }
        for sitting, room, label in planned
    ]


def _trial(language: str, base_url: str) -> str:
    """Return where whoever sits at a computer can try it before the day."""
    _ = translations.of(language).gettext
    words = _(
        "You sit at a computer. Before the day, check a computer at %(check)s and practise at %(practice)s: "
        "nothing of it counts."
    )
    return words % {"check": f"{base_url}/sit/check", "practice": f"{base_url}/sit/practice"}


def _words(
    language: str,
    kind: Kind,
    name: str,
    candidate: Candidate,
    competition: Competition,
    lines: Sequence[str],
    link: str,
) -> tuple[str, list[str]]:
    _ = translations.of(language).gettext
    title = competition.title_en if language == "en" and competition.title_en else competition.title
    told = {"title": title, "number": candidate.candidate_no}
    if kind is Kind.SUMMONS:
        subject = _("You are summoned to sit the competition")
        opening = _("You are summoned to the competition “%(title)s” as candidate %(number)s:") % told
    else:
        subject = _("Your summons has changed")
        opening = _("Time or place has changed in the competition “%(title)s”. What counts now:") % told
    places = "\n".join(lines) or _("No sitting is planned for you at present. You will be written to again.")
    return subject, [
        _("Dear %(name)s,") % {"name": name},
        opening,
        places,
        _("Be there 30 minutes before the start, with your identity card and the summons printed from here:"),
        link,
    ]
