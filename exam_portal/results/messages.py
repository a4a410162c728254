# SPDX-License-Identifier: Apache-2.0
"""Words of results: refusals, labels, acts in the record."""

import re

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from exam_portal.results import errors
from exam_portal.web import filters
from exam_portal.web.messages import Words
from scoring.reading import Problem
from scoring.refusals import in_language

DECISION = re.compile(r"decisions\[(\d+)\]")
KINDS = {"marks": _l("Marks"), "results": _l("Result")}
STANDARD_METHODS = {"angoff": _l("Angoff, modified"), "ebel": _l("Ebel")}
CORRECTIONS = {
    "neutralised": _l("Neutralise the question"),
    "key": _l("Change the key"),
    "restored": _l("Undo the correction"),
}
TYPED_KEYS = {
    "short_answer": _l("One accepted answer in each line. Answers that are not named earn nothing any more."),
    "numeric": _l("One accepted number in each line: 5, or 5±0.1 with a tolerance, or 4..6 for a range."),
    "ordering": _l("The letters of the entries in the right order, for example: c, a, b."),
    "matching": _l("To each number its letter, for example: 1-c, 2-a. Every number once."),
    "gap_fill": _l(
        "A line for each gap, numbered as in the text: 1: answer. Several right answers of a gap stand "
        "between strokes (1: a | b); options are named by their letters."
    ),
}
CORRECTION_STATES = {
    "waiting": (_l("waits for its decision"), "attention"),
    "approved": (_l("in force"), "done"),
    "refused": (_l("refused"), "refused"),
}
RELEVANCE = {
    "essential": _l("essential"),
    "important": _l("important"),
    "acceptable": _l("acceptable"),
    "questionable": _l("questionable"),
}
DIFFICULTY = {"easy": _l("easy"), "medium": _l("medium"), "hard": _l("hard")}


def _window(error: errors.ReviewWindowOpen) -> Words:
    waiting = gettext("Requests that wait for their decision: %(count)s.", count=error.waiting)
    return Words(
        _l("Reviews cannot be closed yet"),
        gettext("Requests can be made until %(until)s.", until=filters.instant(error.until))
        + (f" {waiting}" if error.waiting else ""),
        _l("Decide every request, and come back after the last day for requests."),
    )


def _unusable(error: errors.MarksUnusable) -> Words:
    """A decision is named by its document; of a mark, only its place in the input is known."""

    def told(problem: Problem) -> str:
        found = DECISION.match(problem.path)
        if found is None:
            return f"{problem.path}: {in_language(problem, filters.language())}"
        number = error.minutes[int(found[1])]
        return str(gettext("decision No. %(number)s does not fit the marks as they are", number=number))

    return Words(
        _l("Marks or decisions contradict the rules"),
        "; ".join(dict.fromkeys(told(problem) for problem in error.problems)),
        _l("Replace the decision in the register of decisions, or have the mark corrected; then try again."),
    )


ERRORS = {
    errors.MarksNotLocked: lambda error: Words(
        _l("The marks are still open"),
        _l("The marks of part %(part)s are not locked: somebody may still change them.", part=error.part),
        _l("Lock the marks of the part first."),
    ),
    errors.SamePerson: Words(
        _l("Two people are needed"),
        _l("Who lifts the masks cannot be their own witness."),
        _l("Name somebody of another board who is present."),
    ),
    errors.WitnessFromMaskingBoard: Words(
        _l("The witness belongs to the masking board"),
        _l("Masks are lifted before somebody who does not hold them."),
        _l("Name somebody of another board, such as the secretary or the oversight."),
    ),
    errors.CountsDiffer: lambda error: Words(
        _l("The counts do not agree"),
        _l(
            "%(masked)s scripts were masked, %(locked)s were marked and locked.",
            masked=error.masked,
            locked=error.locked,
        ),
        _l("Nothing has been lifted. Find the missing scripts first."),
    ),
    errors.AlreadyUnmasked: Words(
        _l("The masks of this part have been lifted"), _l("This happens once, and stands in the record.")
    ),
    errors.NotUnmasked: lambda error: Words(
        _l("The masks have not been lifted"),
        _l("The marks of part %(part)s are locked but still belong to codes.", part=error.part),
        _l("The masking board lifts the masks before a witness; then compute again."),
    ),
    errors.MarksUnusable: _unusable,
    errors.NothingChanged: Words(
        _l("Nothing has changed since the last run"),
        _l("A new run would say the same. The last one stands."),
    ),
    errors.RunMissing: lambda error: Words(
        _l("Something has not been computed yet"),
        _l("Post %(code)s has no run.", code=error.vacancy),
        _l("Compute the ranking of every post first."),
    ),
    errors.RunPending: lambda error: Words(
        _l("Something is still pending"),
        _l("Not every outcome is certain for: %(codes)s.", codes=", ".join(error.vacancies)),
        _l("The result sheet of each post says what is lacking and who resolves it."),
    ),
    errors.RunOutdated: lambda error: Words(
        _l("Something has changed since the last run"),
        _l("Marks or decisions of post %(code)s are newer than its run.", code=error.vacancy),
        _l("Compute again, look at what changes, and prepare the publication anew."),
    ),
    errors.RecognitionOutdated: Words(
        _l("The recognised result is another one"),
        _l("The result has changed since the authority recognised it."),
        _l("Record the new decision of the authority first."),
    ),
    errors.NothingToPublish: Words(
        _l("There is nothing new to publish"),
        _l("The last publication already states exactly this."),
    ),
    errors.PublicationWaiting: Words(
        _l("A prepared publication waits"),
        _l("It is approved or discarded before another one is prepared."),
    ),
    errors.AlreadyApproved: Words(
        _l("You have approved this already"),
        _l("The second approval has to come from somebody else."),
    ),
    errors.SignerHasApproved: lambda error: Words(
        _l("This person has approved already"),
        _l("%(signer)s has given the word, on paper or signed in.", signer=error.signer),
        _l("The second approval has to be another person's. Write full names first, positions behind them."),
    ),
    errors.SignerIsPreparer: lambda error: Words(
        _l("Two people are needed"),
        _l("%(signer)s has prepared the publication, or files this paper.", signer=error.signer),
        _l("Have it approved by the chair and the authority."),
    ),
    errors.ContentChanged: Words(
        _l("This is not the content that was shown to you"),
        _l("What you saw and what would be published differ. Nothing has been approved."),
        _l("Open the publication again and read it."),
    ),
    errors.AlreadyPublished: Words(
        _l("This has been published"), _l("It can only be superseded by a later publication.")
    ),
    errors.ReasonMissing: Words(
        _l("The reason is missing"), _l("Say why; the public reads it beside the change.")
    ),
    errors.ReviewWindowOpen: _window,
    errors.TooFewJudges: Words(
        _l("Too few judges"), _l("A standard is set by at least two judges; five to fifteen are usual.")
    ),
    errors.JudgeHasSpoken: Words(
        _l("This judge has given estimates in the open round"),
        _l("What a judge gave stays. Only somebody who has given nothing in the open round is excused."),
    ),
    errors.NotHeldYet: Words(
        _l("The form is not open to judges"),
        _l("Its questions are shown after the paper was opened and every sitting of the part has ended."),
    ),
    errors.EstimateIncomplete: Words(
        _l("An estimate is missing or out of range"),
        _l("Every question, and every share that is asked for, needs an answer. Nothing has been stored."),
    ),
    errors.RoundClosed: Words(
        _l("Your estimates of this round are stored"),
        _l("They are not changed any more; a further round may follow."),
    ),
    errors.RoundRuns: Words(
        _l("This cannot be done now"),
        _l("The round is still open or being computed, or the standard is concluded; three rounds at most."),
    ),
    errors.NothingToAnalyse: Words(
        _l("There is nothing new to analyse"),
        _l("The tests of this part are not marked yet, or their analysis is there or under way."),
    ),
    errors.EffectChanged: Words(
        _l("The effect is another one now"),
        _l("Marks or decisions have changed since the effect was shown to you. Nothing has been decided."),
        _l("Read the effect on this page again, and decide then."),
    ),
    errors.RecognisedUnpublished: Words(
        _l("A recognised result waits for its publication"),
        _l("The recognition is of exactly this result; until it is published nothing of it is changed."),
        _l("Publish the result first. A correction after that leads to a publication that supersedes it."),
    ),
    errors.NothingRecorded: Words(
        _l("There is no bundle yet"),
        _l("The record of this competition has not been signed yet."),
        _l("Try again in a few minutes."),
    ),
}

AUDIT = {
    "unblind": _l("Masks were lifted"),
    "result": _l("A ranking was computed"),
    "publish": _l("Something was published"),
    "results.item_analysis_asked": _l("An analysis of items was asked for"),
    "results.item_analysis_repeated": _l("An analysis of items that had failed was tried again"),
    "results.standard_begun": _l("Judges were appointed to say where the pass mark lies"),
    "results.standard_round": _l("A round of estimates was opened"),
    "results.standard_estimated": _l("A judge gave their own estimates"),
    "results.standard_excused": _l("A judge who gave no estimates was excused"),
    "results.standard_repeated": _l("The computation of a round that had failed was tried again"),
    "results.standard_computed": _l("A round of estimates was computed"),
    "results.standard_concluded": _l("The setting of a standard was concluded"),
    "results.items_analysed": _l("The items of a test were analysed"),
    "results.prepared": _l("A publication was prepared"),
    "results.approved": _l("A publication was approved"),
    "results.discarded": _l("A prepared publication was discarded"),
}
