# SPDX-License-Identifier: Apache-2.0
"""The candidate's home: each application as one card, with where it stands and the one next act."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext

from exam_portal.admin import queries
from exam_portal.admin.queries import OwnApplication, Reached
from exam_portal.appeals import queries as appeals
from exam_portal.appeals.models import ReviewRequest
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import MilestoneKind as Kind
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.sittings import queries as sittings
from exam_portal.sittings.queries import OwnSitting
from exam_portal.web import filters, hooks
from scoring.explain import Words

ENTER_BEFORE = timedelta(hours=1)  # how long before the start the waiting room is offered as the next act
PAPER_SITTING = timedelta(hours=5)  # what a home page takes the longest one for; no rule asks it


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something the candidate can do or open."""

    text: str
    href: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One application: what it is, where it stands, what comes next."""

    title: str
    competition: str
    status: str
    status_kind: str
    words: str
    facts: Sequence[tuple[str, str]]
    act: Act | None  # the one thing to do now
    links: Sequence[Act]  # what can be opened besides
    is_published: bool = False


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One application with everything known around it."""

    own: OwnApplication
    reached: Reached
    sittings: Sequence[OwnSitting]
    reviews: Sequence[ReviewRequest]
    now: datetime


def cards(session: Session, actor: Actor, now: datetime) -> list[Card]:
    """Return the cards of a person, the latest application first: five queries in all."""
    assert actor.account_id is not None
    own = queries.own_applications(session, actor.account_id)
    reached = queries.reached(session, {found.competition.id for found in own})
    seats: dict[str, list[OwnSitting]] = {}
    for sitting in sittings.own_sittings(session, actor.account_id) if own else []:
        seats.setdefault(sitting.candidate_public_id, []).append(sitting)
    asked: dict[int, list[ReviewRequest]] = {}
    for request in appeals.own_requests(session, [found.candidate.id for found in own if found.candidate]):
        asked.setdefault(request.candidate_id, []).append(request)
    return [
        _card(
            Case(
                own=found,
                reached=reached[found.competition.id],
                sittings=seats.get(found.candidate.public_id, ()) if found.candidate else (),
                reviews=asked.get(found.candidate.id, ()) if found.candidate else (),
                now=now + hooks.current().clock_offset(found.competition),
            )
        )
        for found in own
    ]


def _card(case: Case) -> Card:
    status, kind, words, act = _standing(case)
    return Card(
        title=_worded(case.own.vacancy.title, case.own.vacancy.title_en),
        competition=_worded(case.own.competition.title, case.own.competition.title_en),
        status=status,
        status_kind=kind,
        words=words,
        facts=tuple(_facts(case)),
        act=act,
        links=tuple(_links(case, act)),
        is_published=Kind.PUBLISHED in case.reached and case.own.candidate is not None,
    )


def _standing(case: Case) -> tuple[str, str, str, Act | None]:
    """Return status, its kind, what it means, and the next act."""
    own, reached = case.own, case.reached
    if own.is_withdrawn or own.excluded == "withdrawn":
        return gettext("Withdrawn"), "neutral", gettext("You have withdrawn from this post."), None
    if own.excluded == "disqualified":
        words = gettext("You no longer take part. The decision and its reason were given to you in writing.")
        return gettext("Disqualified"), "refused", words, None
    if own.application.submitted_at is None:
        return _draft(case)
    if own.candidate is None:
        return _before_list(case)
    if Kind.PUBLISHED in reached:
        words = gettext("The result is public. Your own page shows how your marks came about.")
        return gettext("Result published"), "published", words, _result(case)
    if Kind.MARKS_POSTED in reached:
        return _posted(case)
    return _sitting(case)


def _draft(case: Case) -> tuple[str, str, str, Act | None]:
    closes = case.own.competition.apply_closes_at
    if case.now > closes:
        words = gettext("The period ended on %(when)s; this draft was not submitted.", when=_when(closes))
        return gettext("Not submitted"), "neutral", words, None
    words = gettext("Only what is submitted by %(when)s counts.", when=_when(closes))
    act = Act(text=gettext("Continue the application"), href=_application(case))
    return gettext("Draft"), "attention", words, act


def _before_list(case: Case) -> tuple[str, str, str, Act | None]:
    act = Act(text=gettext("See where the dossier stands"), href=_application(case))
    if Kind.LIST_APPROVED in case.reached:
        words = gettext(
            "The list of candidates has been approved without you; the reason stands in your dossier."
        )
        return gettext("Not eligible"), "refused", words, act
    if Kind.REGISTRATION_CLOSED in case.reached:
        return gettext("Being vetted"), "progress", gettext("The vetting board reads your dossier."), act
    words = gettext("Your dossier has been received. Vetting begins when registration is closed.")
    return gettext("Dossier received"), "done", words, act


def _sitting(case: Case) -> tuple[str, str, str, Act | None]:
    ahead = _ahead(case)
    if not ahead:
        return gettext("Candidate"), "progress", _between(case), None
    following = ahead[0]
    starts = following.sitting.starts_at
    words = gettext(
        "Your next part: %(part)s, on %(when)s, room %(room)s, seat %(seat)s.",
        part=_part(following),
        when=_when(starts),
        room=following.room.name,
        seat=following.label,
    )
    if following.attempt_public_id and case.now >= starts - ENTER_BEFORE:
        href = url_for("sittings.sit", attempt_id=following.attempt_public_id)
        return gettext("Summoned"), "attention", words, Act(text=gettext("Enter the examination"), href=href)
    act = Act(text=gettext("Print the summons"), href=_summons(case))
    return gettext("Summoned"), "attention", words, act


def _ahead(case: Case) -> list[OwnSitting]:
    """Return the sittings that stand and are not over for this candidate, the next first."""
    return [found for found in case.sittings if not found.is_cancelled and not _is_over(case, found)]


def _between(case: Case) -> str:
    """Return what a candidate waits for who has no sitting ahead."""
    if any(not found.is_cancelled for found in case.sittings):
        return str(gettext("You have handed in. Marks are posted when all parts are marked."))
    if case.sittings:
        return str(gettext("Your sitting was cancelled. You will be summoned to another one."))
    return str(gettext("You are on the list of candidates. You will be summoned."))


def _is_over(case: Case, found: OwnSitting) -> bool:
    """Whether the candidate has handed in; on paper, whether its half day is over."""
    if found.sitting.mode == "paper":
        return case.now > found.sitting.starts_at + PAPER_SITTING
    return found.attempt_state in {"submitted", "void"}


def _posted(case: Case) -> tuple[str, str, str, Act | None]:
    if Kind.REVIEWS_CLOSED in case.reached:
        words = gettext("Requests for review have been decided. The result is being recognised.")
    else:
        words = gettext("Your marks are posted. You may ask for a review within the period.")
    return gettext("Marks posted"), "progress", words, _result(case)


def _result(case: Case) -> Act | None:
    if case.own.candidate is None:
        return None
    href = url_for("results.own", candidate_id=case.own.candidate.public_id)
    return Act(text=gettext("See my marks"), href=href)


def _facts(case: Case) -> Iterator[tuple[str, str]]:
    if case.own.application.receipt_no:
        yield gettext("Receipt"), case.own.application.receipt_no
    if case.own.candidate is not None:
        yield gettext("Candidate number"), case.own.candidate.candidate_no
    for later in _ahead(case)[1:]:
        yield _part(later), _when(later.sitting.starts_at)


def _links(case: Case, act: Act | None) -> Iterator[Act]:
    if case.own.application.submitted_at is not None and not (act and act.href == _application(case)):
        yield Act(text=gettext("My dossier"), href=_application(case))
    if case.sittings and not (act and act.href == _summons(case)):
        yield Act(text=gettext("My summons (PDF)"), href=_summons(case))
    if any(found.sitting.mode != "paper" for found in _ahead(case)):
        yield Act(text=gettext("Check this computer"), href=url_for("sittings.check_computer"))
        yield Act(text=gettext("Practise on this computer"), href=url_for("sittings.practise"))
    for found in case.sittings:
        if found.attempt_public_id and found.attempt_state == "submitted":
            href = url_for("sittings.receipt", attempt_id=found.attempt_public_id)
            yield Act(text=gettext("Receipt of handing in"), href=href)
    for request in case.reviews:
        href = url_for("appeals.own_request", request_id=request.public_id)
        yield Act(text=gettext("My request for review %(receipt)s", receipt=request.receipt_no), href=href)
    notice = url_for("competitions.notice", competition_id=case.own.competition.public_id)
    yield Act(text=gettext("Notice of competition"), href=notice)


def _application(case: Case) -> str:
    return url_for("registration.application", public_id=case.own.application.public_id)


def _part(found: OwnSitting) -> str:
    part = competitions.ruleset(found.competition).part(found.sitting.part)
    return Words(filters.language()).title(part)


def _summons(case: Case) -> str:
    return url_for("sittings.own_summons", candidate_id=case.sittings[0].candidate_public_id)


def _when(instant: datetime) -> str:
    return str(filters.instant(instant))


def _worded(vietnamese: str, english: str) -> str:
    words: Mapping[str, str] = {"vi": vietnamese, "en": english or vietnamese}
    return words[filters.language()]
