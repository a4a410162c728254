# SPDX-License-Identifier: Apache-2.0
"""Words of reviews: refusals, labels, acts in the record."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from exam_portal.appeals import errors
from exam_portal.appeals.service import Reason
from exam_portal.web import filters
from exam_portal.web.messages import Words


def _late(error: errors.TooLate) -> Words:
    return Words(
        _l("It is too late to ask for a review"),
        gettext("Requests were accepted until %(until)s.", until=filters.instant(error.until)),
        _l("A paper request that the counter stamped before then can still be entered by the counter."),
    )


ERRORS = {
    errors.MarksNotPosted: Words(
        _l("The marks have not been posted yet"), _l("Reviews can be asked for once they are.")
    ),
    errors.TooLate: _late,
    errors.NotReviewable: Words(
        _l("This part is not reviewed"), _l("The rules of the competition leave its marks as they are.")
    ),
    errors.NothingToReview: Words(
        _l("There is nothing to review"), _l("There is no posted mark or no script in this part.")
    ),
    errors.AlreadyRequested: Words(
        _l("A review of this part has been asked for"), _l("Each part is reviewed once.")
    ),
    errors.AlreadyAnswered: Words(
        _l("The request has been answered"), _l("It was admitted or refused; that stands in the record.")
    ),
    errors.NotAdmitted: Words(
        _l("The request has not been admitted"),
        _l("The secretary or the chair admits it before the script is marked again."),
    ),
    errors.AlreadyBagged: Words(
        _l("The script lies before the review board already"), _l("It is masked once for each review.")
    ),
    errors.NotMarkedAgain: Words(
        _l("The review has not been marked to the end"),
        _l("Its marks are locked and its masks lifted first; until then the old mark stays hidden."),
    ),
    errors.AlreadyDecided: Words(
        _l("The review has been decided"), _l("The decision stands in the record and is not changed.")
    ),
    errors.StillPending: Words(
        _l("The marks of the review do not make a mark yet"),
        _l("They differ too much, or one is missing: the review board gives a further mark."),
    ),
    errors.ReasonMissing: Words(_l("The reason is missing"), _l("The candidate is told why.")),
}

LABELS = {
    Reason.TOTALLING: _l("The points were added up wrongly"),
    Reason.ENTRY: _l("The mark was entered wrongly"),
    Reason.MIXED_UP: _l("The mark is that of another script"),
    Reason.NOT_MARKED: _l("An answer or a page was not marked"),
    Reason.SCHEME: _l("The mark scheme was not applied rightly"),
    Reason.OTHER: _l("Another reason"),
}

STATES = {
    "requested": (_l("To be answered"), "attention"),
    "admitted": (_l("Admitted"), "progress"),
    "refused": (_l("Refused"), "refused"),
    "bagged": (_l("Being marked again"), "progress"),
    "marked": (_l("Marked, masks to be lifted"), "attention"),
    "lifted": (_l("To be decided"), "attention"),
    "decided": (_l("Decided"), "done"),
}

OUTCOMES = {
    "raised": _l("The mark is raised."),
    "lowered": _l("The mark is lowered."),
    "unchanged": _l("The mark stands."),
}

AUDIT = {
    "appeal": _l("A review of marking was asked for"),
    "appeals.admitted": _l("A request for review was admitted"),
    "appeals.refused": _l("A request for review was refused"),
    "appeals.bagged": _l("A script was masked for review"),
    "appeals.decided": _l("A review was decided"),
}
