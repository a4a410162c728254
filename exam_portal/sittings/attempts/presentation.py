# SPDX-License-Identifier: Apache-2.0
"""What the player's pages and its JSON show, in the reader's words."""

from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from exam_portal.accounts.models import Organisation
from exam_portal.core.db import Session
from exam_portal.core.settings import Sittings
from exam_portal.papers import queries as papers
from exam_portal.papers.models import PaperForm as StoredForm
from exam_portal.sittings.attempts import opened, receipts
from exam_portal.sittings.attempts.acknowledgement import instant
from exam_portal.sittings.attempts.answers import Answers
from exam_portal.sittings.attempts.queries import AttemptPlace
from exam_portal.sittings.models import Submission
from exam_portal.web import filters, printing
from exam_portal.web.printed import PrintedDocument
from question_bank.paper import PaperForm, Permutation

AT_HAND = frozenset({"authorised", "active", "paused"})
CODE_REFUSED = _l("This code does not open the attempt. Ask the invigilator for a new one.")


def paper(form: PaperForm, order: Permutation, answers: Answers, state: dict[str, Any]) -> dict[str, Any]:
    """Return the paper with the answers so far: allowed views only, in the candidate's order."""
    return {
        "title": form.title,
        "items": [worded(view) for view in opened.delivered(form, order)],
        "responses": answers.responses,
        "flags": sorted(answers.flags),
        "marks": answers.marks,
        "at_item": answers.at_item,
        "state": {name: value for name, value in state.items() if name != "lease"},
    }


def player_page(
    place: AttemptPlace, now: datetime, settings: Sittings, form: dict[str, str] | None = None
) -> dict[str, Any]:
    """Return what the page's script is given in its data attributes; ``form`` from ``form_at_hand``."""
    attempt = place.attempt
    public_id = attempt.public_id
    return {
        "attempt": public_id,
        "lease": attempt.lease or "",
        "events": url_for("sittings.save_events", attempt_id=public_id),
        "state": url_for("sittings.state", attempt_id=public_id),
        "paper": url_for("sittings.paper", attempt_id=public_id),
        "submission": url_for("sittings.hand_in", attempt_id=public_id),
        "call": url_for("sittings.call_invigilator", attempt_id=public_id),
        "form": form,
        "other_form": url_for("sittings.report_form", attempt_id=public_id),
        "sitting": place.sitting.public_id,
        "room": place.room.public_id,
        "seq": attempt.seq,
        "head": attempt.head.hex(),
        "duration_ms": place.sitting.duration_seconds * 1000,
        "starts_at": instant(attempt.opens_at or place.sitting.starts_at),
        "now": instant(now),
        "snapshot_every": settings.snapshot_every,
        "save_events": settings.save_events,
        "save_bytes": settings.save_bytes,
        "words": words(),
    }


def form_at_hand(session: Session, place: AttemptPlace) -> dict[str, str] | None:
    """Return where the sealed form and its key lie, and the seed of the candidate's order.

    Nothing in it says what the form is made of, and nothing of the form has to be read for it: its key may
    be with the officers. Once answers exist they come with the paper, which is held against this.
    """
    if place.attempt.state not in AT_HAND:
        return None
    form = session.get_one(StoredForm, place.attempt.form_id)
    if not papers.is_sealed(session, form.paper_id):
        return None
    return {
        "sealed": url_for("sittings.sealed_form", form_id=form.public_id),
        "key": url_for("sittings.form_key", form_id=form.public_id),
        "commitment": form.commitment.hex(),
        "seed": opened.seed_of(session, place.attempt).hex(),
    }


def other_form(found: str) -> str:
    """Return how the register of incidents tells of a computer that refused its form."""
    words: str = gettext(
        "The computer was given a form other than the one committed to, and showed nothing of it."
        " SHA-256 of what arrived: %(found)s",
        found=found,
    )
    return words


def receipt_frame(session: Session, place: AttemptPlace, submission: Submission) -> PrintedDocument:
    """Return the frame of the printed receipt."""
    organisation = session.get_one(Organisation, place.competition.organisation_id)
    shown = receipts.receipt_of(submission)
    return PrintedDocument(
        issuing_body=organisation.name,
        parent_body=organisation.governing_name or "",
        title=gettext("RECEIPT OF EXAMINATION ANSWERS"),
        subject=place.competition.title,
        place_and_date=f"{organisation.place}, {filters.date_in_words(submission.at)}",
        code=place.attempt.public_id,
        generated_at=submission.at,
        content_hash=submission.head.hex(),
        qr_svg=printing.qr(shown.qr_text),
        is_rehearsal=place.kind == "rehearsal",
    )


def worded(view: dict[str, Any]) -> dict[str, Any]:
    """Return the view with its texts as safe markup."""
    marked_up = (
        {**view, "stem": str(filters.markdown(view["stem"], pictures=True))} if "stem" in view else dict(view)
    )
    if "stimulus" in marked_up:
        marked_up["stimulus"] = str(filters.markdown(marked_up["stimulus"], pictures=True))
    if "items" in marked_up:
        marked_up["items"] = [worded(part) for part in marked_up["items"]]
    return marked_up


def words() -> dict[str, str]:
    """Return every word the script shows, in the reader's language."""
    return {
        "saved": gettext("Saved at {time}"),
        "saving": gettext("Saving"),
        "retrying": gettext("Not saved yet, still trying"),
        "local": gettext("Only on this computer"),
        "question": gettext("Question {number} of {total}"),
        "answered": gettext("{answered} of {total} answered · {flagged} to review"),
        "flag": gettext("Mark to review"),
        "previous": gettext("Previous"),
        "next": gettext("Next"),
        "trueWord": gettext("True"),
        "falseWord": gettext("False"),
        "yourAnswer": gettext("Your answer"),
        "clear": gettext("Clear the answer"),
        "strike": gettext("Strike out {option}"),
        "struck": gettext("(struck out)"),
        "highlight": gettext("Highlight"),
        "highlightHint": gettext(
            "Select words of the question first. Or by keys: arrows choose words, with Shift more of them;"
            " Enter highlights or takes it away; Esc ends."
        ),
        "highlighted": gettext("Highlighted"),
        "notHighlighted": gettext("No longer highlighted"),
        "note": gettext("Private note"),
        "noteHint": gettext("Only you see it. It is no part of your answer and nobody marks it."),
        "choose": gettext("Choose"),
        "gap": gettext("Gap {number}"),
        "up": gettext("Move up: {text}"),
        "down": gettext("Move down: {text}"),
        "orderOpen": gettext("Not answered yet: change the order, or choose it as it is shown."),
        "orderKeep": gettext("Choose the order shown"),
        "wordsCount": gettext("{count} words"),
        "wordsLimits": gettext("{count} words (from {low} to {high})"),
        "wordsMost": gettext("{count} words (at most {high})"),
        "wordsLeast": gettext("{count} words (at least {low})"),
        "marks": gettext("{marks} marks"),
        "mark": gettext("1 mark"),
        "steps": gettext("Marked by the number of right statements ({steps})."),
        "step": gettext("{count} right: {marks}"),
        "stateAnswered": gettext("answered"),
        "stateOpen": gettext("not answered"),
        "stateFlagged": gettext("to review"),
        "minutesLeft": gettext("{minutes} minutes left"),
        "oneMinuteLeft": gettext("1 minute left"),
        "startsIn": gettext("The sitting starts in {time}"),
        "startsSoon": gettext("Waiting for the invigilator to start the sitting"),
        "extraTime": gettext("You have been given {minutes} more minutes."),
        "paused": gettext("The sitting is paused. Your time stands still."),
        "staleTab": gettext("This attempt was continued in another window. Nothing more is saved here."),
        "moved": gettext("The attempt was moved to another computer. Nothing more is saved here."),
        "movedSending": gettext(
            "The attempt was moved to another computer. What this one had not sent is being sent to be kept"
            " as evidence; leave this page open."
        ),
        "movedKept": gettext(
            "The attempt was moved to another computer. What this one had not sent is kept as evidence, and"
            " is not among your answers: the examination council decides about it."
        ),
        "movedNotKept": gettext(
            "The attempt was moved to another computer. What this one had not sent was not kept by the"
            " portal; it lies on this computer."
        ),
        "callInvigilator": gettext("Please call the invigilator"),
        "otherForm": gettext(
            "The examination paper that reached this computer is not the one that was sealed. It is not"
            " shown, and the portal tells the invigilators. They decide how you go on, and may give you the"
            " time back."
        ),
        "timeOver": gettext("Time is over. Your answers up to now are being handed in."),
        "timeOverHere": gettext(
            "By this computer's count the time is over, and the server cannot be reached. What you write now"
            " is kept, and the examination council decides on what was written after the end."
        ),
        "closedLate": gettext("Answers after the end were kept apart for the examination council to decide."),
        "closedTooLate": gettext("The time for late answers is over: what was sent now is not kept."),
        "unanswered": gettext("Not answered: {numbers}"),
        "allAnswered": gettext("Every question is answered."),
        "flaggedLeft": gettext("Marked to review: {numbers}"),
        "mayBeGivenBack": gettext(
            "The connection failed when your time ended. What you wrote is kept; wait for the invigilator."
        ),
        "submitWaits": gettext("Waiting for the connection: handing in goes on by itself."),
        "readIt": gettext("I have read it"),
        "toYouAlone": gettext("To you alone"),
        "correction": gettext("Correction of the paper"),
        "correctionOf": gettext("Correction of your question {number}"),
        "withdrawal": gettext("A correction of the paper was withdrawn"),
        "withdrawalOf": gettext("The correction of your question {number} was withdrawn"),
        "withdrawn": gettext("Withdrawn: {why}"),
        "newMessage": gettext("Message of the invigilator: {words}"),
        "leaveRoom": gettext("Leave the room. {words}"),
        "called": gettext("The invigilator has been called and is coming."),
        "callFailed": gettext("The call did not get through. Raise your hand."),
        "offline": gettext("No connection. Go on writing: everything is kept on this computer."),
        "online": gettext("The connection is back."),
    }
