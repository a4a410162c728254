# SPDX-License-Identifier: Apache-2.0
"""The words of refusals: of drawing, sealing, opening, printing and revealing papers, and of envelopes."""

from collections.abc import Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from exam_portal.papers import draw_words, errors
from exam_portal.web.filters import instant
from exam_portal.web.messages import Words


def _lacks(error: errors.BankLacks) -> Words:
    return Words(
        _l("The bank does not hold enough approved items"),
        "; ".join(draw_words.lack(found) for found in error.missing),
        _l("Ask for fewer items, or approve more of them first."),
    )


def _counted(missing: Sequence[errors.Lack]) -> str:
    return "; ".join(
        str(
            gettext(
                "%(cell)s: at least %(need)s are needed, %(have)s may be drawn",
                cell=draw_words.cell(found),
                need=found.need,
                have=found.have,
            )
        )
        for found in missing
    )


def _beside_other(error: errors.BesideOther) -> Words:
    return Words(
        _l("The bank is too small for a second paper of this part"),
        _counted(error.missing),
        _l(
            "What the other paper holds is secret, so the bank has to suffice whatever it is. Questions that "
            "may not meet count once. Ask for fewer, or approve more questions."
        ),
    )


def _no_chance(error: errors.NoChance) -> Words:
    return Words(
        _l("Nothing would be left to chance"),
        _counted(error.missing),
        _l(
            "A paper is drawn from more questions than it needs. Ask for fewer, name fewer questions or "
            "leave fewer out, or approve more."
        ),
    )


def _not_approved(error: errors.NotApproved) -> Words:
    return Words(
        _l("Some codes are not among the approved questions"),
        _l("No approved question that fits this part has the code %(codes)s.", codes=", ".join(error.codes)),
        _l("Correct the codes, or leave them out."),
    )


def _shares_wait(error: errors.SharesWait) -> Words:
    return Words(
        _l("Not every share has been copied"),
        _l("%(count)s officers have not copied their share yet.", count=error.count),
        _l("Seal the paper after the last one has."),
    )


def _too_early(error: errors.TooEarly) -> Words:
    return Words(
        _l("It is too early to open the paper"),
        _l("The first sitting that uses it starts at %(when)s.", when=instant(error.opens_at)),
        _l("Come back then: two officers open it together."),
    )


def _to_come(error: errors.SittingsToCome) -> Words:
    return Words(
        _l("A sitting of this part has not ended"),
        _l(
            "%(count)s still lie ahead or go on, whichever paper they use; the last one starts at %(when)s.",
            count=error.count,
            when=instant(error.last_starts_at),
        ),
        _l("Two officers reveal the paper after it has ended."),
    )


def _not_yet(error: errors.NotYetTime) -> Words:
    return Words(
        _l("It is too early to draw or seal the paper"),
        _l(
            "The rules let a paper be prepared only shortly before its sitting: from %(when)s on.",
            when=instant(error.ready_from),
        ),
    )


ERRORS = {
    errors.PaperExists: Words(
        _l("The part has this paper already"), _l("Open it and look at where it stands.")
    ),
    errors.WrongContent: Words(
        _l("This belongs to another kind of paper"),
        _l("A paper whose content is held outside the portal is not drawn here."),
    ),
    errors.BankLacks: _lacks,
    errors.AssemblyFailed: Words(
        _l("The forms could not be put together"),
        _l("The program that seeks them ended before it had an answer. Nothing was kept."),
        _l("Draw again; if it fails again, ask for less at once."),
    ),
    errors.NotFoundInTime: Words(
        _l("No forms were found"), _l("The search came to its limit; that there are none is not proved.")
    ),
    errors.NotApproved: _not_approved,
    errors.NamedUnfit: draw_words.named_unfit,
    errors.DrawRunning: Words(
        _l("A draw is under way"),
        _l("Wait until it has ended, or give it up; then state anew what is asked for."),
    ),
    errors.DrawBegun: Words(
        _l("This draw has been begun"),
        _l("The witnesses add their words once. The page shows how far it is."),
    ),
    errors.DrawSuperseded: Words(
        _l("This draw is over"), _l("What the paper is to be has been stated anew since; draw from there.")
    ),
    errors.NoWitness: Words(_l("No witness is named"), _l("A paper is drawn before witnesses.")),
    errors.WordsTooShort: lambda error: Words(
        _l("This is easily guessed"),
        _l("The witnesses call out at least %(fewest)s letters or figures together.", fewest=error.fewest),
    ),
    errors.NotRunning: Words(
        _l("Nothing is being drawn"), _l("The run has ended, or is being given up already.")
    ),
    errors.NotRepeatable: Words(
        _l("This draw is not repeated"), _l("Only a run that ended without an answer is repeated as it was.")
    ),
    errors.OtherPaperDivided: Words(
        _l("The other paper cannot be compared with"),
        _l("Its keys lie with its officers, and nobody can say which questions it holds."),
        _l("Draw both papers before the keys of one are divided."),
    ),
    errors.OtherPaperSince: Words(
        _l("The other paper of this part was drawn meanwhile"), _l("State anew what is asked for.")
    ),
    errors.NamedBesideOther: Words(
        _l("Beside the other paper nothing is asked for by name"),
        _l("Whether a question, or a difficulty, can be had would tell what the other paper holds."),
        _l("Leave them empty, or draw both papers at once."),
    ),
    errors.BesideOther: _beside_other,
    errors.NoChance: _no_chance,
    errors.AlreadyDrawn: Words(
        _l("The paper has been drawn already"), _l("A drawn paper is not drawn a second time.")
    ),
    errors.NotDrawn: Words(_l("Nothing has been drawn yet"), _l("Only a drawn paper can be sealed.")),
    errors.PoolChanged: Words(
        _l("The bank has changed meanwhile"),
        _l("An item was approved, retired or changed while the paper was drawn. Nothing was kept."),
        _l("Draw again."),
    ),
    errors.AlreadySealed: Words(
        _l("You have sealed this paper"), _l("The second seal is for another officer.")
    ),
    errors.OwnErratum: Words(
        _l("This is your own correction"), _l("Another person reads it and approves it.")
    ),
    errors.ErratumApproved: Words(
        _l("This correction has been approved"), _l("It is a version of the paper already.")
    ),
    errors.ErratumDropped: Words(
        _l("This correction has been given up"), _l("Nobody had approved it. Write another one.")
    ),
    errors.NoSuchQuestion: Words(
        _l("There is no such question"),
        _l(
            "Write the code that the question has in the bank of this paper. Once the paper is open it has "
            "to stand in one of the forms that were chosen."
        ),
    ),
    errors.NothingCorrected: Words(
        _l("There is no sheet of corrections"),
        _l("No correction touches a question of these booklets."),
    ),
    errors.NotWithdrawable: Words(
        _l("This is not withdrawn"),
        _l("A correction that was approved is withdrawn once; somebody may have proposed it meanwhile."),
    ),
    errors.SealedOtherwise: Words(
        _l("What you saw is not what was drawn"),
        _l("The commitments on your page differ from those on record. Nothing was sealed."),
        _l("Open the page again and compare the commitments before you seal."),
    ),
    errors.NotSealed: Words(
        _l("The paper is not sealed"), _l("A paper is opened after two officers have sealed it.")
    ),
    errors.TooEarly: _too_early,
    errors.SittingsToCome: _to_come,
    errors.PaperRevealed: Words(
        _l("This paper was revealed after its last sitting"),
        _l("A sitting that comes later needs another paper."),
    ),
    errors.RevealedAlready: Words(
        _l("Your word is on record, or the paper is revealed"),
        _l("Two different officers reveal a paper, once."),
    ),
    errors.NotYetTime: _not_yet,
    errors.NotAnnounced: Words(
        _l("The notice comes first"),
        _l("A paper is drawn and sealed after the notice has frozen the rules of the competition."),
    ),
    errors.NoSitting: Words(
        _l("No sitting uses this paper"),
        _l("When a paper may be opened follows from the start of its sitting, and none has been set."),
        _l("Set the sitting of this part first."),
    ),
    errors.AlreadyReleased: Words(
        _l("You have given your word"), _l("The second word is for another officer.")
    ),
    errors.SealedAlready: Words(
        _l("The paper is sealed already"), _l("Keys are divided after the drawing, before the first seal.")
    ),
    errors.AlreadySplit: Words(
        _l("The keys are divided"), _l("The keys of this paper lie with its officers already.")
    ),
    errors.NoHolders: Words(
        _l("Too few officers"), _l("At least as many officers hold a share as open the paper together.")
    ),
    errors.NoShare: Words(
        _l("There is no share for you here"),
        _l("You hold none of this paper, or you have copied it: then it is on your copy alone."),
    ),
    errors.ShareDiffers: Words(
        _l("These are not the words of your share"), _l("Compare word by word with your copy.")
    ),
    errors.SharesWait: _shares_wait,
    errors.PaperLocked: Words(
        _l("The paper has not been opened"),
        _l("Nobody reads a paper before two officers have opened it at the start."),
    ),
    errors.KeysDivided: Words(
        _l("The keys of this paper lie with its officers"),
        _l("The portal cannot read it before they have opened it together, at the start."),
        _l("Print it after the opening, or hold a paper that has to be printed earlier undivided."),
    ),
    errors.NotOnPaper: Words(
        _l("This part is not held on paper"),
        _l("The paper of a part that is held on computers is printed after its opening, not before."),
    ),
    errors.AlreadyAllowed: Words(
        _l("You have given your word"),
        _l("Another member of the setting board has to be the second."),
    ),
    errors.Started: Words(
        _l("The start has come"),
        _l("A paper is allowed to be printed before its start; now two officers open it."),
    ),
    errors.NotAllowedToPrint: Words(
        _l("Only two people print this paper before its start"),
        _l("They are the members of the setting board who have given their word; nobody else reads it."),
    ),
    errors.SittingsGoOn: Words(
        _l("The key is not told yet"),
        _l("It is printed after the last sitting of the part has ended."),
    ),
    errors.SealBroken: Words(
        _l("The paper is not what was sealed"),
        _l("The stored bytes do not open to the commitments on record. The paper stays closed."),
        _l("Use the reserve paper, and call the supervision board: this is evidence."),
    ),
    errors.LabelTaken: Words(
        _l("An envelope of this label is registered"), _l("Each envelope has a label of its own.")
    ),
    errors.SealNumberTaken: Words(
        _l("The number of this seal is used"),
        _l("It closes, or closed, another envelope of this competition."),
        _l("Read the number on the seal again."),
    ),
    errors.NotYetHappened: Words(_l("This time lies ahead"), _l("Write when it happened.")),
    errors.BeforeSealed: Words(
        _l("It cannot have happened then"),
        _l("The time lies before the envelope was sealed, or before what is on record of it."),
    ),
    errors.SealNotRead: Words(_l("The seal was not read"), _l("Write the number that stands on the seal.")),
    errors.SealUnexplained: Words(
        _l("The seal is broken, or another one"),
        _l("Write what was found and why, as the minutes say it."),
    ),
    errors.TwoCandidates: Words(
        _l("Two candidates stand by"),
        _l("Write the numbers of two different candidates who have a seat in this part and are there."),
    ),
    errors.WrongEnvelopeEvent: Words(
        _l("This cannot have happened to the envelope now"),
        _l("An open envelope is sealed again before it is handed over or opened; a destroyed one stays so."),
        _l("Open the page again and look at what has been recorded."),
    ),
}
