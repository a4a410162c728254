# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a form, as a list of links to the fields."""

import dataclasses
from collections.abc import Iterator
from typing import Any


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """One entry of the error summary."""

    text: str
    href: str | None = None


def form_errors(form: Any) -> list[Problem]:
    """Return every problem of the form: the form's own first, then each field's, by name, in order."""
    own = [Problem(str(message)) for message in form.form_errors]
    return own + list(_field_problems(form, ""))


def _field_problems(form: Any, prefix: str) -> Iterator[Problem]:
    for field in form:
        yield from _problems(field, prefix)


def _problems(field: Any, prefix: str) -> Iterator[Problem]:
    label = f"{prefix}{field.label.text}"
    if hasattr(field, "entries"):
        for place, entry in enumerate(field.entries, start=1):
            yield from _entry_problems(entry, f"{label} {place} – ")
    elif hasattr(field, "form"):
        yield from _field_problems(field.form, f"{label} – ")
    elif field.errors:
        yield Problem(_named(label, str(field.errors[0])), f"#{field.id}")


def _entry_problems(entry: Any, prefix: str) -> Iterator[Problem]:
    if hasattr(entry, "form"):
        yield from _field_problems(entry.form, prefix)
    elif entry.errors:
        yield Problem(f"{prefix}{_lowered(str(entry.errors[0]))}", f"#{entry.id}")


def _named(label: str, message: str) -> str:
    """Return the message with the field's name, unless it names the field itself."""
    return message if label.casefold() in message.casefold() else f"{label}: {_lowered(message)}"


def _lowered(message: str) -> str:
    """Return the message as the second half of a sentence; an abbreviation at its start stays."""
    return message if message[1:2].isupper() else message[:1].lower() + message[1:]
