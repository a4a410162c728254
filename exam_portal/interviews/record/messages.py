# SPDX-License-Identifier: Apache-2.0
"""Words of the sealed record: refusals, acts in the record of the competition."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from exam_portal.core.errors import DomainError
from exam_portal.interviews.record import errors
from exam_portal.web.messages import Wording, Words


def _too_few_keepers(error: errors.KeepersTooFew) -> Words:
    return Words(
        _l("This many keepers cannot hold the record"),
        _l(
            "%(named)s are chosen. At least two open a record, and not more than hold a share.",
            named=error.named,
        ),
        _l("Choose more keepers, or a smaller number that opens the record."),
    )


def _dispensable(error: errors.OversightDispensable) -> Words:
    return Words(
        _l("The record could be opened without the oversight board"),
        _l(
            "%(others)s of the keepers are not of the oversight board, and %(needed)s open the record.",
            others=error.others,
            needed=error.needed,
        ),
        _l("Choose more of the oversight board, fewer others, or a greater number that opens the record."),
    )


def _waiting(error: errors.RecordSharesWait) -> Words:
    return Words(
        _l("Shares of the sealed record wait for their keepers"),
        _l(
            "%(count)s keepers have not copied their share; until then it lies on the machine.",
            count=error.count,
        ),
        _l("Lots are drawn after every keeper has copied their own share."),
    )


def _unknown(error: errors.ShareUnknown) -> Words:
    return Words(
        _l("These words are no share of this record"),
        _l("Share %(place)s is not one that was given to a keeper of this panel.", place=error.place),
        _l("Compare the words with the keeper's copy."),
    )


def _of_another(error: errors.ShareOfAnotherPanel) -> Words:
    return Words(
        _l("This share belongs to another panel"),
        _l("Share %(place)s opens the record of another panel, not this one.", place=error.place),
        _l("Take the copy with the name of this panel."),
    )


def _replaced(error: errors.ShareReplaced) -> Words:
    return Words(
        _l("This share was replaced"),
        _l("Share %(place)s is of a key from before the keepers were named again.", place=error.place),
        _l("Take the copy that was made last."),
    )


def _twice(error: errors.ShareTwice) -> Words:
    return Words(
        _l("One share stands twice"),
        _l("Share %(place)s was typed before; each share counts once.", place=error.place),
        _l("Have another keeper type their own share."),
    )


def _too_few(error: errors.SharesTooFew) -> Words:
    return Words(
        _l("Too few shares to open the record"),
        _l("%(given)s shares are given; %(needed)s are needed.", given=error.given, needed=error.needed),
        _l("Call more keepers together."),
    )


ERRORS: Mapping[type[DomainError], Wording] = {
    errors.KeepersTooFew: _too_few_keepers,
    errors.OversightDispensable: _dispensable,
    errors.RecordSharesWait: _waiting,
    errors.ShareUnknown: _unknown,
    errors.ShareOfAnotherPanel: _of_another,
    errors.ShareReplaced: _replaced,
    errors.ShareTwice: _twice,
    errors.SharesTooFew: _too_few,
    errors.EnvelopeMissing: Words(
        _l("No envelope is registered"),
        _l("The slips of this hearing have no entry that could be corrected."),
        _l("Register the envelope first."),
    ),
    errors.NothingCorrected: Words(
        _l("This is what is registered"),
        _l("Number, seal and keeper are the same as before."),
        _l("Change what was mistyped."),
    ),
    errors.RecordNotKept: Words(
        _l("There is no sealed record to entrust"),
        _l("Slips are on paper, the rules keep no record, or lots have been drawn."),
        _l("There is nothing to do here."),
    ),
    errors.RecordUnkept: Words(
        _l("The sealed record of this panel has no keepers"),
        _l("Ballots are secret, and who gave which one is kept under seal by people who do not vote."),
        _l("Name the keepers on the page of the panel; then lots can be drawn and slips issued."),
    ),
    errors.KeepersNamed: Words(
        _l("The keepers of this record have been named"),
        _l("Naming them again makes a new key, and the shares given out before open nothing any more."),
        _l("Write the reason why they are named again."),
    ),
    errors.NoOversightKeeper: Words(
        _l("Nobody of the oversight board keeps a share"),
        _l("At least one keeper belongs to the oversight board."),
        _l("Choose one of its members, too."),
    ),
    errors.KeeperVotes: Words(
        _l("Who votes does not keep a share"),
        _l(
            "A member or substitute of the panel cannot be a keeper of its sealed record, "
            "nor anybody of the same name."
        ),
        _l("Choose another person."),
    ),
    errors.NotAKeeper: Words(
        _l("This person cannot keep a share"),
        _l("Keepers hold the role of oversight, authority, organiser, chair or secretary here."),
        _l("Choose another person."),
    ),
    errors.NoRecordShare: Words(
        _l("You have no share of this record here"),
        _l("You are not one of its keepers, or you have copied your share."),
        _l("Ask the secretary who keeps the record."),
    ),
    errors.RecordShareDiffers: Words(
        _l("These words are not your share"),
        _l("At least one word differs from the share that was given to you."),
        _l("Compare your copy word by word."),
    ),
    errors.NothingSealed: Words(
        _l("There is no sealed record of this hearing"),
        _l("It has not been counted, its box was destroyed unopened, or no record was kept."),
        _l("Look at the page of the hearing."),
    ),
    errors.OpeningUndecided: Words(
        _l("A sealed record is opened on a signed decision"),
        _l(
            "The paper is not a decision of this competition, or it opened the record of another hearing; "
            "filed a second time it is still the same decision."
        ),
        _l("File the decision about this hearing with its number, date and scan."),
    ),
    errors.OpeningUnwitnessed: Words(
        _l("Two witnesses are needed"),
        _l(
            "A sealed record is opened before two people who neither sit on the panel nor keep a share of it."
        ),
        _l("Name both witnesses."),
    ),
    errors.RecordBroken: Words(
        _l("The sealed record does not open"),
        _l("The shares are right, but what is locked was changed since it was entrusted."),
        _l("Stop here and tell the oversight board."),
    ),
}

AUDIT = {
    "interviews.record_entrusted": _l("The key of a sealed record of ballots was divided among its keepers"),
    "interviews.record_share_shown": _l("A keeper looked at their own share of a sealed record"),
    "interviews.record_share_taken": _l("A keeper copied their own share of a sealed record"),
    "interviews.record_opened": _l("The sealed record of a secret ballot was opened on a decision"),
    "interviews.record_refused": _l("The opening of a sealed record was tried and refused"),
    "interviews.slips_sealed": _l("The envelope with the slips of a hearing was registered"),
    "interviews.slips_corrected": _l("What is registered of the envelope of a hearing's slips was corrected"),
}
