# SPDX-License-Identifier: Apache-2.0
"""A browser without a screen: pages, their forms with the tokens in them, and cookies of one person."""

import dataclasses
import functools
import ssl
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import httpx
from lxml import html

TIMEOUT_SECONDS = 60.0
BUSY = 429
MOST_WAITS = 40
_NO_VALUE = frozenset({"submit", "button", "image", "reset", "file"})

Upload = tuple[str, bytes, str]
Value = str | Sequence[str] | Upload | None


class Refused(Exception):
    """The portal did not do what was asked; the message says which page, and what it answered."""


@dataclasses.dataclass(slots=True)
class WebForm:
    """A form as it stands on a page: its address, and its fields with their present values."""

    action: str
    values: dict[str, list[str]]
    files: frozenset[str]
    buttons: tuple[tuple[str, str], ...]

    def names(self) -> frozenset[str]:
        """Return the names of all fields."""
        return frozenset(self.values) | self.files

    def filled(self, **fields: Value) -> tuple[dict[str, list[str]], list[tuple[str, Upload]]]:
        """Return values and files to send; a field that the form does not have is a fault of the page."""
        values = {name: list(found) for name, found in self.values.items()}
        uploads: list[tuple[str, Upload]] = []
        for name, given in fields.items():
            if name not in self.names() and (name, given) not in self.buttons:
                raise Refused(f"the form {self.action} has no field {name}; it has {sorted(self.names())}")
            if isinstance(given, tuple) and name in self.files:
                uploads.append((name, (str(given[0]), bytes(given[1]), str(given[2]))))
            elif given is None:
                values[name] = []
            else:
                values[name] = [given] if isinstance(given, str) else [str(one) for one in given]
        return values, uploads


@dataclasses.dataclass(slots=True)
class Page:
    """What the portal answered."""

    url: str
    status: int
    tree: Any

    def title(self) -> str:
        """Return the page's heading."""
        return " ".join(_words(found) for found in self.tree.xpath("//h1")[:1])

    def text(self) -> str:
        """Return the words of the page's main part."""
        main = self.tree.xpath("//main") or [self.tree]
        return _words(main[0])

    def links(self, part: str) -> list[str]:
        """Return the addresses of the links that contain this part, each once, in their order."""
        found = [str(href) for href in self.tree.xpath("//a/@href") if part in href]
        return list(dict.fromkeys(found))

    def forms(self, part: str = "", *, having: str = "") -> list[WebForm]:
        """Return the forms whose address contains this part and that have this field."""
        found = [form_of(element, self.url) for element in self.tree.xpath("//form")]
        return [each for each in found if part in each.action and (not having or having in each.names())]

    def form(self, part: str = "", *, having: str = "") -> WebForm:
        """Return the one form meant; its absence is a fault of the page, or a refusal."""
        found = self.forms(part, having=having)
        if not found:
            raise Refused(f"{self.url}: no form for {part or having!r} on “{self.title()}”")
        return found[0]


class Browser:
    """One person at one computer."""

    def __init__(
        self,
        base_url: str,
        language: str = "vi",
        *,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self.base_url = base_url
        self._client = httpx.Client(
            base_url=base_url,
            timeout=TIMEOUT_SECONDS,
            follow_redirects=True,
            verify=trust or _trust(),
            headers={"User-Agent": "exam-portal rehearsal", "Accept-Language": language},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def is_patient(self, seconds: float) -> None:
        """It waits so long for an answer."""
        self._client.timeout = httpx.Timeout(seconds)

    def close(self) -> None:
        """Give the connection back."""
        self._client.close()

    def open(self, address: str) -> Page:
        """Return the page at this address."""
        return self._page(self._request("GET", address))

    def get(self, address: str) -> bytes:
        """Return a document as it is served."""
        answer = self._request("GET", address)
        _require(answer)
        return answer.content

    def submit(self, form: WebForm, /, **fields: Value) -> Page:
        """Send the form with these fields; a page that refuses it raises Refused with its words."""
        values, uploads = form.filled(**fields)
        answer = self._request(
            "POST",
            form.action,
            data=values,
            files=uploads or None,
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        return self._page(answer)

    def act(self, address: str, part: str = "", /, *, having: str = "", **fields: Value) -> Page:
        """Open a page and send the form meant."""
        return self.submit(self.open(address).form(part, having=having), **fields)

    def send_json(self, address: str, body: bytes) -> httpx.Response:
        """Send JSON as the player's script does."""
        headers = {"Content-Type": "application/json", "X-Sitting": "1", "Sec-Fetch-Site": "same-origin"}
        return self._client.post(address, content=body, headers=headers)

    def get_json(self, address: str) -> Any:
        """Return JSON as the player's script reads it."""
        answer = self._request("GET", address, headers={"X-Sitting": "1", "Sec-Fetch-Site": "same-origin"})
        _require(answer)
        return answer.json()

    def _request(self, method: str, address: str, **options: Any) -> httpx.Response:
        """Send a request; where the portal asks to come again later, come again later."""
        for _ in range(MOST_WAITS):
            answer = self._client.request(method, address, **options)
            if answer.status_code != BUSY:
                return answer
            time.sleep(min(float(answer.headers.get("Retry-After", "2")), 10.0))
        raise Refused(f"{address}: too many requests, again and again")

    def _page(self, answer: httpx.Response) -> Page:
        _require(answer)
        return _read(answer)


@functools.cache
def _trust() -> ssl.SSLContext:
    """Return the certificates that everybody's browser trusts: read once, not once for each person."""
    return httpx.create_ssl_context()


def local_path(address: str) -> str:
    """Return an address without its host."""
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _require(answer: httpx.Response) -> None:
    if answer.status_code >= 400:
        raise Refused(f"{answer.request.method} {answer.url}: {answer.status_code}: {_reason(answer)}")


def _read(answer: httpx.Response) -> Page:
    kind = answer.headers.get("Content-Type", "")
    content = answer.content if kind.startswith("text/html") and answer.content else b"<html></html>"
    return Page(url=str(answer.url), status=answer.status_code, tree=html.fromstring(content.decode("utf-8")))


def _reason(answer: httpx.Response) -> str:
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        return answer.text[:500]
    page = _read(answer)
    marked = page.tree.xpath(
        "//*[contains(concat(' ', @class, ' '), ' govuk-error-summary ')]"
        "|//*[contains(concat(' ', @class, ' '), ' govuk-error-message ')]"
        "|//*[contains(concat(' ', @class, ' '), ' ep-notice ')]"
    )
    told = " | ".join(dict.fromkeys(_words(found) for found in marked))
    return told[:1000] or page.text()[:400]


def _words(element: Any) -> str:
    return " ".join(str(element.text_content()).split())


def form_of(element: Any, url: str) -> WebForm:
    """Return the form that an element is, on a page with this address."""
    values: dict[str, list[str]] = {}
    files: set[str] = set()
    for field in element.xpath(".//input[@name]|.//select[@name]|.//textarea[@name]"):
        if field.get("disabled") is not None:
            continue
        kind = field.get("type", "text") if field.tag == "input" else field.tag
        if kind == "file":
            files.add(field.get("name"))
        elif kind not in _NO_VALUE:
            values.setdefault(field.get("name"), []).extend(_present(field, kind))
    buttons = tuple(
        (button.get("name"), button.get("value", ""))
        for button in element.xpath(".//button[@name]|.//input[@type='submit'][@name]")
    )
    return WebForm(
        action=urljoin(url, element.get("action") or url),
        values=values,
        files=frozenset(files),
        buttons=buttons,
    )


def _present(field: Any, kind: str) -> list[str]:
    if kind in {"radio", "checkbox"}:
        return [field.get("value", "on")] if field.get("checked") is not None else []
    if kind == "select":
        options = field.xpath(".//option")
        chosen = [option for option in options if option.get("selected") is not None] or options[:1]
        return [chosen[0].get("value", _words(chosen[0]))] if chosen else []
    if kind == "textarea":
        return [field.text or ""]
    return [field.get("value", "")]


def options_of(page: Page, name: str) -> Mapping[str, str]:
    """Return what a field offers to choose from: value to words."""
    found: dict[str, str] = {}
    for option in page.tree.xpath(f"//select[@name='{name}']//option[@value!='']"):
        found[option.get("value")] = _words(option)
    for choice in page.tree.xpath(f"//input[@name='{name}'][@type='radio' or @type='checkbox']"):
        label = page.tree.xpath(f"//label[@for='{choice.get('id')}']")
        found[choice.get("value")] = _words(label[0]) if label else ""
    return found
