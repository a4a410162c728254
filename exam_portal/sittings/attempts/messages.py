# SPDX-License-Identifier: Apache-2.0
"""The words of attempts: refusals and acts."""

from flask_babel import lazy_gettext as _l

from exam_portal.sittings.attempts import errors
from exam_portal.web.filters import instant
from exam_portal.web.messages import Words

ERRORS = {
    errors.Malformed: Words(
        _l("The answers could not be read"),
        _l("The request is not one of the exam player. Nothing was stored."),
    ),
    errors.TooLarge: Words(
        _l("Too much at once"), _l("One save may not be that large. Nothing of it was stored.")
    ),
    errors.TooManySaves: Words(
        _l("Too many saves"), _l("The player saves again by itself in a moment. Nothing is lost.")
    ),
    errors.TokenRefused: Words(
        _l("This computer does not hold the attempt"),
        _l("The proof that this computer may write is missing or too old."),
        _l("Open the page of the sitting again."),
    ),
    errors.StaleHead: Words(
        _l("The attempt was continued elsewhere"),
        _l("Another window of this computer has saved answers since. Nothing was overwritten."),
        _l("Load the page again to go on with the answers as they are stored."),
    ),
    errors.NotRunning: Words(
        _l("The sitting does not run at this moment"),
        _l("It has not been started, or it is paused. What you wrote is kept on this computer."),
    ),
    errors.MayBeGivenBack: Words(
        _l("Your time may be given back"),
        _l("The connection failed when your time ended. What you wrote is kept; wait for the invigilator."),
    ),
    errors.TimeLeft: Words(_l("There is time left"), _l("The attempt goes on. Nothing was handed in.")),
    errors.AttemptClosed: lambda error: (
        Words(
            _l("The attempt is over"),
            _l(
                "It closed at %(when)s. What came later was kept apart.",
                when=instant(error.closed_at, seconds=True),
            ),
            _l("Whether late answers count is decided by the examination council."),
        )
        if error.quarantined
        else Words(
            _l("The attempt is over"),
            _l(
                "It closed at %(when)s. The time for late answers is over too; nothing was kept.",
                when=instant(error.closed_at, seconds=True),
            ),
        )
    ),
    errors.DeviceMoved: lambda error: Words(
        _l("Another computer holds the attempt"),
        _l("What this computer had not sent is kept apart as evidence. It is not among your answers.")
        if error.quarantined
        else _l("Only one computer may write. Nothing was stored from this one."),
        _l("Ask the invigilator if you have to change computers."),
    ),
    errors.OutsideRoom: lambda error: Words(
        _l("This computer does not stand in your room"),
        _l(
            "The attempt can be opened from the computers of the room only. Address seen: %(address)s.",
            address=error.address or "–",
        ),
        _l("Go to the computer at your seat, or call the invigilator."),
    ),
    errors.SafeBrowserMissing: Words(
        _l("Safe Exam Browser is needed"),
        _l("The sitting is held in Safe Exam Browser with the settings of the organiser."),
        _l("Open the sitting with the file of settings on this computer, or call the invigilator."),
    ),
    errors.CodeRefused: Words(
        _l("The code was refused"), _l("It is mistyped, used already, or a newer one was given.")
    ),
    errors.NotAuthorised: Words(
        _l("Not authorised yet"), _l("The invigilator has not checked your identity at your seat.")
    ),
    errors.AlreadyOver: Words(_l("The attempt is over"), _l("It has been handed in or voided.")),
    errors.NotPrepared: Words(
        _l("The sitting cannot be prepared"),
        _l("It is not held in the portal, or its paper has no forms yet."),
    ),
    errors.NotATest: Words(
        _l("This part is marked by people"), _l("At least one of its items cannot be marked by a key.")
    ),
    errors.StillRunning: Words(
        _l("Attempts still run"), _l("Tests are marked when the last attempt has been handed in or sealed.")
    ),
    errors.LateAnswersWait: lambda error: Words(
        _l("Late answers wait for a ruling"),
        _l("%(count)s late batches have been neither accepted nor refused.", count=error.count),
        _l("The secretary and the chair rule on them on the page of late answers of the sitting."),
    ),
    errors.NotSealed: Words(
        _l("The attempt is not sealed yet"),
        _l("Late answers are ruled on once the attempt has been handed in or sealed."),
        _l("Wait a moment, or end the sitting."),
    ),
    errors.VoidCountsNothing: Words(
        _l("The attempt is void"),
        _l("Nothing of it counts. Its late answers can be closed with a reason, not accepted."),
    ),
    errors.AlreadyCounted: Words(
        _l("It is too late for a ruling"),
        _l("The marks have been computed or the scripts masked; what counts does not change any more."),
    ),
    errors.JournalBroken: Words(
        _l("The journal of an attempt does not hold together"),
        _l("Nothing was changed. The oversight and the administrator have to look at it."),
    ),
    errors.NotMarkedYet: Words(
        _l("The test is not marked as a whole yet"),
        _l(
            "A question is corrected after the last sitting of the part has ended and every script is marked."
        ),
        _l("Come back when the tests of the part are marked."),
    ),
    errors.CorrectionWaits: Words(
        _l("A correction of this question waits already"),
        _l("It is approved or refused before another one is proposed."),
    ),
    errors.ReasonMissing: Words(
        _l("The reason is missing"), _l("Write why; whoever reads the record later has to understand it.")
    ),
    errors.MinuteMissing: Words(
        _l("The number of the minute is missing"), _l("A correction is approved on the council's minute.")
    ),
    errors.NothingToUndo: Words(
        _l("There is nothing to undo"), _l("No correction of this question is in force.")
    ),
    errors.ItemOut: Words(
        _l("The question has been neutralised"),
        _l("Nothing of it counts that could be corrected."),
        _l("Undo that first, if it was wrong."),
    ),
    errors.NoSuchKey: Words(
        _l("The question cannot have this key"),
        _l(
            "Every answer has to be one of the question; a statement has one, and of a choice not every "
            "option can be right. What is typed has to be written as the hint says."
        ),
        _l("Where no key is right, have the question neutralised."),
    ),
    errors.SameKey: Words(
        _l("This is the key already"), _l("Choose another answer, or neutralise the question.")
    ),
    errors.NothingLeftToScore: lambda error: Words(
        _l("Nothing would be left of the test"),
        _l(
            "Form %(form)s has no other question of worth. It cannot be scored without this one.",
            form=error.form,
        ),
        _l("The council has to decide whether the part is held again."),
    ),
    errors.CorrectionDecided: Words(
        _l("The correction has been decided"), _l("A decision stands. A further correction can be proposed.")
    ),
    errors.OwnCorrection: Words(
        _l("Two people are needed"), _l("Who proposed a correction does not decide it.")
    ),
    errors.MarksMoved: Words(
        _l("The marks have changed meanwhile"),
        _l("A test of the part was marked after the effect was shown. Nothing has been decided."),
        _l("Open the correction again and read its effect."),
    ),
}

AUDIT = {
    "key-reveal": _l("Answer keys were held against their commitments, or a paper was revealed"),
    "sittings.correction_proposed": _l(
        "It was proposed to neutralise a question of a test, to change its key, or to undo that"
    ),
    "sittings.correction_approved": _l(
        "A question of a test was neutralised, its key changed, or that undone"
    ),
    "sittings.correction_refused": _l("A correction of a question was refused"),
    "sittings.attempts_prepared": _l("Attempts prepared"),
    "sittings.device_bound": _l("A computer took an attempt"),
    "sittings.attempt_moved": _l("An attempt was released for another computer"),
    "seal": _l("An attempt was handed in or sealed"),
    "sittings.tests_marked": _l("Tests marked by their key"),
    "heads": _l("Heads of running journals recorded"),
}
