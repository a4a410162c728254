# SPDX-License-Identifier: Apache-2.0
"""Verbs of the applicant and of the counter: draft, submit, enter, refuse, withdraw."""

from datetime import datetime

from sqlalchemy import func, select

from exam_portal.accounts.models import Account
from exam_portal.audit import service as audit
from exam_portal.audit.models import SignedPaper
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition, MilestoneKind, Vacancy
from exam_portal.core import filetypes
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.core.storage import Prepared
from exam_portal.registration import errors
from exam_portal.registration.form_content import FormContent
from exam_portal.registration.models import (
    Application,
    ApplicationSource,
    Attachment,
    RefusedDossier,
    Withdrawal,
)
from exam_portal.registration.service import locking

FORM_CONTEXT = "registration.form"
ATTACHMENT_CONTEXT = "registration.attachment"
IDENTITY_PURPOSE = "registration.identity"
DOCUMENTS = frozenset({filetypes.PDF, filetypes.JPEG, filetypes.PNG})
MOST_DOCUMENTS = 40  # of one dossier, those that were removed included: they lie on the disk like the others


def start_application(
    session: Session, actor: Actor, now: datetime, *, competition: Competition, vacancy: Vacancy
) -> Application:
    """The candidate has a draft for the vacancy; asking again returns the same draft."""
    account_id = _known(actor)
    locking.competition(session, competition.id)
    check_window(competition, now)
    existing = _application(session, vacancy, account_id)
    if existing is not None:
        return existing
    application = _draft(session, now, competition, vacancy, account_id, ApplicationSource.ONLINE, None)
    _record(session, actor, now, application, "registration.application_started")
    return application


def save_draft(
    session: Session, actor: Actor, now: datetime, application: Application, content: FormContent
) -> None:
    """The draft holds what was typed, sealed under the person's key."""
    _hold_draft(session, application)
    key_id = _key_of(session, application.account_id)
    application.form = session.keys.seal(key_id, content.dump(), FORM_CONTEXT)
    application.identity_index = identity_index(session, content)
    _record(session, actor, now, application, "registration.draft_saved")


def prepare_attachment(session: Session, application: Application, content: bytes) -> Prepared:
    """Return a document for ``attach``, on disk under the person's key; before the writer is taken."""
    refuse_submitted(application)
    _refuse_full(session, application)
    media_type = filetypes.media_type_of(content, allowed=DOCUMENTS)
    key_id = _key_of(session, application.account_id)
    return session.files.prepare(content, media_type=media_type, key_id=key_id)


def attach(
    session: Session,
    actor: Actor,
    now: datetime,
    application: Application,
    *,
    kind: str,
    file_name: str,
    file: Prepared,
) -> Attachment:
    """The document lies in the dossier, encrypted under the person's key; its hash is in the record."""
    _hold_draft(session, application)
    _refuse_full(session, application)
    key_id = _key_of(session, application.account_id)
    assert file.key_id == key_id
    attachment = Attachment(
        application_id=application.id,
        kind=kind,
        file_name=session.keys.seal(key_id, file_name.encode(), ATTACHMENT_CONTEXT),
        blob_id=session.files.add(session, file, now=now).id,
        sha256=file.sha256,
        uploaded_by=_known(actor),
        uploaded_at=now,
    )
    session.add(attachment)
    session.flush()
    facts = {"attachment": attachment.public_id, "sha256": attachment.sha256.hex(), "kind": kind}
    _record(session, actor, now, application, "registration.attached", **facts)
    return attachment


def remove_attachment(
    session: Session, actor: Actor, now: datetime, application: Application, attachment: Attachment
) -> None:
    """The document no longer belongs to the draft."""
    _hold_draft(session, application)
    if attachment.removed_at is None:
        attachment.removed_at = now
        facts = {"attachment": attachment.public_id, "sha256": attachment.sha256.hex()}
        _record(session, actor, now, application, "registration.attachment_removed", **facts)


def submit(
    session: Session, actor: Actor, now: datetime, *, application: Application, competition: Competition
) -> Application:
    """The application counts: it has a receipt number and its time is the server's."""
    locking.competition(session, competition.id)
    _hold_draft(session, application)
    check_window(competition, now)
    content = content_of(session, application)
    if missing := content.missing():
        raise errors.FormIncomplete(missing)
    _refuse_same_identity(session, application)
    _give_receipt(session, now, application, stamped_at=now)
    _record(session, actor, now, application, "registration.submitted", **_dossier(session, application))
    return application


def enter_dossier(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    competition: Competition,
    vacancy: Vacancy,
    account_id: int,
    content: FormContent,
    stamped_at: datetime,
) -> Application | RefusedDossier:
    """The counter has taken in a paper dossier: the stamp is the time, however late it is keyed in.

    A stamp outside the window makes a refusal with a receipt, which the counter hands over.
    """
    locking.competition(session, competition.id)
    if stamped_at > now:
        raise errors.StampInFuture
    if stamped_at < competition.apply_opens_at:
        raise errors.RegistrationNotOpen(competition.apply_opens_at)
    if stamped_at > competition.apply_closes_at:
        return _refuse_dossier(session, actor, now, competition, vacancy, account_id, stamped_at)
    if MilestoneKind.LIST_APPROVED in {kind for kind, _ in competitions.reached(session, competition.id)}:
        raise errors.RegistrationClosed(competition.apply_closes_at)
    if _application(session, vacancy, account_id) is not None:
        raise errors.AlreadyApplied
    if missing := content.missing():
        raise errors.FormIncomplete(missing)
    application = _draft(
        session, now, competition, vacancy, account_id, ApplicationSource.COUNTER, _known(actor), content
    )
    _refuse_same_identity(session, application)
    _give_receipt(session, now, application, stamped_at=stamped_at)
    _record(
        session, actor, now, application, "registration.dossier_entered", **_dossier(session, application)
    )
    return application


def withdraw(
    session: Session,
    actor: Actor,
    now: datetime,
    application: Application,
    *,
    reason: str,
    paper: SignedPaper | None = None,
    stamped_at: datetime | None = None,
) -> Withdrawal:
    """The applicant is out; the minimum of the vacancy is looked at again by whoever reads the standing.

    On paper the counter's stamp is the time, however late it is keyed in: it has to precede the summons.
    """
    counts_from = stamped_at or now
    locking.competition(session, application.competition_id)
    locking.application(session, application)
    if application.submitted_at is None:
        raise errors.FormIncomplete(())
    if session.scalar(select(Withdrawal.id).where(Withdrawal.application_id == application.id)):
        raise errors.AlreadyWithdrawn
    if counts_from > now:
        raise errors.StampInFuture
    if application.stamped_at is not None and counts_from < application.stamped_at:
        raise errors.StampBeforeDossier(application.stamped_at)
    summoned = competitions.reached(session, application.competition_id).get((MilestoneKind.SUMMONED, ""))
    if summoned is not None and counts_from > summoned:
        raise errors.WithdrawalTooLate(summoned)
    withdrawal = Withdrawal(
        application_id=application.id,
        reason=reason,
        paper_id=paper.id if paper else None,
        stamped_at=counts_from,
        by=_known(actor),
        at=now,
    )
    session.add(withdrawal)
    session.flush()
    facts = {
        "paper": paper.public_id if paper else None,
        "stamped_at": audit.stamp(counts_from),
        "reason": audit.digest(reason),
    }
    _record(session, actor, now, application, "registration.withdrawn", **facts)
    return withdrawal


def check_window(competition: Competition, now: datetime) -> None:
    """Refuse outside the window for applications, naming the deadline."""
    if now < competition.apply_opens_at:
        raise errors.RegistrationNotOpen(competition.apply_opens_at)
    if now > competition.apply_closes_at:
        raise errors.RegistrationClosed(competition.apply_closes_at)


def refuse_submitted(application: Application) -> None:
    """Refuse to change what has been submitted."""
    if application.submitted_at is not None:
        raise errors.AlreadySubmitted


def _hold_draft(session: Session, application: Application) -> None:
    """The application is locked and still a draft: nothing changes it while it is being submitted."""
    locking.application(session, application)
    refuse_submitted(application)


def _refuse_full(session: Session, application: Application) -> None:
    brought = select(func.count()).where(Attachment.application_id == application.id)
    if (session.scalar(brought) or 0) >= MOST_DOCUMENTS:
        raise errors.TooManyDocuments(MOST_DOCUMENTS)


def content_of(session: Session, application: Application) -> FormContent:
    """Return the opened form; raises KeyErased where the person has been erased."""
    from exam_portal.registration.form_content import load

    return load(session.keys.open(_key_of(session, application.account_id), application.form, FORM_CONTEXT))


def identity_index(session: Session, content: FormContent) -> bytes | None:
    """Return the keyed hash by which the same identity number is found again."""
    digits = "".join(content.identity_number.split())
    return session.keys.index(digits, IDENTITY_PURPOSE) if digits else None


def _draft(
    session: Session,
    now: datetime,
    competition: Competition,
    vacancy: Vacancy,
    account_id: int,
    source: ApplicationSource,
    entered_by: int | None,
    content: FormContent | None = None,
) -> Application:
    if vacancy.competition_id != competition.id:
        raise NotFound
    content = content or FormContent()
    application = Application(
        competition_id=competition.id,
        vacancy_id=vacancy.id,
        account_id=account_id,
        source=source.value,
        form=session.keys.seal(_key_of(session, account_id), content.dump(), FORM_CONTEXT),
        identity_index=identity_index(session, content),
        entered_by=entered_by,
        created_at=now,
    )
    session.add(application)
    session.flush()
    return application


def _application(session: Session, vacancy: Vacancy, account_id: int) -> Application | None:
    return session.scalar(
        select(Application).where(Application.vacancy_id == vacancy.id, Application.account_id == account_id)
    )


def _key_of(session: Session, account_id: int) -> str:
    key_id = session.scalar(select(Account.key_id).where(Account.id == account_id))
    if key_id is None:
        raise NotFound
    return key_id


def _refuse_same_identity(session: Session, application: Application) -> None:
    other = session.scalar(
        select(Application.receipt_no).where(
            Application.vacancy_id == application.vacancy_id,
            Application.identity_index == application.identity_index,
            Application.id != application.id,
            Application.submitted_at.is_not(None),
        )
    )
    if other is not None:
        raise errors.SameIdentityNumber(other)


def _give_receipt(session: Session, now: datetime, application: Application, *, stamped_at: datetime) -> None:
    """Number receipts per competition: BN-0001 … ; refused dossiers count in the same series."""
    application.receipt_no = _next_receipt(session, application.competition_id)
    application.stamped_at = stamped_at
    application.submitted_at = now
    session.flush()


def _dossier(session: Session, application: Application) -> dict[str, object]:
    """Return what the record holds of an application that counts: whose, for which post, when, the form."""
    assert application.stamped_at is not None
    return {
        "account": application.account_id,
        "vacancy": session.get_one(Vacancy, application.vacancy_id).public_id,
        "source": application.source,
        "receipt_no": application.receipt_no,
        "stamped_at": audit.stamp(application.stamped_at),
        "form": audit.digest(application.form),
    }


def _next_receipt(session: Session, competition_id: int) -> str:
    """Return the next number; the competition is locked."""
    taken = session.scalar(
        select(func.count())
        .select_from(Application)
        .where(Application.competition_id == competition_id, Application.receipt_no.is_not(None))
    )
    refused = session.scalar(
        select(func.count())
        .select_from(RefusedDossier)
        .where(RefusedDossier.competition_id == competition_id)
    )
    return f"BN-{(taken or 0) + (refused or 0) + 1:04d}"


def _refuse_dossier(
    session: Session,
    actor: Actor,
    now: datetime,
    competition: Competition,
    vacancy: Vacancy,
    account_id: int,
    stamped_at: datetime,
) -> RefusedDossier:
    refusal = RefusedDossier(
        competition_id=competition.id,
        vacancy_id=vacancy.id,
        account_id=account_id,
        receipt_no=_next_receipt(session, competition.id),
        stamped_at=stamped_at,
        reason="late",
        by=_known(actor),
        at=now,
    )
    session.add(refusal)
    session.flush()
    audit.record(
        session,
        actor,
        now,
        type="registration.dossier_refused",
        competition_id=competition.id,
        subject=refusal.public_id,
        content={
            "account": account_id,
            "vacancy": vacancy.public_id,
            "receipt_no": refusal.receipt_no,
            "stamped_at": audit.stamp(stamped_at),
            "reason": refusal.reason,
            "closed_at": competition.apply_closes_at.isoformat(),
        },
    )
    return refusal


def _known(actor: Actor) -> int:
    if actor.account_id is None:
        raise NotFound
    return actor.account_id


def _record(
    session: Session, actor: Actor, now: datetime, application: Application, type: str, **facts: object
) -> None:
    audit.record(
        session,
        actor,
        now,
        type=type,
        competition_id=application.competition_id,
        subject=application.public_id,
        content={"application": application.public_id, **facts},
    )
