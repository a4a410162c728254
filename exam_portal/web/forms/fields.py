# SPDX-License-Identifier: Apache-2.0
"""The fields of our forms: what is typed is read the Vietnamese way and shown again exactly as typed."""

import abc
import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import wtforms
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from wtforms.fields.choices import Choice, SelectChoice

from exam_portal.web import filters
from exam_portal.web.forms import uploads, widgets, wording

FieldList = wtforms.FieldList
FormField = wtforms.FormField


def _tidy(value: Any) -> Any:
    """Return the text composed (NFC), without white space around it and without what nobody sees in it."""
    if not isinstance(value, str):
        return value
    return unicodedata.normalize("NFC", filters.UNSEEN.sub("", value)).strip()


class StringField(wtforms.StringField):
    """A line of text, composed (NFC) and trimmed."""

    widget = widgets.TextInput()

    def __init__(self, label: object = None, validators: Iterable[Any] = (), **kwargs: Any) -> None:
        kwargs.setdefault("filters", [_tidy])
        super().__init__(label, list(validators), **kwargs)


class EmailField(StringField):
    """An e-mail address."""

    widget = widgets.TextInput(type="email", autocomplete="email", spellcheck="false")


class PasswordField(wtforms.PasswordField):
    """A secret: taken as typed, never sent back."""

    widget = widgets.PasswordInput()


class TextAreaField(StringField):
    """Several lines of text."""

    widget = widgets.TextArea()


class BooleanField(wtforms.BooleanField):
    """One box to tick."""

    widget = widgets.Checkbox()


class HiddenField(wtforms.HiddenField):
    """A value that travels with the form."""


def _or_nothing(coerce: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value in (None, "") else coerce(value)


def _as_choices(choices: Iterable[Any] | None) -> list[SelectChoice] | None:
    return None if choices is None else [SelectChoice.from_input(choice) for choice in choices]


class _OneOf:
    """Choices may be written as pairs, or as triples with ``{"hint": …}``; no choice made is ``None``."""

    data: Any

    def __init__(
        self,
        label: object = None,
        validators: Iterable[Any] = (),
        *,
        coerce: Callable[[Any], Any] = str,
        choices: Iterable[Any] | None = None,
        **kwargs: Any,
    ) -> None:
        read = _or_nothing(coerce)
        super().__init__(label, list(validators), coerce=read, choices=_as_choices(choices), **kwargs)  # type: ignore[call-arg]

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, _as_choices(value) if name == "choices" else value)

    def pre_validate(self, form: Any) -> None:
        """No choice at all is for ``required`` to refuse."""
        if self.data is not None:
            super().pre_validate(form)  # type: ignore[misc]


class SelectField(_OneOf, wtforms.SelectField):
    """One of many."""

    widget = widgets.Select()

    def __init__(
        self,
        label: object = None,
        validators: Iterable[Any] = (),
        *,
        blank: object = wording.CHOOSE,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self._blank = blank

    def iter_choices(self) -> Iterable[Choice]:
        """Yield the choices, an empty one first unless ``blank=None``."""
        if self._blank is not None:
            yield Choice("", str(self._blank), self.data is None, {})
        yield from super().iter_choices()


class RadioField(_OneOf, wtforms.RadioField):
    """One of a few."""

    widget = widgets.Radios()


class CheckboxesField(wtforms.SelectMultipleField):
    """Any of a few: a list."""

    widget = widgets.Checkboxes()
    option_widget = wtforms.widgets.CheckboxInput()

    def __init__(
        self,
        label: object = None,
        validators: Iterable[Any] = (),
        *,
        choices: Iterable[Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, list(validators), choices=_as_choices(choices), **kwargs)

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, _as_choices(value) if name == "choices" else value)


def _short(mode: str, width: int) -> widgets.TextInput:
    return widgets.TextInput(
        inputmode=mode, classes=f"govuk-input--width-{width} ep-figures", autocomplete="off"
    )


class _Typed(wtforms.Field):
    """A value read from a line of text; what could not be read is shown again as it was typed."""

    widget = widgets.TextInput()
    unreadable: object

    def __init__(self, label: object = None, validators: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(label, list(validators), **kwargs)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self._write(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the value, or refuse it in words."""
        typed = _tidy(valuelist[0]) if valuelist else ""
        self.data = None
        if typed:
            try:
                self.data = self._read(typed)
            except ValueError as problem:
                raise ValueError(str(self.unreadable)) from problem

    @abc.abstractmethod
    def _read(self, typed: str) -> Any:
        """Return the value, or raise ``ValueError``."""

    @abc.abstractmethod
    def _write(self, value: Any) -> str:
        """Return the value as a person would type it."""


class IntegerField(_Typed):
    """A whole number."""

    widget = _short("numeric", 5)
    unreadable = _l("Write a whole number, such as 3")

    def _read(self, typed: str) -> int:
        if not re.fullmatch(r"-?\d{1,9}", typed, re.ASCII):
            raise ValueError(typed)
        return int(typed)

    def _write(self, value: int) -> str:
        return str(value)


class DecimalField(_Typed):
    """A decimal number, with comma or point, as exact ``Decimal``."""

    widget = _short("decimal", 5)
    unreadable = _l("Write a number, such as 84,5")

    def _read(self, typed: str) -> Decimal:
        if not re.fullmatch(r"-?\d{1,9}([.,]\d{1,6})?", typed, re.ASCII):
            raise ValueError(typed)
        return Decimal(typed.replace(",", "."))

    def _write(self, value: Decimal) -> str:
        return filters.mark(value)


def _day(typed: str) -> dt.date:
    """Read 27/3/2026, 27-03-2026, 27.03.2026 or 2026-03-27."""
    if match := re.fullmatch(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})", typed, re.ASCII):
        day, month, year = map(int, match.groups())
        return dt.date(year, month, day)
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", typed, re.ASCII):
        raise ValueError(typed)
    return dt.date.fromisoformat(typed)


class DateField(_Typed):
    """A calendar day, typed as day/month/year: a native picker would follow the browser's country."""

    widget = _short("numeric", 10)
    unreadable = _l("Write the date as day/month/year, such as 27/03/2026")

    def __init__(self, label: object = None, validators: Iterable[Any] = (), **kwargs: Any) -> None:
        kwargs.setdefault("description", _l("For example 27/03/2026"))
        super().__init__(label, validators, **kwargs)

    def _read(self, typed: str) -> dt.date:
        return _day(typed)

    def _write(self, value: dt.date) -> str:
        return filters.date(value)


class InstantField(_Typed):
    """Date and time on the clocks of Viet Nam, as an aware UTC instant."""

    widget = _short("text", 10)
    unreadable = _l("Write date and time as day/month/year hour:minute, such as 27/03/2026 17:00")

    def __init__(self, label: object = None, validators: Iterable[Any] = (), **kwargs: Any) -> None:
        kwargs.setdefault("description", _l("For example 27/03/2026 17:00"))
        super().__init__(label, validators, **kwargs)

    def _read(self, typed: str) -> dt.datetime:
        day, _, time = typed.replace("T", " ").partition(" ")
        match = re.fullmatch(r"\s*(\d{1,2})[:h](\d{2})(?::(\d{2}))?", time, re.ASCII)
        if match is None:
            raise ValueError(typed)
        hour, minute, second = (int(part or 0) for part in match.groups())
        local = dt.datetime.combine(_day(day), dt.time(hour, minute, second), tzinfo=filters.LOCAL)
        return local.astimezone(dt.UTC)

    def _write(self, value: dt.datetime) -> str:
        return filters.instant(value, seconds=bool(value.second))


class FileField(wtforms.FileField):
    """One file: a ``FileStorage``, or ``None``."""

    widget = widgets.FileInput()
    was_sent = False

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep the chosen file; an empty choice is none."""
        chosen = [file for file in valuelist if isinstance(file, FileStorage) and file.filename]
        self.data = chosen[0] if chosen else None
        self.raw_data = chosen
        self.was_sent = bool(chosen)

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 - the library's signature
        """Refuse a file that is too large or that the scanner does not let pass, before anything reads it."""
        if self.data is not None:
            uploads.check(self.data)
