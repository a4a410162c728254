# SPDX-License-Identifier: Apache-2.0
"""What surrounds every page: the hooks through which higher layers fill header, menus and workspace."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Literal, TypeAlias, cast
from urllib.parse import urlencode

import flask

from exam_portal.web.hooks import HallPlace

EXTENSION = "exam_portal.chrome"
LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}

PhaseState: TypeAlias = Literal["done", "current", "ahead", "stopped"]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One entry of a menu."""

    text: str
    href: str
    current: bool = False
    count: int | None = None  # what waits there for the reader
    group: str = ""  # heading under which the entry stands in a room list


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One step of a competition, as the stepper shows it."""

    text: str
    state: PhaseState
    note: str = ""  # a date, or the reason why it stopped


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """The competition in whose rooms the reader works."""

    code: str
    title: str
    organisation: str
    href: str
    rooms: Sequence[Link] = ()
    phases: Sequence[Phase] = ()
    is_rehearsal: bool = False


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who is signed in, and the entries of the account menu."""

    name: str
    note: str = ""  # duty or organisation
    links: Sequence[Link] = ()
    sign_out: str | None = None  # address of the act (POST)


def _no_links() -> Sequence[Link]:
    return ()


def _no_account() -> Account | None:
    return None


def _no_workspace() -> Workspace | None:
    return None


def _language_query(language: str) -> str:
    arguments = flask.request.args.to_dict(flat=False) | {"lang": [language]}
    return f"{flask.request.path}?{urlencode(arguments, doseq=True)}"


@dataclasses.dataclass(slots=True, kw_only=True)
class Chrome:
    """The providers, each called while a page is rendered."""

    navigation: Callable[[], Sequence[Link]] = _no_links
    account: Callable[[], Account | None] = _no_account
    workspace: Callable[[], Workspace | None] = _no_workspace
    language_href: Callable[[str], str] = _language_query
    sign_in_href: Callable[[], str | None] = lambda: None
    hall: Callable[[], HallPlace | None] = lambda: None  # where this installation holds one sitting
    home_href: str = "/"
    accessibility_href: str | None = None


def fill(
    app: flask.Flask,
    *,
    navigation: Callable[[], Sequence[Link]] | None = None,
    account: Callable[[], Account | None] | None = None,
    workspace: Callable[[], Workspace | None] | None = None,
    language_href: Callable[[str], str] | None = None,
    sign_in_href: Callable[[], str | None] | None = None,
    accessibility_href: str | None = None,
) -> None:
    """The given providers answer from now on; those left out stay as they were."""
    chrome = cast("Chrome", app.extensions.setdefault(EXTENSION, Chrome()))
    chrome.navigation = navigation or chrome.navigation
    chrome.account = account or chrome.account
    chrome.workspace = workspace or chrome.workspace
    chrome.language_href = language_href or chrome.language_href
    chrome.sign_in_href = sign_in_href or chrome.sign_in_href
    chrome.accessibility_href = accessibility_href or chrome.accessibility_href


def current() -> Chrome:
    """Return the chrome of the running application."""
    return cast("Chrome", flask.current_app.extensions.setdefault(EXTENSION, Chrome()))


def language_links() -> Sequence[Link]:
    """Return one entry per language, each written in its own language."""
    return [
        Link(text=name, href=current().language_href(code), group=code) for code, name in LANGUAGES.items()
    ]
