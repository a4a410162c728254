# SPDX-License-Identifier: Apache-2.0
"""Words of marking: refusals, acts in the record."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from exam_portal.core.errors import DomainError
from exam_portal.marking import errors
from exam_portal.web import filters
from exam_portal.web.messages import Wording, Words
from scoring.ruleset import Title


def _off_step(error: errors.MarkOffStep) -> Words:
    return Words(
        _l("This figure cannot be a mark"),
        _l(
            "%(value)s is not between 0 and %(maximum)s in steps of %(step)s.",
            value=filters.mark(error.value),
            maximum=filters.mark(error.maximum),
            step=filters.mark(error.step),
        ),
        _l("Look at the figure again."),
    )


def _missing(error: errors.CriteriaMissing) -> Words:
    return Words(
        _l("The mark is not complete"),
        _l("No figure stands at: %(criteria)s.", criteria=", ".join(map(_title, error.titles)))
        if error.titles
        else _l("Each criterion, or the total, needs a figure."),
        _l("Fill in what is missing."),
    )


def _title(title: Title) -> str:
    return filters.localised({"vi": title.vi, "en": title.en})


def _total(error: errors.TotalDiffers) -> Words:
    return Words(
        _l("The total is not the sum of the criteria"),
        _l(
            "The slip says %(written)s; its criteria make %(total)s.",
            written=filters.mark(error.written),
            total=filters.mark(error.total),
        ),
        _l("Read the slip again; if it says so, the marker corrects and signs it."),
    )


def _too_few_markers(error: errors.TooFewMarkers) -> Words:
    why = _l(
        "At least %(missing)s more who may mark are needed: every bag has another marker in every round, and "
        "not everybody may have every bag.",
        missing=error.missing,
    )
    if not error.untrained:
        return Words(
            _l("There are too few markers for a lot"),
            why,
            _l("Have more people appointed as markers, then draw."),
        )
    return Words(
        _l("There are too few markers for a lot"),
        why,
        _l(
            "%(untrained)s of those appointed have not passed the training: let them pass it, or have more "
            "people appointed, then draw.",
            untrained=error.untrained,
        ),
    )


def _phrase_length(error: errors.PhraseLength) -> Words:
    return Words(
        _l("A phrase has between 1 and %(most)s characters", most=error.most),
        _l("Your list holds short phrases that you use often."),
        _l("Write what belongs to one script only into its comment."),
    )


def _too_many_phrases(error: errors.TooManyPhrases) -> Words:
    return Words(
        _l("Your list is full"),
        _l("It holds %(most)s phrases.", most=error.most),
        _l("Delete a phrase that you do not use any more."),
    )


ERRORS: Mapping[type[DomainError], Wording] = {
    errors.MarkOffStep: _off_step,
    errors.TotalDiffers: _total,
    errors.MarksMissing: Words(
        _l("The marks cannot be locked yet"),
        _l("Scripts lack a mark, or wait for a third one."),
        _l("Have them marked first."),
    ),
    errors.CriteriaMissing: _missing,
    errors.MarkerUnfit: Words(
        _l("This marker may not have the bag"),
        _l("Something on record stands against it; what it is, is told to nobody."),
        _l("Choose another marker, or another bag."),
    ),
    errors.BagTooSmall: Words(
        _l("The bag holds too few scripts"),
        _l("Whoever gives it out could guess where a relative's script lies."),
        _l("Have the scripts of the part put into larger bags."),
    ),
    errors.RelationDeclared: Words(
        _l("Your work on this bag ends here"),
        _l("What you have marked stands. Why another person goes on is not told, here or elsewhere."),
        _l("Tell the secretary, who takes back what is left and gives it to somebody else."),
    ),
    errors.SignerIsACode: Words(
        _l("A slip is signed by name, not by a code"),
        _l("Codes are for markers who give marks at a desk."),
        _l("Type the name as it is signed on the slip."),
    ),
    errors.SignerHasConflict: Words(
        _l("This signature cannot be taken"),
        _l("Something on record stands against this person marking here; what it is, is not told."),
        _l("Read the signature again, or have the script marked by somebody else."),
    ),
    errors.OwnKeying: Words(
        _l("Keying and marking go to different people"),
        _l("Who keys a slip knows a mark of the script, so nobody both keys and marks one script."),
        _l("Choose another person."),
    ),
    errors.TypistTwice: Words(
        _l("Somebody of your name has keyed this slip"),
        _l("Two people read each slip; two accounts of one name could be one person's."),
        _l("Have somebody of another name key it."),
    ),
    errors.TypistHasConflict: Words(
        _l("You key no slips of this competition"),
        _l("A relation to one of its candidates is on record for you, or you are one of them."),
        _l("Have somebody else key the slips."),
    ),
    errors.OwnBag: Words(
        _l("Nobody gives a bag to himself or herself"),
        _l("Who gives out the bags would otherwise choose what he or she marks."),
        _l("Have the chair or the secretary, whoever is not the marker, give it."),
    ),
    errors.BagMarked: Words(
        _l("Nothing of the bag is left to be marked"),
        _l("Every script has its mark of this round, and a mark that has been given stands."),
        _l("A wrong mark is corrected after the lock, by two people and with a signed minute."),
    ),
    errors.RoundTaken: Words(
        _l("This round has a marker"),
        _l("The bag was given to somebody for this round."),
        _l("Open the page again and look at the rounds."),
    ),
    errors.RoundAtDesk: Words(
        _l("This round is marked at a desk"),
        _l("A marker has the bag for it, and gives its marks on the screen; no slip of it is keyed."),
        _l("If it is to go on with slips, have the bag taken back first."),
    ),
    errors.RoundOnSlips: Words(
        _l("This round is marked on slips"),
        _l("A slip of the bag has been keyed for it, so nobody has it at a desk."),
        _l("Have the rest of the round marked on slips, too, or give the bag for another round."),
    ),
    errors.NothingNewToReport: Words(
        _l("There is nothing new to report on"),
        _l("The newest report holds everything that there is, or it is being made."),
        _l("Wait until more scripts are marked."),
    ),
    errors.RoundNotDue: Words(
        _l("No mark of this round is due"),
        _l("A third mark is given only where the first two differ by as much as the rules say."),
        _l("Have the first two marks given first."),
    ),
    errors.NotAssigned: Words(
        _l("Page not found"),
        _l("There is no such page, or it is not open to you."),
        _l("Check the address, or start again from the home page."),
    ),
    errors.AlreadyMarked: Words(
        _l("This script has its mark"),
        _l("A mark that has been given stands."),
        _l("A wrong mark is corrected after the lock, by two people and with a signed minute."),
    ),
    errors.DraftsDiffer: Words(
        _l("Another draft of this script has been kept"),
        _l("You saved it on another page or device after this page was opened. Both are kept."),
        _l("Compare them and choose the one with which you go on."),
    ),
    errors.HighlightsUnreadable: Words(
        _l("The highlighted passages do not fit the script"),
        _l("The page said of a passage where it lies, and there is no such place."),
        _l("Open the script again and highlight the passage once more."),
    ),
    errors.PhraseLength: _phrase_length,
    errors.TooManyPhrases: _too_many_phrases,
    errors.PhraseTells: Words(
        _l("A phrase tells of no candidate"),
        _l("There is a code, a long number or an address in it."),
        _l("Leave it out: the list is for phrases that fit any script."),
    ),
    errors.NotQualified: Words(
        _l("The training comes first"),
        _l("Scripts of this part are marked by those who have passed its training."),
        _l("Open the training under My marking, or ask the head of the marking board."),
    ),
    errors.TrainingScriptsMissing: Words(
        _l("There is no training that could be passed"),
        _l("The training is required, and without a training script nobody could mark live scripts."),
        _l("Add a training script first, or leave the training optional."),
    ),
    errors.TrainingMarked: Words(
        _l("This training script has its mark"),
        _l("Each is marked once in a try, and the agreed mark is then shown."),
        _l("Open the training again and see where you stand."),
    ),
    errors.MarksLocked: Words(
        _l("The marks are locked"),
        _l("Nothing is marked or keyed for this part any more."),
        _l("A wrong mark is corrected by two people, with a signed minute."),
    ),
    errors.WitnessesMissing: Words(
        _l("A lot is drawn before witnesses"),
        _l("Their names, and the words that they call out, belong to it."),
        _l("Write both."),
    ),
    errors.TooFewMarkers: _too_few_markers,
    errors.ReasonMissing: Words(
        _l("The reason is missing"),
        _l("Who gives a bag by hand where a lot decides, or takes one back from its marker, says why."),
        _l("Write the reason; it is kept on record."),
    ),
    errors.LockNotAsked: Words(
        _l("Nobody has asked for the lock"),
        _l("One person finds the marks complete and asks; another looks at them and locks."),
        _l("Ask for the lock, and have the other person confirm it."),
    ),
    errors.LockNeedsSecond: Words(
        _l("Another person has to lock the marks"),
        _l("Who asked for the lock does not confirm it, neither signed in nor by signature."),
        _l("Have the chair or the secretary, whoever did not ask, confirm it."),
    ),
    errors.NotLocked: Words(
        _l("The marks are not locked"),
        _l("Marks are corrected only after the lock."),
        _l("Lock the marks first."),
    ),
    errors.SamePerson: Words(
        _l("A second person has to approve"),
        _l("Who proposes a correction does not approve it."),
        _l("Ask the chair, or the authority's representative."),
    ),
    errors.SlipUsed: Words(
        _l("A mark of another script stands on this page"),
        _l("Each slip has a page of its own."),
        _l("Check the page and the code."),
    ),
    errors.NotASlip: Words(
        _l("This paper holds no mark slips"),
        _l("Marks are keyed from the scan of signed slips."),
        _l("Choose another scan."),
    ),
    errors.SignerMarkedBefore: Words(
        _l("The same person has given another mark of this script"),
        _l(
            "Somebody of this name signed another slip of the script, or has it at the desk; a review of the "
            "script counts as well. Nobody marks the same script twice."
        ),
        _l(
            "Read the signature again, or have the script marked by somebody else. If two people bear this "
            "name, write the unit in brackets behind both names."
        ),
    ),
}

AUDIT = {
    "marking.training_rule_set": _l("The rule of a training of markers was set"),
    "marking.training_script_added": _l("A training script was added"),
    "marking.training_script_withdrawn": _l("A training script was withdrawn"),
    "marking.training_marked": _l("A training script was marked"),
    "marking.control_marked": _l("A control script was marked"),
    "marking.assigned": _l("A bag was given to a marker"),
    "marking.lot_bound": _l("The secret of a lot of markers was bound"),
    "marking.lot_drawn": _l("Bags were given to markers by lot"),
    "marking.taken_back": _l("A bag was taken back from a marker"),
    "marking.slip_keyed": _l("A slip was keyed"),
    "marking.correction_proposed": _l("A correction of a mark was proposed"),
    "marking.report_asked": _l("A report to the head of the marking was asked for"),
    "marking.report_repeated": _l("A report to the head of the marking was tried again"),
    "marking.report_computed": _l("A report to the head of the marking was computed"),
    "mark": _l("A script was marked"),
    "adjudicate": _l("A third mark was given"),
    "marking.lock_asked": _l("The lock of the marks of a part was asked for"),
    "mark-lock": _l("The marks of a part were locked"),
    "correction": _l("A mark was corrected"),
}
