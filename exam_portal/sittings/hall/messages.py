# SPDX-License-Identifier: Apache-2.0
"""The words of halls: why a package is not made or not taken, and what the record says of it."""

from flask_babel import lazy_gettext as _l

from exam_portal.sittings import errors as sitting_errors
from exam_portal.sittings.hall import errors
from exam_portal.web.filters import clock_time
from exam_portal.web.messages import Words

REASONS = {
    "address": _l("The line is no address of an installation."),
    "attempts": _l("It does not hold the attempts that were packed."),
    "chain": _l("The journal of an attempt does not lead to the head that was sealed."),
    "checkpoint": _l("The record of the hall is not signed by its laptop."),
    "conflict": _l("Something in it is there twice, or by one person alone."),
    "file": _l("A scan in it is not the one that was filed."),
    "keys": _l("A key in it does not open the form that was committed to."),
    "kind": _l("It is a package of another kind."),
    "log": _l("The record of the hall has a gap, or was changed."),
    "projection": _l("The times of an attempt do not follow from what was recorded."),
    "receiver": _l("It was sealed for another installation."),
    "record": _l("Something in it is told otherwise, or not at all, by the record."),
    "reference": _l("It names a seat, a room or a person that is not of this sitting."),
    "schema": _l("It was written by another version of the program."),
    "scripts": _l("Scripts and attempts that were handed in do not agree."),
    "seal": _l("Its seal does not open: the file was changed or is not whole."),
    "second": _l("The results of this hall were taken already."),
    "sender": _l("It was signed by another installation than the one that was packed for."),
    "shape": _l("It is not of the form that packages have."),
    "signature": _l("Its signature does not fit."),
    "sitting": _l("It is about another sitting or another package."),
    "size": _l("It is larger than any package."),
    "touched": _l("The sitting has answers, events or attendance here already."),
    "unknown": _l("No sitting was packed for it here."),
    "withdrawn": _l("The hall was withdrawn; what it sends is not taken."),
}


def _refused(error: errors.PackageRefused) -> Words:
    return Words(
        _l("The package was not taken"),
        REASONS[error.reason],
        _l("Nothing was written. Keep the file and the laptop: they are evidence."),
    )


def _may_come(error: errors.AnswersMayCome) -> Words:
    if error.until is None:
        why = _l("Somebody still works, or a room has not been ended.")
    else:
        until = clock_time(error.until, seconds=True)
        why = _l("A computer may bring answers that were written in time until %(when)s.", when=until)
    return Words(_l("The hall cannot be closed yet"), why)


ERRORS = {
    sitting_errors.InHall: Words(
        _l("The sitting is in a hall"),
        _l(
            "It was packed for the laptop of a hall. Nothing about it is written here until it has come back."
        ),
    ),
    sitting_errors.HallClosed: Words(
        _l("The hall is closed"), _l("Its results were packed for home. Nothing more is written here.")
    ),
    errors.NotForHall: Words(
        _l("The sitting cannot go to a hall"),
        _l("Only a sitting on a closed network that has not begun is packed."),
    ),
    errors.NotReady: Words(
        _l("The sitting is not ready"),
        _l("The candidates are to be summoned, the seats allotted, the paper sealed and not opened."),
    ),
    errors.TooFewOfficers: Words(
        _l("Too few people would travel"),
        _l("A hall needs two invigilators, and two officers who can open the paper."),
    ),
    errors.AnswersMayCome: _may_come,
    errors.NotAHall: Words(_l("This is no hall"), _l("This installation holds no sitting of another one.")),
    errors.NotEmpty: Words(
        _l("This installation is in use"), _l("A hall is opened on an installation in which nothing is.")
    ),
    errors.SomebodySits: Words(
        _l("Somebody is sitting an examination on this portal"),
        _l("Taking results needs the database for a moment, and answers come first."),
        _l("Take them when nobody sits any more."),
    ),
    errors.NothingReceived: Words(
        _l("There are no results to take"), _l("Send the file of the hall in first; then take what is in it.")
    ),
    errors.PackageRefused: _refused,
}

AUDIT = {
    "sittings.hall_packed": _l("A sitting was packed for a hall"),
    "sittings.hall_withdrawn": _l("A sitting was taken back from a hall without results"),
    "sittings.hall_opened": _l("A hall was opened"),
    "sittings.hall_closed": _l("A hall was closed"),
    "sittings.hall_received": _l("The results of a hall were sent in and looked through"),
    "sittings.hall_merged": _l("The results of a hall were taken"),
}
