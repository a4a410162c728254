# SPDX-License-Identifier: Apache-2.0
"""The words of papers: stages, envelopes and acts; what is refused and drawn has modules of its own."""

from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from exam_portal.papers import refusals
from exam_portal.papers.draw_queries import DrawStage, DrawStanding
from exam_portal.papers.models import EnvelopeEventKind, PaperContent, PaperStage
from exam_portal.web.filters import instant

LABELS = {
    PaperStage.OUTSIDE: _l("Held outside the portal"),
    PaperStage.NAMED: _l("Not drawn yet"),
    PaperStage.DRAWN: _l("Drawn, waiting for two seals"),
    PaperStage.SEALED: _l("Sealed by two"),
    PaperStage.OPENED: _l("Opened by two"),
    DrawStage.PREPARED: _l("Prepared, not drawn yet"),
    DrawStage.WAITING: _l("Waiting for the worker"),
    DrawStage.RUNNING: _l("Being drawn"),
    DrawStage.SILENT: _l("No sign of life"),
    DrawStage.STOPPING: _l("Being given up"),
    DrawStage.DRAWN: _l("Drawn"),
    DrawStage.LACKING: _l("The bank does not suffice"),
    DrawStage.STOPPED: _l("Given up"),
    DrawStage.LATE: _l("Not found in time"),
    DrawStage.DIED: _l("Broken off"),
    DrawStage.CHANGED: _l("The bank has changed"),
    DrawStage.REFUSED: _l("Could not be kept"),
    PaperContent.OUTSIDE: _l("Outside the portal"),
    PaperContent.INSIDE: _l("In the portal"),
    EnvelopeEventKind.HANDED_OVER: _l("Envelope handed over"),
    EnvelopeEventKind.COPIED: _l("Envelope opened to be reproduced"),
    EnvelopeEventKind.OPENED: _l("Envelope opened before the candidates"),
    EnvelopeEventKind.RESEALED: _l("Envelope sealed again"),
    EnvelopeEventKind.DESTROYED: _l("Envelope destroyed"),
}

TAGS: Mapping[PaperStage, str] = {
    PaperStage.OUTSIDE: "neutral",
    PaperStage.NAMED: "attention",
    PaperStage.DRAWN: "attention",
    PaperStage.SEALED: "done",
    PaperStage.OPENED: "progress",
}

DRAW_TAGS: Mapping[DrawStage, str] = {
    DrawStage.PREPARED: "attention",
    DrawStage.WAITING: "progress",
    DrawStage.RUNNING: "progress",
    DrawStage.STOPPING: "progress",
    DrawStage.DRAWN: "done",
    DrawStage.STOPPED: "neutral",
}

KINDS: Mapping[str, str] = {"official": _l("Official paper"), "reserve": _l("Reserve paper")}


def tag(stage: PaperStage) -> str:
    """Return the kind of tag in which the stage is shown."""
    return TAGS[stage]


def kind(name: str) -> str:
    """Return the reader's word for the official or the reserve paper."""
    return str(KINDS.get(name, name))


def draw_tag(stage: DrawStage) -> str:
    """Return the kind of tag in which the stage of a draw is shown."""
    return DRAW_TAGS.get(stage, "refused")


def draw_progress(standing: DrawStanding) -> str:
    """Return in words how far a draw is."""
    progress = standing.progress
    if standing.stage is DrawStage.SILENT:
        if progress is None:
            return str(
                gettext(
                    "No worker has taken the draw on for a minute. Whoever runs the portal should look "
                    "whether its worker is there; the draw can be given up and repeated."
                )
            )
        return str(
            gettext(
                "The worker has given no sign of life since %(when)s: it may have been broken off. "
                "Give the draw up; it can then be repeated.",
                when=instant(progress.seen_at),
            )
        )
    if standing.stage is DrawStage.STOPPING:
        return str(gettext("The draw is being given up."))
    if progress is None:
        return str(gettext("The draw waits for the worker to take it on."))
    match progress.step:
        case "forms":
            return str(
                gettext(
                    "Form %(number)s of %(count)s is being sought.",
                    number=progress.form + 1,
                    count=standing.draw.blueprint["forms"],
                )
            )
        case "together":
            return str(gettext("All forms are being sought together."))
        case "missing":
            return str(gettext("There are no such forms; what is missing is being found out."))
        case _:
            return str(gettext("The pool is being read."))


ERRORS = refusals.ERRORS

AUDIT = {
    "papers.named": _l("It was settled how the paper of a part is held"),
    "papers.draw_prepared": _l("A draw was prepared: its demands, pool and seed are committed to"),
    "papers.draw_begun": _l("A draw was begun before witnesses, who added their words to its seed"),
    "papers.draw_repeated": _l("A draw that had no answer was repeated from the same seed"),
    "papers.draw_stopped": _l("A draw under way was given up"),
    "papers.draw_ended": _l("A run of a draw ended"),
    "paper-commit": _l("A paper was drawn; its commitments are on record"),
    "key-commit": _l("The commitments of the answer keys were recorded"),
    "papers.split": _l("The keys of a paper were divided into shares among officers"),
    "papers.share_shown": _l("An officer looked at their own share of the keys"),
    "papers.share_taken": _l("An officer copied their own share of the keys"),
    "papers.sealed": _l("An officer sealed a paper"),
    "papers.erratum_proposed": _l("A correction of a paper, or the withdrawal of one, was proposed"),
    "papers.erratum": _l(
        "A correction of a paper, or its withdrawal, was approved: a new version with a notice"
    ),
    "papers.erratum_dropped": _l("A correction of a paper was given up before anybody approved it"),
    "papers.release_asked": _l("An officer gave the word to open a paper"),
    "papers.print_allowed": _l("A board member gave the word to print a paper before its start"),
    "papers.uses_lost": _l("The bank cannot be told which questions stood in a paper: it cannot be read"),
    "papers.reveal_asked": _l("An officer gave the word to reveal a paper that was held"),
    "papers.draw_secret_taken": _l("An officer took the secret of the draw of a revealed paper"),
    "papers.printed": _l("A paper or its key sheet was printed"),
    "open": _l("A paper was opened by a second officer"),
    "paper-reveal": _l("The opened paper was held against its commitments"),
    "papers.envelope_registered": _l("An envelope was registered"),
    "papers.envelope_noted": _l("Something happened to an envelope"),
}
