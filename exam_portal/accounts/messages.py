# SPDX-License-Identifier: Apache-2.0
"""The words of the accounts slice."""

import enum
from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from exam_portal.accounts import errors
from exam_portal.accounts.duties import Reason
from exam_portal.accounts.models import AccountKind
from exam_portal.core.actors import Role
from exam_portal.core.errors import DomainError
from exam_portal.web import filters, messages
from exam_portal.web.messages import Wording, Words

ROLES: Mapping[enum.Enum, str] = {
    Role.ADMINISTRATOR: _l("Administrator of the installation"),
    Role.ORGANISER: _l("Organiser"),
    Role.COUNTER: _l("Counter"),
    Role.CHAIR: _l("Chair of the examination council"),
    Role.SECRETARY: _l("Member-secretary of the council"),
    Role.COUNCIL: _l("Member of the examination council"),
    Role.AUTHORITY: _l("Appointing authority"),
    Role.VETTING_BOARD: _l("Dossier-checking board"),
    Role.SETTING_BOARD: _l("Question-setting board"),
    Role.INVIGILATOR: _l("Invigilator"),
    Role.MASKING_BOARD: _l("Masking board"),
    Role.MARKER: _l("Marker"),
    Role.REVIEW_BOARD: _l("Review board"),
    Role.TYPIST: _l("Typist of signed figures"),
    Role.OVERSIGHT: _l("Supervision board"),
}

REASONS: Mapping[enum.Enum, str] = {
    Reason.KNOWS_QUESTIONS: _l(
        "Whoever has seen the questions could help a candidate, or recognise what a candidate writes."
    ),
    Reason.WATCHES_ROOM: _l("Whoever has watched the room knows which candidate wrote which script."),
    Reason.HOLDS_MASKS: _l("Whoever holds the mask codes can name the writer of every script."),
    Reason.MARKED_BEFORE: _l("A review is made by people who have not marked the same scripts before."),
    Reason.RUNS_MARKING: _l("Whoever gives out the bags and reads the locked marks does not mark."),
    Reason.COUNCIL_MARKS: _l("This installation keeps the council and the marking board apart."),
    Reason.SUPERVISES: _l("Whoever supervises takes no part in what is supervised."),
}

LABELS: Mapping[enum.Enum, str] = {
    **ROLES,
    **REASONS,
    AccountKind.CANDIDATE: _l("Candidate"),
    AccountKind.STAFF: _l("Staff"),
}


def _throttled(error: errors.Throttled) -> Words:
    return Words(
        gettext("Too many attempts"),
        gettext("There have been too many failed attempts from here with this name."),
        gettext("Try again after %(time)s, or ask for a new password.", time=filters.clock_time(error.until)),
    )


def _weak(error: errors.PasswordTooWeak) -> Words:
    bodies = {
        "short": gettext("It needs at least %(count)d characters.", count=error.minimum),
        "long": gettext("It may have at most %(count)d characters.", count=error.minimum),
        "common": gettext("Too many people use it; it would be guessed."),
        "own_name": gettext("It is your own name or address; it would be guessed."),
    }
    return Words(gettext("This password is too weak"), bodies[error.reason])


def _combination(error: errors.ForbiddenCombination) -> Words:
    conflict = error.conflict
    if conflict.may_be_excepted:
        remedy = gettext(
            "If the council is too small to avoid it, add the signed decision on the exception below."
        )
    else:
        remedy = gettext("Choose another person. A role that was taken back in this competition counts, too.")
    return Words(
        gettext(
            "%(held)s and %(new)s cannot be the same person",
            held=messages.label(conflict.held),
            new=messages.label(conflict.new),
        ),
        messages.label(conflict.reason),
        remedy,
    )


def _wrong_place(error: errors.WrongPlace) -> Words:
    return Words(
        gettext("This role is not held here"),
        gettext(
            "“%(role)s” belongs to %(place)s.",
            role=messages.label(error.role),
            place=gettext("an organisation")
            if error.role in {Role.ADMINISTRATOR, Role.ORGANISER, Role.COUNTER}
            else gettext("a competition"),
        ),
    )


ERRORS: Mapping[type[DomainError], Wording] = {
    errors.SignInRefused: Words(
        _l("Name and password do not belong together"),
        _l("Either of them may be mistyped."),
        _l("Try again, or ask for a new password."),
    ),
    errors.Throttled: _throttled,
    errors.TooBusy: Words(
        _l("Very many people are signing in just now"),
        _l("Your attempt was not counted."),
        _l("Wait half a minute, then try again."),
    ),
    errors.CodeRefused: Words(
        _l("This link or code cannot be used"),
        _l("It has been used before, is too old, or was mistyped."),
        _l("Check what you typed, or ask for a new one."),
    ),
    errors.SecondFactorRefused: Words(
        _l("These are not the present figures"),
        _l("They change every thirty seconds, and each can be used once."),
        _l("Wait for the next figures; check that the clock of your telephone is right."),
    ),
    errors.LoginTaken: Words(
        _l("There is already an account with this address"),
        "",
        _l("Use that account, or another address. Candidates and staff never share an account."),
    ),
    errors.UnfitLogin: Words(
        _l("This address cannot be used"),
        _l("It needs the form name@example.vn, in Latin letters without marks."),
    ),
    errors.PasswordTooWeak: _weak,
    errors.ForbiddenCombination: _combination,
    errors.UnfitException: Words(
        _l("This document does not allow the combination"),
        _l("Only a council member who also invigilates can be excepted, by a decision on this competition."),
        _l("Leave the fields of the signed paper empty where there is nothing to except."),
    ),
    errors.SamePerson: Words(
        _l("Somebody else has to approve this"),
        _l("One person proposes and another approves, and never the one whom it is about."),
        _l("Ask another organiser, the chair or the appointing authority."),
    ),
    errors.GrantExists: Words(
        _l("This person holds the role here already, or it has been proposed"),
    ),
    errors.GrantDecided: Words(
        _l("The proposal has been decided meanwhile"),
        _l("Somebody has approved it or taken it back since you opened the page."),
    ),
    errors.WrongPlace: _wrong_place,
    errors.NotStaff: Words(
        _l("This is no staff account"),
        _l("Candidates hold no role, and an account that was closed cannot receive one."),
        _l("Invite the person with another address."),
    ),
    errors.StillHolds: Words(
        _l("This person holds a role, or one has been proposed"),
        _l("Whoever has duties cannot be erased."),
        _l("Take the roles back first, here and wherever else they are held."),
    ),
    errors.StillTakesPart: lambda error: Words(
        _l("This person takes part in a competition that is not over"),
        _l("“%(title)s” needs the dossier until its result has been published.", title=error.competition),
        _l("Wait for the result, or until the person has withdrawn."),
    ),
    errors.ErasureExists: Words(
        _l("The erasure of this person has been proposed already, or was done"),
    ),
    errors.ErasureDecided: Words(
        _l("The proposal has been decided meanwhile"),
        _l("Somebody has approved it or taken it back since you opened the page."),
    ),
    errors.NameMissing: Words(_l("There is no such account yet: write the person's name")),
    errors.NotOpenedHere: Words(
        _l("This account was not opened at your counter"),
        _l("A one-time code opens an account; only the counter that opened it may print another."),
        _l("A candidate with an e-mail address can ask for a new password."),
    ),
}

AUDIT: Mapping[str, str] = {
    "accounts.organisation_created": _l("Organisation created"),
    "accounts.registration_requested": _l("Registration requested"),
    "accounts.registered": _l("Account of a candidate opened"),
    "accounts.email_confirmed": _l("E-mail address confirmed"),
    "accounts.staff_invited": _l("Member of staff invited"),
    "accounts.opened": _l("Account opened by the installation"),
    "accounts.counter_code_issued": _l("One-time code printed at the counter"),
    "accounts.language_chosen": _l("Language chosen"),
    "accounts.disabled": _l("Account closed"),
    "accounts.signed_in": _l("Signed in"),
    "accounts.signed_out": _l("Signed out"),
    "accounts.sessions_ended": _l("Other sessions ended"),
    "accounts.password_changed": _l("Password changed"),
    "accounts.reset_requested": _l("New password asked for"),
    "accounts.password_reset": _l("New password chosen"),
    "accounts.second_factor_prepared": _l("Second factor prepared"),
    "accounts.second_factor_set_up": _l("Second factor set up"),
    "accounts.second_factor_removed": _l("Second factor removed"),
    "accounts.erasure_proposed": _l("Erasure of a person proposed"),
    "accounts.erasure_withdrawn": _l("Proposal to erase a person withdrawn"),
    "accounts.person_erased": _l("Person erased by decision"),
    "accounts.role_proposed": _l("Role proposed"),
    "accounts.role_granted": _l("Role granted"),
    "accounts.role_revoked": _l("Role taken back"),
}
