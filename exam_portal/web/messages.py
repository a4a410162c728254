# SPDX-License-Identifier: Apache-2.0
"""Words for refusals, enum members and audit codes: each slice's ``messages.py`` declares them as data.

A slice may define ``ERRORS`` (error class -> Words, or a function of the error that returns Words),
``LABELS`` (enum member -> text) and ``AUDIT`` (dotted leaf type -> text). All texts are lazy translations.
"""

import enum
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import NamedTuple, TypeAlias, cast

from flask import Flask, current_app
from flask_babel import lazy_gettext as _l

from exam_portal.core.antivirus import FileInfected, ScannerSilent
from exam_portal.core.errors import DomainError, Forbidden, NotFound, StaleState
from exam_portal.core.filetypes import FileTypeRefused
from exam_portal.core.keystore import KeyErased
from exam_portal.core.pdf.queue import PrinterBusy
from exam_portal.core.storage import FileTooLarge

EXTENSION = "exam_portal.messages"


class Words(NamedTuple):
    """What happened, what the rule or the deadline was, and what can be done now."""

    title: str
    body: str = ""
    remedy: str = ""


Wording: TypeAlias = Words | Callable[..., Words]


def _too_large(error: FileTooLarge) -> Words:
    return Words(
        _l("The file is too large"),
        _l("A file may have at most %(limit)s MB.", limit=error.limit // 1_000_000),
        _l("Scan the document again at 200 dots per inch, or divide it into several files."),
    )


ERRORS: Mapping[type[DomainError], Wording] = {
    DomainError: Words(
        _l("This cannot be done now"),
        _l("A rule of the competition does not allow this act. Nothing has been changed."),
        _l("Go back, look at the current state and try again, or ask the secretary of the council."),
    ),
    NotFound: Words(
        _l("Page not found"),
        _l("There is no such page, or it is not open to you."),
        _l("Check the address, or start again from the home page."),
    ),
    Forbidden: Words(
        _l("You may not do this"),
        _l("Your account does not hold the role that this page asks for."),
        _l("If your duties include this task, ask the organiser to propose the role for you."),
    ),
    StaleState: Words(
        _l("Somebody else acted first"),
        _l("The state has changed since you opened the page. Nothing has been changed by you."),
        _l("Open the page again and look at what has been done."),
    ),
    KeyErased: Words(
        _l("This has been erased"),
        _l("What stood here was erased by a signed decision and cannot be brought back by anybody."),
        _l("That it was here, and when it was erased, stands in the record."),
    ),
    PrinterBusy: Words(
        _l("Very many documents are being printed just now"),
        _l("This one was not made. Nothing else is affected."),
        _l("Wait a few seconds, then ask for the document again."),
    ),
    FileTooLarge: _too_large,
    FileTypeRefused: Words(
        _l("This kind of file is not accepted"),
        _l("PDF, JPG, PNG and Word files (DOCX) without macros are accepted; the content counts."),
        _l("Save or scan the document as PDF and upload it again."),
    ),
    FileInfected: Words(
        _l("The file was refused by the virus scanner"),
        _l("The scanner found something harmful in the file. Nothing of it has been stored."),
        _l("Check your computer, make the document anew and upload it again."),
    ),
    ScannerSilent: Words(
        _l("Files cannot be taken at the moment"),
        _l("The virus scanner does not answer, and no file is taken unseen. Nothing has been stored."),
        _l("Try again in a few minutes; the organiser can also take the document in at the counter."),
    ),
}

FAILURES: Mapping[str, str] = {
    "CalledProcessError": _l("The computation broke off."),
    "TimeoutExpired": _l("The computation took longer than it may."),
    "MemoryError": _l("The computation needed more memory than it may use."),
    "OperationalError": _l("The database did not answer in time."),
    "ConnectionError": _l("Another service could not be reached."),
    "OSError": _l("The disk or the network refused."),
}


class Registry:
    """The words of one application."""

    def __init__(self) -> None:
        self.errors: dict[type[DomainError], Wording] = dict(ERRORS)
        self.labels: dict[tuple[type[enum.Enum], str], str] = {}
        self.audit: dict[str, str] = {}

    def declare(self, module: ModuleType) -> None:
        """The words of the slice's ``messages`` module are known."""
        self.errors.update(getattr(module, "ERRORS", {}))
        self.labels.update({_key(member): text for member, text in getattr(module, "LABELS", {}).items()})
        self.audit.update(getattr(module, "AUDIT", {}))


def init_app(app: Flask) -> None:
    """The application has a registry of words, and its templates can ask for labels."""
    app.extensions[EXTENSION] = Registry()
    app.jinja_env.globals.update(label=label, audit_label=audit)


def declare(app: Flask, module: ModuleType) -> None:
    """The words of the slice's ``messages`` module are known to the application."""
    cast("Registry", app.extensions[EXTENSION]).declare(module)


def registry() -> Registry:
    """Return the words of the running application."""
    return cast("Registry", current_app.extensions[EXTENSION])


def words(error: DomainError) -> Words:
    """Return what the reader is told about a refusal: the words of its class, or of the nearest above it."""
    known = registry().errors
    wording = next(known[kind] for kind in type(error).__mro__ if kind in known)
    return wording if isinstance(wording, Words) else wording(error)


def label(member: enum.Enum) -> str:
    """Return the reader's word for an enum member; its value while nobody has worded it."""
    found = registry().labels.get(_key(member))
    return str(found) if found is not None else str(member.value).replace("_", " ")


def failure(name: str | None) -> str:
    """Return in plain words why a job failed, from the name of its error: the text of one is kept nowhere."""
    if name is not None and name in FAILURES:
        return str(FAILURES[name])
    for kind, wording in registry().errors.items():
        if kind.__name__ == name and isinstance(wording, Words):
            return f"{wording.title}. {wording.body}"
    unknown = _l("A fault that the portal does not know (%(name)s); its log tells more.", name=name or "–")
    return str(unknown)


def audit(code: str) -> str:
    """Return the reader's words for the dotted type of a leaf; the code itself while nobody has worded it."""
    return str(registry().audit.get(code, code))


def _key(member: enum.Enum) -> tuple[type[enum.Enum], str]:
    """Return what tells members apart: those of string enums are equal to each other across enums."""
    return type(member), member.name
