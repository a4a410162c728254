# SPDX-License-Identifier: Apache-2.0
"""A person at a real browser, with the same verbs as the rehearsal's: open a page, fill a form, send it.

Every page that is opened is read by axe-core once for each kind of page, and pictures are kept on demand.
"""

import dataclasses
import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlsplit

from lxml import html
from playwright.sync_api import Error, FilePayload, Locator, ViewportSize
from playwright.sync_api import Page as Tab

from exam_portal.rehearsal.browser import Browser, Page, Refused, Value, WebForm, form_of
from exam_portal.rehearsal.play import Play
from tests.harness.browser import Album

PUBLIC_ID = re.compile(r"[a-z2-7]{26}|\d+")
PHONE: ViewportSize = {"width": 360, "height": 740}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
MOVED = re.compile(
    "ERR_ABORTED|interrupted by another navigation|is navigating|context was destroyed|reading 'run'"
)
TRIES = 3
T = TypeVar("T")


@dataclasses.dataclass
class Journey:
    """What the people of one journey share: where they are, and the album of what they saw."""

    base_url: str
    new_person: Callable[..., Tab]
    album: Album
    seen: set[str] = dataclasses.field(default_factory=set)

    def somebody(self, login: str = "", password: str = "") -> "Screen":
        """Return the screen of a visitor, or of somebody who has signed in."""
        screen = Screen(self, self.new_person(base_url=self.base_url))
        if login:
            screen.act("/sign-in", having="password", login=login, password=password, next="/account")
        return screen

    def look(self, tab: Tab) -> None:
        """Have axe-core read the page, once for each kind of page."""
        kind = PUBLIC_ID.sub("…", urlsplit(tab.url).path)
        if kind not in self.seen:
            self.album.look(tab, _name(kind))
            self.seen.add(kind)


class Screen(Browser):
    """One person at one computer with a screen."""

    def __init__(self, journey: Journey, tab: Tab) -> None:
        self.base_url = journey.base_url
        self.journey = journey
        self.tab = tab

    def open(self, address: str) -> Page:
        """Return the page at this address, as it stands in the browser."""
        answer = self._once_it_stands(lambda: self.tab.goto(address))
        if answer is not None and answer.status >= 400:
            raise Refused(f"{address}: {answer.status}: {self._words()}")
        return self.page()

    def page(self) -> Page:
        """Return the page that is open."""
        self._once_it_stands(lambda: self.journey.look(self.tab))
        shown = self._once_it_stands(self.tab.content)
        return Page(url=self.tab.url, status=200, tree=html.fromstring(shown))

    def get(self, address: str) -> bytes:
        """Return a document as it is served to this person."""
        answer = self.tab.request.get(address)
        if not answer.ok:
            raise Refused(f"{address}: {answer.status}")
        return answer.body()

    def submit(self, form: WebForm, /, **fields: Value) -> Page:
        """Fill the form on the open page as a person does, and send it; a refusal raises Refused."""
        element = self._once_it_stands(lambda: self._element(form))
        seals = element.locator("xpath=ancestor::*[@data-ballot]").count() > 0  # its script sends it
        if seals:
            self.tab.wait_for_selector("[data-ballot][data-ready]")
        for fold in element.locator("xpath=ancestor::details[not(@open)]").all():
            fold.locator("summary").first.click()
        for box in element.locator("details:not([open])").all():
            if any(box.locator(f"[name='{name}']").count() for name in fields):
                box.locator("summary").first.click()
        pressed = {name: value for name, value in fields.items() if (name, value) in form.buttons}
        for name, value in fields.items():
            if name not in pressed:
                _fill(element, name, value)
        if seals:
            _button(element, pressed).click()
            self.tab.wait_for_selector("[data-ballot][data-shown='sealed']")
            return self.page()
        with self.tab.expect_navigation() as going:
            _button(element, pressed).click()
        answer = going.value
        if answer.status >= 400:
            self.journey.look(self.tab)
            raise Refused(f"{form.action}: {answer.status}: {self._words()}")
        return self.page()

    def act(self, address: str, part: str = "", /, *, having: str = "", **fields: Value) -> Page:
        """Open a page and send the form meant."""
        return self.submit(self.open(address).form(part, having=having), **fields)

    def keep(self, name: str) -> None:
        """Keep a picture of the page, wide and as on a telephone, where it is read again."""
        album = self.journey.album
        album.keep(self.tab, name)
        self.tab.set_viewport_size(PHONE)
        album.keep(self.tab, f"{name}-360")
        self._once_it_stands(lambda: album.read(self.tab))
        self.tab.set_viewport_size(DESKTOP)

    def read_in(self, language: str) -> None:
        """The open page stands in another language."""
        self.tab.context.add_cookies([{"name": "lang", "value": language, "url": self.base_url}])
        self._once_it_stands(self.tab.reload)

    def in_english(self, address: str, picture: str = "") -> str:
        """Return the words of a page as an English reader sees it; the screen reads Vietnamese again."""
        self.open(address)
        self.read_in("en")
        words = self.page().text()
        if picture:
            self.keep(f"{picture}-en")
        self.read_in("vi")
        return words

    def _once_it_stands(self, act: Callable[[], T]) -> T:
        """Do what a page that loads itself anew (its job has just ended) may cut off; then do it again."""
        for _ in range(TRIES - 1):
            try:
                return act()
            except Error as problem:
                if not MOVED.search(problem.message):
                    raise
                self.tab.wait_for_load_state()
        return act()

    def close(self) -> None:
        """Leave the computer."""
        self.tab.context.close()

    def _element(self, form: WebForm) -> Locator:
        forms = self.tab.locator("form")
        for number, source in enumerate(forms.evaluate_all("forms => forms.map(form => form.outerHTML)")):
            found = form_of(html.fragment_fromstring(str(source)), self.tab.url)
            if found.action == form.action and _fields(found) == _fields(form):
                return forms.nth(number)
        raise Refused(f"{self.tab.url}: the form {form.action} is not on the open page")

    def _words(self) -> str:
        problems = self.tab.locator(".govuk-error-summary, .govuk-error-message, .ep-notice")
        told: Sequence[str] = problems.all_inner_texts()
        return " | ".join(" ".join(each.split()) for each in told) or self.tab.title()


def screen_of(play: Play, key: str) -> Screen:
    """Return the screen at which this person sits."""
    found = play.staff[key]
    assert isinstance(found, Screen)
    return found


def _fields(form: WebForm) -> dict[str, list[str]]:
    """Return what a person sees of a form: the token is another one at each opening of the page."""
    return {name: values for name, values in form.values.items() if name != "csrf_token"}


def _fill(element: Locator, name: str, value: Value) -> None:
    field = element.locator(f"[name='{name}']")
    if field.count() == 0:
        raise Refused(f"the form has no field {name}")
    kind = str(field.first.evaluate("field => field.type || field.tagName.toLowerCase()"))
    if kind == "hidden":
        return
    if kind in {"radio", "checkbox"}:
        _tick(element, name, value)
    elif kind == "select-one":
        field.select_option(str(value))
    elif kind == "file" and isinstance(value, tuple):
        name_, content, media_type = value
        field.set_input_files(_payload(str(name_), content, str(media_type)))
    else:
        field.fill(str(value or ""))


def _payload(name: str, content: object, media_type: str) -> FilePayload:
    assert isinstance(content, bytes)
    return {"name": name, "mimeType": media_type, "buffer": content}


def _tick(element: Locator, name: str, value: Value) -> None:
    wanted = [value] if isinstance(value, str) else [str(one) for one in value or ()]
    for box in element.locator(f"[name='{name}']").all():
        is_wanted = box.get_attribute("value") in wanted
        if is_wanted and not box.is_checked():
            box.check(force=True)
        elif not is_wanted and box.is_checked() and box.get_attribute("type") == "checkbox":
            box.uncheck(force=True)


def _button(element: Locator, pressed: dict[str, Any]) -> Locator:
    for name, value in pressed.items():
        return element.locator(f"button[name='{name}'][value='{value}']")
    plain = element.locator("button[type='submit']:not([name]), button:not([type]):not([name])")
    return plain.first if plain.count() else element.locator("button[type='submit']").first


def _name(kind: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", kind.strip("/").replace("…", "x"))[-60:].strip("-") or "home"
