# SPDX-License-Identifier: Apache-2.0
"""What people type about accounts. Fields that are not named here are ignored, whatever a request brings."""

from typing import Any

from flask_babel import lazy_gettext as _l

from exam_portal.accounts import logins
from exam_portal.accounts.errors import UnfitLogin
from exam_portal.accounts.messages import ROLES
from exam_portal.audit.paper_form import OptionalPaperFields, SignedPaperFields
from exam_portal.core.actors import Role
from exam_portal.web.forms import (
    BooleanField,
    EmailField,
    Form,
    HiddenField,
    PasswordField,
    RadioField,
    Refusal,
    SelectField,
    StringField,
    email,
    length,
    optional,
    pattern,
    required,
    same_as,
)

LANGUAGES = (("vi", "Tiếng Việt"), ("en", "English"))


def _acceptable(_form: Form, field: Any) -> None:
    """Refuse an address that could be mistaken for another's."""
    try:
        logins.accepted(field.data or "")
    except UnfitLogin as problem:
        raise Refusal(_l("Use Latin letters without marks, as in name@example.vn")) from problem


class SignInForm(Form):
    """Name and password."""

    login = StringField(
        _l("E-mail address or account name"), [required(_l("Write your e-mail address or account name"))]
    )
    password = PasswordField(_l("Password"), [required(_l("Write your password"))])
    next = HiddenField()


class CodeForm(Form):
    """A code printed at the counter."""

    code = StringField(
        _l("One-time code"), [required(_l("Write the code as it is printed")), length(high=40)]
    )


class FiguresForm(Form):
    """The telephone's six figures."""

    figures = StringField(
        _l("Six figures"),
        [required(_l("Write the six figures")), pattern(r"\d{3} ?\d{3}", _l("Write six figures"))],
    )
    next = HiddenField()


class RegisterForm(Form):
    """Who registers as a candidate."""

    name = StringField(
        _l("Full name"), [required(_l("Write your name as on your identity card")), length(high=120)]
    )
    email = EmailField(
        _l("E-mail address"),
        [required(_l("Write your e-mail address")), email(), length(high=254), _acceptable],
    )
    consent = BooleanField(
        _l("I agree that the portal keeps these data to carry out the selection"),
        [required(_l("Without your agreement no account can be opened"))],
    )


class ChoosePasswordForm(Form):
    """A new password, twice."""

    password = PasswordField(_l("New password"), [required(_l("Choose a password"))])
    again = PasswordField(
        _l("New password once more"),
        [required(_l("Write the password once more")), same_as("password", _l("The two passwords differ"))],
    )


class ChangePasswordForm(ChoosePasswordForm):
    """The old password, and the new one twice."""

    old = PasswordField(_l("Present password"), [required(_l("Write your present password"))])


class ResetForm(Form):
    """Who has forgotten the password."""

    login = StringField(_l("E-mail address"), [required(_l("Write your e-mail address")), length(high=254)])


class LanguageForm(Form):
    """The language of letters and pages."""

    language = RadioField(_l("Language"), [required()], choices=LANGUAGES)


class ProposeForm(OptionalPaperFields):
    """A role for a person, who is invited if there is no such account yet."""

    email = EmailField(
        _l("E-mail address or account name"),
        [required(_l("Write the person's address")), length(high=254), _acceptable],
    )
    name = StringField(_l("Full name"), [optional(), length(high=120)])
    role = SelectField(_l("Role"), [required(_l("Choose a role"))], coerce=Role)

    def offer(self, roles: frozenset[Role]) -> None:
        """The roles that can be held here are offered, in the order in which they are needed."""
        self.role.choices = [(role, ROLES[role]) for role in Role if role in roles]


class FindForm(Form):
    """The person to be found."""

    login = StringField(
        _l("E-mail address or account name"), [required(_l("Write the person's address")), length(high=254)]
    )


class ErasureForm(SignedPaperFields):
    """The signed decision on which a person is erased."""


class OrganisationForm(Form):
    """An organisation below another."""

    name = StringField(_l("Name in Vietnamese"), [required(_l("Write the name")), length(high=200)])
    name_en = StringField(_l("Name in English"), [optional(), length(high=200)])
    place = StringField(
        _l("Place, as printed before the date"), [required(_l("Write the place")), length(high=100)]
    )
    governing_name = StringField(
        _l("Governing body, first line of the letterhead"), [optional(), length(high=200)]
    )


class CounterForm(Form):
    """A person at the counter who has no e-mail address."""

    name = StringField(
        _l("Full name"), [required(_l("Write the name as on the identity card")), length(high=120)]
    )
    phone = StringField(_l("Telephone"), [optional(), length(high=20)])
    language = RadioField(_l("Language"), [required()], choices=LANGUAGES, default="vi")


class RenewForm(Form):
    """A person whose printed code was lost."""

    login = StringField(
        _l("Account name"),
        [required(_l("Write the account name that is printed on the slip")), length(high=64)],
    )
