# SPDX-License-Identifier: Apache-2.0
"""Checks of what was typed. Each takes its own message; without one it speaks for itself."""

import re
from collections.abc import Callable
from typing import Any, TypeAlias

from flask_babel import lazy_gettext as _l
from wtforms import validators
from wtforms.validators import StopValidation, ValidationError

Check: TypeAlias = Callable[[Any, Any], None]
Refusal = ValidationError

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


class _Required(validators.InputRequired):
    """Something was sent, and it is more than blanks, which a line of text leaves out."""

    def __call__(self, form: Any, field: Any) -> None:
        super().__call__(form, field)
        if field.data == "":
            validators.DataRequired(self.message)(form, field)


def required(message: object = None) -> Check:
    """The field holds something other than blanks."""
    check: Check = _Required(message)
    return check


def optional() -> Check:
    """An empty field passes and the checks after this one are skipped."""
    check: Check = validators.Optional()
    return check


def required_later() -> Check:
    """An empty field passes here; its label does not call it optional, for it is asked for elsewhere.

    So is an application's while it is a draft, and a field that another one of the form may stand in for.
    """
    check = validators.Optional()
    check.field_flags = {}
    later: Check = check
    return later


def length(*, low: int = 0, high: int, message: object = None) -> Check:
    """The text has between ``low`` and ``high`` characters."""

    def check(_form: Any, field: Any) -> None:
        written = len(field.data or "")
        if written > high:
            raise ValidationError(message or _l("Write at most %(count)s characters", count=high))
        if written < low:
            raise ValidationError(message or _l("Write at least %(count)s characters", count=low))

    return check


def between(low: Any, high: Any, message: object = None) -> Check:
    """The value lies between the two, both included."""

    def check(_form: Any, field: Any) -> None:
        if field.data is not None and not low <= field.data <= high:
            raise ValidationError(message or _l("Give a value from %(low)s to %(high)s", low=low, high=high))

    return check


def at_least(low: Any, message: object = None) -> Check:
    """The value is not below ``low``."""

    def check(_form: Any, field: Any) -> None:
        if field.data is not None and field.data < low:
            raise ValidationError(message or _l("Give %(low)s or more", low=low))

    return check


def at_most(high: Any, message: object = None) -> Check:
    """The value is not above ``high``."""

    def check(_form: Any, field: Any) -> None:
        if field.data is not None and field.data > high:
            raise ValidationError(message or _l("Give %(high)s or less", high=high))

    return check


def pattern(expression: str, message: object) -> Check:
    """The whole text matches the expression."""
    compiled = re.compile(expression)

    def check(_form: Any, field: Any) -> None:
        if field.data and not compiled.fullmatch(field.data):
            raise ValidationError(message)

    return check


def email(message: object = None) -> Check:
    """The text looks like an e-mail address; only a letter that arrives proves that it is one."""
    return pattern(_EMAIL.pattern, message or _l("Write an e-mail address such as name@example.org"))


def same_as(other: str, message: object) -> Check:
    """The field repeats another one exactly."""

    def check(form: Any, field: Any) -> None:
        if field.data != form[other].data:
            raise ValidationError(message)

    return check


def file_kind(*extensions: str, message: object = None) -> Check:
    """The chosen file has one of the endings; what is inside is checked where it is stored."""

    def check(_form: Any, field: Any) -> None:
        ending = (field.data.filename if field.data else "").rpartition(".")[2].lower()
        if field.data and ending not in extensions:
            kinds = ", ".join(extensions)
            raise StopValidation(message or _l("Choose a file of one of these kinds: %(kinds)s", kinds=kinds))

    return check
