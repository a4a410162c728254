# SPDX-License-Identifier: Apache-2.0
"""Words of the panel: refusals, acts in the record."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from exam_portal.core.errors import DomainError
from exam_portal.interviews import errors
from exam_portal.interviews.likeness import Clue
from exam_portal.interviews.models import Occasion
from exam_portal.interviews.record import messages as record
from exam_portal.interviews.room import messages as room
from exam_portal.web import filters
from exam_portal.web.messages import Wording, Words


def _size(error: errors.PanelSizeDiffers) -> Words:
    return Words(
        _l("The panel is not complete"),
        _l(
            "%(seated)s members are named; the rules of this competition say %(size)s.",
            seated=error.seated,
            size=error.size,
        ),
        _l("Name the members first. Who is absent on the day is recorded as absent."),
    )


def _quorum(error: errors.QuorumMissing) -> Words:
    return Words(
        _l("The panel has no quorum"),
        _l(
            "%(present)s members are present for all of this hearing; %(needed)s are needed.",
            present=error.present,
            needed=error.needed,
        ),
        _l("The hearing is postponed until enough members are present."),
    )


def _below(error: errors.BelowMinimum) -> Words:
    return Words(
        _l("Too few candidates: the council has to decide"),
        _l(
            "Post %(code)s has %(admitted)s of at least %(minimum)s candidates after the part before.",
            code=error.vacancy_code,
            admitted=error.admitted,
            minimum=error.minimum,
        ),
        _l("Record the council's signed minute “go on” under Decisions; then the lots can be drawn."),
    )


def _gate(error: errors.GateOpen) -> Words:
    return Words(
        _l("The part before is not decided"),
        _l("Who comes to the panel follows from the marks of the part “%(part)s”.", part=error.part),
        _l("Its marks are locked and its masks lifted first."),
    )


def _outstanding(error: errors.BallotsOutstanding) -> Words:
    return Words(
        _l("Not all ballots are in"),
        _l("%(cast)s of %(issued)s members have voted.", cast=error.cast, issued=error.issued),
        _l("Wait for them, or confirm that those who have not voted return no ballot."),
    )


def _counts(error: errors.CountsDisagree) -> Words:
    return Words(
        _l("The counting sheet does not add up"),
        _l(
            "Issued %(issued)s (to %(entitled)s members who heard all), returned %(returned)s, "
            "invalid %(invalid)s, marks %(marks)s.",
            issued=error.issued,
            entitled=error.entitled,
            returned=error.returned,
            invalid=error.invalid,
            marks=error.marks,
        ),
        _l("Marks are as many as slips returned less those invalid. Read the sheet again."),
    )


def _off_step(error: errors.BallotOffStep) -> Words:
    return Words(
        _l("This figure cannot stand on a ballot"),
        _l(
            "%(value)s is not between 0 and %(maximum)s in steps of %(step)s.",
            value=filters.mark(error.value),
            maximum=filters.mark(error.maximum),
            step=filters.mark(error.step),
        ),
        _l("Look at the figure again."),
    )


def _total(error: errors.TotalDiffers) -> Words:
    return Words(
        _l("The total is not the sum of the criteria"),
        _l(
            "The slip says %(written)s; its criteria make %(total)s.",
            written=filters.mark(error.written),
            total=filters.mark(error.total),
        ),
        _l("Read the sheet again."),
    )


def _missing(error: errors.CriteriaMissing) -> Words:
    titles = ", ".join(filters.localised({"vi": one.vi, "en": one.en}) for one in error.titles)
    return Words(
        _l("The ballot is not complete"),
        _l("No figure stands at: %(criteria)s.", criteria=titles) if titles else _l("The figure is missing."),
        _l("Fill in what is missing."),
    )


def _vote(error: errors.NeitherYesNorNo) -> Words:
    return Words(
        _l("A ballot of confidence says yes or no"),
        _l(
            "%(value)s is neither 0 (no confidence) nor %(scale)s (confidence).",
            value=filters.mark(error.value),
            scale=filters.mark(error.scale),
        ),
        _l("A slip that says anything else is counted as invalid."),
    )


def _twice(error: errors.SlipTwice) -> Words:
    return Words(
        _l("One slip stands twice on the sheet"),
        _l("Number %(slip)s appears more than once; each member gives one ballot.", slip=error.slip),
        _l("Read the sheet again."),
    )


def _closed(error: errors.BoxStaysClosed) -> Words:
    return Words(
        _l("The box is not opened below the quorum"),
        _l(
            "%(returned)s ballots came back; %(needed)s are needed.",
            returned=error.returned,
            needed=error.needed,
        ),
        _l("Enter only how many slips were issued and returned: the ballots are destroyed unread."),
    )


def _relations(error: errors.RelationsOpen) -> Words:
    places = ", ".join(str(position) for position in error.positions)
    return Words(
        _l("Declarations of relations are missing"),
        _l(
            "Members who have not spoken of every candidate, or have a question open: %(places)s.",
            places=places,
        ),
        _l("Each member declares before lots are drawn; on paper the signed declaration is typed."),
    )


def _related(error: errors.RelatedMembersSit) -> Words:
    places = ", ".join(str(position) for position in error.positions)
    return Words(
        _l("A member may not sit on the panel"),
        _l("By what they have declared, the rules keep these members off: %(places)s.", places=places),
        _l("Add a substitute where there is none, and call the substitute in their place before the lots."),
    )


def _under_way(error: errors.HearingUnderWay) -> Words:
    return Words(
        _l("Another candidate is being heard"),
        _l("Hearing %(number)s has begun and its slips are not issued.", number=error.order_no),
        _l("Finish it first: candidates are heard one at a time."),
    )


def _box_open(error: errors.BoxOpen) -> Words:
    return Words(
        _l("Ballots on another candidate are still being given"),
        _l("The box of hearing %(number)s is open.", number=error.order_no),
        _l("Count its ballots first; those that did not come count as not returned."),
    )


def _not_next(error: errors.NotNext) -> Words:
    return Words(
        _l("It is not this candidate's turn"),
        _l("Hearing %(number)s comes first by the lots.", number=error.order_no),
        _l("Hear it first, or record the decision that changes the order."),
    )


def _out(error: errors.SlipsAreOut) -> Words:
    return Words(
        _l("Slips are out"),
        _l(
            "Slips of hearing %(number)s have been issued; all hearings of a panel vote in one way.",
            number=error.order_no,
        ),
        _l("A hearing that cannot be brought to a ballot is broken off, or its ballot given again."),
    )


def _accounts(error: errors.AccountsMissing) -> Words:
    places = ", ".join(str(position) for position in error.positions)
    return Words(
        _l("These members have no account"),
        _l(
            "Ballots on screens are given after signing in; members without an account: %(places)s.",
            places=places,
        ),
        _l("Stay with paper slips."),
    )


ERRORS: Mapping[type[DomainError], Wording] = {
    **record.ERRORS,
    **room.ERRORS,
    errors.PanelSizeDiffers: _size,
    errors.SlipsAreOut: _out,
    errors.AccountsMissing: _accounts,
    errors.SameMode: Words(
        _l("Ballots are given in this way already"),
        _l("Nothing would change."),
        _l("Choose another way, or leave the page."),
    ),
    errors.QuorumMissing: _quorum,
    errors.BelowMinimum: _below,
    errors.GateOpen: _gate,
    errors.BallotsOutstanding: _outstanding,
    errors.CountsDisagree: _counts,
    errors.BallotOffStep: _off_step,
    errors.TotalDiffers: _total,
    errors.CriteriaMissing: _missing,
    errors.NeitherYesNorNo: _vote,
    errors.SlipTwice: _twice,
    errors.BoxStaysClosed: _closed,
    errors.HearingUnderWay: _under_way,
    errors.BoxOpen: _box_open,
    errors.NotNext: _not_next,
    errors.RelationsOpen: _relations,
    errors.RelatedMembersSit: _related,
    errors.QuestionsKeptBack: Words(
        _l("These questions are kept back from you"),
        _l("What you have declared keeps these questions from you, or you have yet to declare."),
        _l("Declare first; who is related to a candidate or may not sit approves none: somebody else does."),
    ),
    errors.DeclarationIncomplete: Words(
        _l("The declaration is not complete"),
        _l("It says of every candidate how the member is related, or that there is no relation."),
        _l("Fill in the candidates left out."),
    ),
    errors.DisciplineUnsaid: Words(
        _l("The declaration is not complete"),
        _l("It does not say whether the member is in a disciplinary period or executes such a decision."),
        _l("Answer yes or no: the rules of this competition keep the disciplined off the council."),
    ),
    errors.DeclarationUnsigned: Words(
        _l("This declaration needs the member's signature"),
        _l("Somebody else types a declaration only from the paper that the member has signed."),
        _l("Give its number, date and scan."),
    ),
    errors.SeatTaken: Words(
        _l("This seat is taken"),
        _l("The member has been replaced, or the substitute sits for somebody else."),
        _l("Look at the members on the page of the panel."),
    ),
    errors.HearingsBegun: Words(
        _l("The hearings have begun"),
        _l("The same people hear every candidate: a seat changes hands later only where a quorum was lost."),
        _l("Record who is absent; end or break off the hearing that is on before a substitute comes in."),
    ),
    errors.IsNext: Words(
        _l("The order need not be changed for this hearing"),
        _l("It is next by the lots, or it is over."),
        _l("Begin it from the page of the panel."),
    ),
    errors.CandidateGone: Words(
        _l("This candidate is not heard"),
        _l("The candidate has left the competition, was excluded, or did not pass a part before."),
        _l("Go on with the next of the order."),
    ),
    errors.MemberIsCandidate: Words(
        _l("This person may not sit on the panel"),
        _l("A candidate of this post has this account or this name."),
        _l("Name somebody else; another person of the same name is told apart by the unit behind it."),
    ),
    errors.PanelExists: Words(
        _l("This post has its panel"),
        _l("There is one panel for each part of a post."),
        _l("Open the panel that exists."),
    ),
    errors.MembersFixed: Words(
        _l("The members do not change any more"),
        _l(
            "Lots are drawn; a substitute is named until the first hearing begins, or where a quorum is lost."
        ),
        _l("Who does not come is recorded as absent."),
    ),
    errors.MemberHasConflict: Words(
        _l("This person may not sit on the panel"),
        _l("A relation to a candidate of this post has been declared."),
        _l("Name somebody else."),
    ),
    errors.SeatedBefore: Words(
        _l("This person sits on the panel already"),
        _l("Every member has one place and one ballot."),
        _l("Name somebody else; two people of one name are told apart by the units in brackets behind both."),
    ),
    errors.NoMembers: Words(
        _l("The panel has no members"),
        _l("Lots are drawn before the panel."),
        _l("Name the members first."),
    ),
    errors.WitnessMissing: Words(
        _l("A witness is missing"),
        _l("Lots are drawn before witnesses."),
        _l("Name at least one."),
    ),
    errors.WordsMissing: Words(
        _l("The words of the witnesses are missing"),
        _l("Half of the seed is bound, the other half is what the witnesses call out."),
        _l("Write it down, or enter an order drawn on paper with its signed minute."),
    ),
    errors.AbsenceBeforeLots: Words(
        _l("There is no hearing yet to be absent from"),
        _l("An absence takes the slips of hearings that stand; the order has not been drawn."),
        _l("Draw lots first and record the absence then, or have a substitute called before the lots."),
    ),
    errors.LotsDrawn: Words(
        _l("The order has been drawn"),
        _l("Lots are drawn once."),
        _l("Look at the order on the page of the panel."),
    ),
    errors.LotsIncomplete: Words(
        _l("The order is not complete"),
        _l("It names each admitted candidate exactly once; an order from paper needs its signed minute."),
        _l("Compare the numbers with the minute."),
    ),
    errors.CandidateNotAdmitted: Words(
        _l("The candidates are not those admitted"),
        _l("Everybody who passed the parts before is heard, and nobody else."),
        _l("Choose exactly those admitted."),
    ),
    errors.CandidateAbsent: Words(
        _l("The candidate did not come"),
        _l("It is on record that the candidate stayed away from this hearing."),
        _l("The council may decide on a signed paper that the candidate is heard later."),
    ),
    errors.CandidateHeard: Words(
        _l("The candidate was heard"),
        _l("The presentation has begun, or slips have been issued for this hearing."),
        _l("Who has been heard is not recorded as absent."),
    ),
    errors.HearingBrokenOff: Words(
        _l("The hearing was broken off"),
        _l("It is on record that it ended without a ballot."),
        _l("The council may decide on a signed paper that the candidate is heard again."),
    ),
    errors.NothingToBreakOff: Words(
        _l("There is nothing to break off"),
        _l("The hearing has not begun, slips have been issued, or the candidate did not come."),
        _l("Open the hearing on the page of the panel and follow it."),
    ),
    errors.AbsenceNeedsPaper: Words(
        _l("The absence needs its signed minute"),
        _l(
            "The hearing is on record as begun; two names are not enough to say that "
            "the candidate did not come."
        ),
        _l("Have the minute signed and give it with its scan."),
    ),
    errors.AbsenceUnproven: Words(
        _l("Who saw it is missing"),
        _l("That a candidate did not come is said by two witnesses, or by a signed minute."),
        _l("Name two witnesses, or give the minute with its scan."),
    ),
    errors.NothingToRepeat: Words(
        _l("This hearing is not repeated"),
        _l(
            "A hearing is repeated where its ballots make no mark, it was broken off, "
            "or the candidate did not come."
        ),
        _l("A mark that follows from the ballots stands. Who did not come is heard, not only voted on."),
    ),
    errors.HearingRepeated: Words(
        _l("This hearing has been repeated"),
        _l("A later hearing takes its place."),
        _l("Open the later hearing on the page of the panel."),
    ),
    errors.OnlyBallotAgain: Words(
        _l("Nobody is heard again here"),
        _l("The council has decided that only the ballot is given again, by those who heard the hearing."),
        _l("Issue the slips."),
    ),
    errors.HearingNotOpen: Words(
        _l("The hearing has not begun"),
        _l("Slips are issued after the whole hearing."),
        _l("Begin the hearing first."),
    ),
    errors.BallotNotOpen: Words(
        _l("The ballot is not open"),
        _l("Ballots are given after the whole hearing and before the count."),
        _l("Wait until the secretary has issued the slips."),
    ),
    errors.AttendanceFixed: Words(
        _l("Attendance is fixed"),
        _l("Slips have been issued; who was present does not change any more."),
        _l("An absence from later hearings can be recorded for each of them."),
    ),
    errors.SlipWithoutNumber: Words(
        _l("A slip has no number"),
        _l("Each valid slip has a number of its own, without blanks or invisible signs."),
        _l("Enter the number of the slip in its row."),
    ),
    errors.AccountNeeded: Words(
        _l("This member needs an account"),
        _l("The ballots of this panel are given in the portal, so each member signs in."),
        _l("Choose the member's account, or seat a panel that votes on paper."),
    ),
    errors.HearingNotConfirmed: Words(
        _l("The ballot is not sealed without your word on the hearing"),
        _l("You have not confirmed that you heard all of it: the presentation, and the questions."),
        _l("Confirm it; if you were away for a part, tell the secretary and give no ballot."),
    ),
    errors.NoSlip: Words(
        _l("There is no slip"),
        _l("Only members who heard the whole hearing, and whom nothing declared keeps off, mark it."),
        _l("Ask the secretary if this is a mistake."),
    ),
    errors.AlreadyVoted: Words(
        _l("You have voted"),
        _l("Each member marks once. Nobody can change a ballot that lies in the box."),
        _l("There is nothing more to do."),
    ),
    errors.BallotTooLate: Words(
        _l("The ballot came too late"),
        _l("The ballots of this hearing were counted before it arrived; it counts as not returned."),
        _l("Tell the secretary. Nothing of it is kept on this device."),
    ),
    errors.AlreadyCounted: Words(
        _l("The ballots have been counted"),
        _l("A hearing is counted once."),
        _l("Look at the result on the page of the hearing."),
    ),
    errors.OtherMode: Words(
        _l("Ballots of this panel are given in another way"),
        _l("A panel votes in the portal or on paper, as it was seated."),
        _l("Open the page of the panel and follow it."),
    ),
    errors.NotACountingSheet: Words(
        _l("This paper holds no counting sheets"),
        _l("Ballots are keyed from the scan of signed counting sheets."),
        _l("Choose another scan."),
    ),
    errors.MemberKeys: Words(
        _l("A member of the panel keys no counting sheet"),
        _l("Your account, or your name, is that of a member or substitute of this panel."),
        _l("Two people who do not sit on the panel key its sheets."),
    ),
    errors.KeyedUnderThisName: Words(
        _l("Another person keys this sheet"),
        _l("Somebody of your name has keyed it from another account; the two readings come from two people."),
        _l("Have it keyed by somebody else. Two of one name are told apart by the unit behind the name."),
    ),
    errors.PageUsed: Words(
        _l("Another hearing was counted from this page"),
        _l("Each hearing has a counting sheet of its own."),
        _l("Check the page."),
    ),
}

MODES = {
    "paper": _l("Paper slips, counted by a counting team"),
    "portal": _l("In the portal, by each member"),
    "lan": _l("On a closed network in the hall"),
}

STATES = {
    "waiting": (_l("waiting"), "neutral"),
    "opened": (_l("being heard"), "progress"),
    "ballot_opened": (_l("ballot open"), "attention"),
    "counted": (_l("counted"), "done"),
    "box_unopened": (_l("box not opened"), "refused"),
    "candidate_absent": (_l("absent"), "refused"),
    "broken_off": (_l("broken off"), "refused"),
}

OCCASIONS = {
    Occasion.SUPPLEMENTARY.value: _l("supplementary"),
    Occasion.REPEATED.value: _l("heard again"),
    Occasion.SECOND_BALLOT.value: _l("second ballot"),
}

AGAIN = {
    Occasion.REPEATED.value: _l("The whole hearing: the candidate is heard again"),
    Occasion.SECOND_BALLOT.value: _l("Only the ballot, by the members who heard the hearing"),
}

CLUES = {
    Clue.NOMINATOR: _l("The form of the candidate names the member as the one who nominated."),
    Clue.MANAGER: _l("The form of the candidate names the member as the direct line manager."),
    Clue.UNIT: _l("A unit of the member and a unit of the candidate, now or before, have the same name."),
    Clue.SURNAME: _l("Both have the same family name, or the same family and middle names."),
    Clue.COMMON_SURNAME: _l(
        "Both have one of the most common family names: by itself this says very little."
    ),
}

AUDIT = {
    "interviews.relations_declared": _l("A member of a panel declared relations to candidates"),
    **room.AUDIT,
    **record.AUDIT,
    "interviews.panel_seated": _l("A panel was seated"),
    "interviews.ballot_mode_changed": _l("How ballots of a panel are given was changed"),
    "interviews.member_added": _l("A member of a panel was named"),
    "interviews.lots_drawn": _l("The order of hearings was drawn"),
    "interviews.hearing_added": _l("A supplementary hearing was added"),
    "interviews.hearing_repeated": _l("A hearing or a ballot was ordered again"),
    "interviews.candidate_absent": _l("A candidate did not come to a hearing"),
    "interviews.broken_off": _l("A hearing ended without a ballot"),
    "interviews.absence_noted": _l("An absence from a panel was recorded"),
    "interviews.opened": _l("A hearing began"),
    "interviews.ballot_opened": _l("Slips were issued"),
    "interviews.ballot_cast": _l("A ballot was given"),
    "interviews.count_keyed": _l("A counting sheet was keyed"),
    "interviews.box_unopened": _l("A ballot box below the quorum was destroyed unopened"),
    "interviews.counted": _l("The ballots of a hearing were counted"),
    "interviews.questions_read": _l("The questions of a panel were opened for approval"),
    "interviews.substitute_called": _l("A substitute took the seat of a member"),
    "interviews.order_changed": _l("A hearing was called out of its turn"),
}
