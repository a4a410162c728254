# SPDX-License-Identifier: Apache-2.0
"""Letters to the candidates of a publication: that there is something to read, and where. No figures."""

from sqlalchemy import select

from exam_portal.accounts import profiles
from exam_portal.accounts.models import Account
from exam_portal.competitions.models import Competition
from exam_portal.core import mail, outbox, translations
from exam_portal.core.db import Session
from exam_portal.results.models import Publication, Run
from exam_portal.results.people import Person, people

JOB = "results.letters"
ONE = "results.letter"


@outbox.handler(JOB)
def write_all(job: outbox.Job) -> None:
    """A letter to each candidate of the publication is due, exactly once."""
    with job.database.writing() as session:
        if not job.finish(session):
            return
        publication = _publication(session, job.payload["publication"])
        for person in people(session, publication.competition_id):
            payload = {"publication": publication.public_id, "candidate": person.public_id}
            outbox.enqueue(session, ONE, payload, job.now)


@outbox.handler(ONE)
def write_one(job: outbox.Job) -> None:
    """One candidate's letter is queued, exactly once; who has no address is told by post."""
    with job.database.writing() as session:
        if not job.finish(session):
            return
        publication = _publication(session, job.payload["publication"])
        found = people(session, publication.competition_id)
        person = next(one for one in found if one.public_id == job.payload["candidate"])
        _write(session, job, publication, person)


def _publication(session: Session, public_id: str) -> Publication:
    return session.scalars(select(Publication).where(Publication.public_id == public_id)).one()


def _write(session: Session, job: outbox.Job, publication: Publication, person: Person) -> None:
    account = session.get_one(Account, person.account_id)
    profile = profiles.read(session, account)
    if not profile.email:
        return
    competition = session.get_one(Competition, publication.competition_id)
    subject, paragraphs = _words(
        account.language,
        publication.kind,
        profile.name,
        competition,
        f"{job.database.settings.server.base_url}/me/results/{person.public_id}",
        is_corrected=is_corrected(session, publication, person),
    )
    mail.queue(
        session,
        job.now,
        key_id=account.key_id,
        to=profile.email,
        subject=subject,
        text="\n\n".join(paragraphs) + "\n",
        is_rehearsal=competition.kind == "rehearsal",
    )


def is_corrected(session: Session, publication: Publication, person: Person) -> bool:
    """Whether the publication states a mark in which a question of the person's test was corrected."""
    wanted = select(Run).where(Run.public_id.in_(publication.runs), Run.vacancy_id == person.vacancy_id)
    run = session.scalar(wanted)
    rows = run.input["candidates"] if run is not None else ()
    return any(
        "corrections" in material
        for row in rows
        if row["id"] == person.candidate_no
        for material in row["parts"].values()
    )


def _words(
    language: str, kind: str, name: str, competition: Competition, link: str, *, is_corrected: bool
) -> tuple[str, list[str]]:
    subject, paragraphs = _of_kind(language, kind, name, competition, link)
    if is_corrected:
        _ = translations.of(language).gettext
        note = _(
            "A question of your test was neutralised or its key changed; how it counts stands there too."
        )
        paragraphs = [*paragraphs, note]
    return subject, paragraphs


def _of_kind(
    language: str, kind: str, name: str, competition: Competition, link: str
) -> tuple[str, list[str]]:
    _ = translations.of(language).gettext
    title = competition.title_en if language == "en" and competition.title_en else competition.title
    greeting = _("Dear %(name)s,") % {"name": name}
    if kind == "marks":
        return _("The marks have been posted"), [
            greeting,
            _("The marks of the competition “%(title)s” have been posted.") % {"title": title},
            _("Your own marks, how each came about, and until when you can ask for a review, stand here:"),
            link,
        ]
    return _("The result has been published"), [
        greeting,
        _("The result of the competition “%(title)s” has been published.") % {"title": title},
        _("Your own result and how it came about stand here:"),
        link,
    ]
