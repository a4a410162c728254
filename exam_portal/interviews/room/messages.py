# SPDX-License-Identifier: Apache-2.0
"""Words of the room: refusals, phases and their states, acts in the record."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from exam_portal.core.errors import DomainError
from exam_portal.interviews.room import errors
from exam_portal.interviews.room.timing import PhaseKey, PhaseStatus
from exam_portal.web.messages import Wording, Words


def _too_long(error: errors.PlanTooLong) -> Words:
    return Words(
        _l("The hearing would be longer than announced"),
        _l(
            "Presentation and questions take %(planned)s minutes; "
            "the rules of this competition give %(most)s.",
            planned=error.planned,
            most=error.most,
        ),
        _l("Plan fewer minutes."),
    )


def _taken(error: errors.RoomTaken) -> Words:
    return Words(
        _l("Another candidate is being heard"),
        _l("The time of number %(number)s is running in this room.", number=error.order_no),
        _l("End it first. Only the preparation of the next candidate may run beside it."),
    )


def _question(error: errors.QuestionUnreadable) -> Words:
    return Words(
        _l("A line of the set cannot be read"),
        _l("Line %(line)s is not topic, level and question, or stands there twice.", line=error.line),
        _l("Write each question on a line of its own: topic | level | question."),
    )


def _too_few(error: errors.TooFewQuestions) -> Words:
    return Words(
        _l("There are too few questions"),
        _l(
            "“%(cell)s” has %(there)s; %(needed)s are needed.",
            cell=error.cell,
            there=error.there,
            needed=error.needed,
        ),
        _l(
            "Every candidate draws as many of each topic and level. File more of them and have them approved."
        ),
    )


ERRORS: Mapping[type[DomainError], Wording] = {
    errors.PlanTooLong: _too_long,
    errors.RoomTaken: _taken,
    errors.QuestionUnreadable: _question,
    errors.TooFewQuestions: _too_few,
    errors.QuestionsFixed: Words(
        _l("The questions do not change any more"),
        _l("A candidate has drawn from this set; it is the same for everybody."),
        _l("Go on with the set as it is."),
    ),
    errors.QuestionsDiffer: Words(
        _l("The added questions do not fit the set"),
        _l(
            "A candidate has drawn: topics, levels, how many are drawn of each, "
            "and whether any comes twice stay as they are."
        ),
        _l("Write questions of the same topics and levels."),
    ),
    errors.ApprovedBefore: Words(
        _l("The set has been approved"),
        _l("One approval is enough."),
        _l("There is nothing more to do."),
    ),
    errors.OwnQuestions: Words(
        _l("Another person approves the questions"),
        _l("Who filed the set does not approve it."),
        _l("Ask the chair or another member of the council."),
    ),
    errors.QuestionsNotApproved: Words(
        _l("There is no approved set of questions"),
        _l("Candidates draw from questions that a second person has approved."),
        _l("File the set and have it approved."),
    ),
    errors.SeedSeen: Words(
        _l("The questions need a fresh seed"),
        _l("This hearing was added after the set was filed; the seed of its draws may have been seen since."),
        _l("File the set again, with further questions or none, and have it approved; or draw on paper."),
    ),
    errors.QuestionsDrawn: Words(
        _l("The questions have been drawn"),
        _l("Each candidate draws once."),
        _l("Look at the questions on this page."),
    ),
    errors.NumbersMissing: Words(
        _l("The numbers drawn are missing"),
        _l("A minute was given: the candidate has drawn on paper, and nothing is drawn here."),
        _l("Write the numbers as they stand in the minute, or leave the minute out to draw here."),
    ),
    errors.DrawUneven: Words(
        _l("The draw on paper does not fit the set"),
        _l(
            "It needs its signed minute, as many questions of each topic and level as for every candidate, "
            "and none that has been drawn where none may come twice."
        ),
        _l("Compare the numbers with the minute."),
    ),
    errors.PlanFixed: Words(
        _l("The plan does not change any more"),
        _l("The first hearing has begun; the minutes are the same for every candidate."),
        _l("Go on with the plan as it is."),
    ),
    errors.PhaseNotNext: Words(
        _l("This phase cannot begin now"),
        _l("It has been, another phase is on, or a later one has begun."),
        _l("Look at the times of the hearing as they stand."),
    ),
    errors.PhaseNotOn: Words(
        _l("The clock is in another state"),
        _l("Somebody else may have paused or ended the phase before you."),
        _l("Look at the times of the hearing as they stand."),
    ),
    errors.PhaseStillOn: Words(
        _l("The hearing has not ended"),
        _l("A phase of it runs or stands still: nobody has heard all of it yet."),
        _l("End the phase on the page of the times, then issue the slips."),
    ),
    errors.HearingOver: Words(
        _l("No phase of this hearing begins any more"),
        _l(
            "Slips are out, the candidate did not come, it was broken off, or only the ballot is given again."
        ),
        _l("There is nothing to do here."),
    ),
    errors.ReasonMissing: Words(
        _l("The reason is missing"),
        _l("An act of this kind is recorded with its reason."),
        _l("Write it in a few words."),
    ),
}

PHASES = {
    PhaseKey.PREPARATION: _l("Preparation"),
    PhaseKey.PRESENTATION: _l("Presentation"),
    PhaseKey.QUESTIONS: _l("Questions and answers"),
}

PHASE_STATES = {
    PhaseStatus.WAITING: (_l("not begun"), "neutral"),
    PhaseStatus.RUNNING: (_l("running"), "progress"),
    PhaseStatus.PAUSED: (_l("paused"), "attention"),
    PhaseStatus.ENDED: (_l("ended"), "done"),
}

AUDIT = {
    "interviews.room_planned": _l("The minutes of a panel's hearings were planned"),
    "interviews.questions_filed": _l("The questions of a panel were filed under seal"),
    "interviews.questions_approved": _l("The questions of a panel were approved"),
    "interviews.questions_drawn": _l("A candidate drew the questions"),
    "interviews.phase_started": _l("A phase of a hearing began"),
    "interviews.phase_paused": _l("A phase of a hearing was paused"),
    "interviews.phase_resumed": _l("A phase of a hearing went on"),
    "interviews.phase_ended": _l("A phase of a hearing ended"),
}
