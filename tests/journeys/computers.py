# SPDX-License-Identifier: Apache-2.0
"""People of a hall at computers of the closed network: with the portal's protocol, or in a real browser."""

import ctypes
import dataclasses
import os
import re
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import Any, TypeVar

import httpx
from playwright.sync_api import expect

from exam_portal.rehearsal.browser import Browser, Page
from exam_portal.rehearsal.writing import Writer
from tests.journeys.closed_network import ClosedNetwork
from tests.journeys.screen import Screen

T = TypeVar("T")
NETWORK = 0x40000000  # CLONE_NEWNET
PATIENCE = 60_000
RIGHT, WRONG = "Chủ tịch", "Giám đốc Sở"
ATTEMPT = re.compile(r"/sit/([a-z2-7]{26})$")


class Computer:
    """A thread that lives in the network of one host: whatever it connects to, it connects to from there."""

    def __init__(self, network: ClosedNetwork, host: str) -> None:
        self._hand = ThreadPoolExecutor(1, initializer=_move_to, initargs=(network.space(host),))

    def does(self, act: Callable[..., T], *words: Any, **named: Any) -> Future[T]:
        """The act is done there, one after the other."""
        return self._hand.submit(act, *words, **named)

    def close(self) -> None:
        """Nobody sits there any more."""
        self._hand.shutdown()


def _move_to(space: str) -> None:
    place = os.open(f"/run/netns/{space}", os.O_RDONLY)
    try:
        if ctypes.CDLL(None, use_errno=True).setns(place, NETWORK):
            raise OSError(ctypes.get_errno(), space)
    finally:
        os.close(place)


@dataclasses.dataclass
class Person:
    """Somebody who uses plain pages at a computer."""

    computer: Computer
    browser: Browser

    def act(self, *words: Any, **fields: Any) -> Page:
        """Open a page there and send the form meant."""
        return self.computer.does(self.browser.act, *words, **fields).result()

    def open(self, address: str) -> Page:
        """Return the page at this address."""
        return self.computer.does(self.browser.open, address).result()


@dataclasses.dataclass
class Candidate:
    """A candidate whose computer speaks the player's protocol: the journal first, then the network."""

    computer: Computer
    browser: Browser
    right: int
    writer: Writer | None = None
    items: Sequence[Any] = ()
    refused: int = 0  # how often the network carried nothing
    given: dict[str, str] = dataclasses.field(default_factory=dict)

    def sit_down(self) -> None:
        """The attempt is this computer's."""
        page = self.browser.open("/me/sittings")
        attempt = next(found[1] for link in page.links("/sit/") if (found := ATTEMPT.search(link)))
        self.writer = Writer(self.browser, attempt)
        self.writer.take_place()

    def key_status(self) -> int:
        """Return how the portal answers whoever asks for the key of the form."""
        assert self.writer is not None
        page = self.browser.open(f"/sit/{self.writer.attempt}")
        form = page.tree.xpath("//*[@id='player']/@data-page")[0]
        address = re.search(r'"key": ?"([^"]+)"', form)
        assert address is not None
        return self.browser._client.get(address[1]).status_code

    def begin(self) -> None:
        """The paper is here."""
        assert self.writer is not None
        self.items = self.writer.read_paper()

    def answer(self, start: int, end: int) -> None:
        """These questions are answered in the journal; the first so many of the paper rightly."""
        assert self.writer is not None
        for place in range(start, end):
            item = self.items[place]
            words = RIGHT if place < self.right else WRONG
            option = next(one["id"] for one in item["options"] if words in one["text"])
            self.writer.keep(item["id"], option)
            self.given[item["id"]] = option

    def send(self) -> None:
        """Everything in the journal is acknowledged, however long the network is away."""
        assert self.writer is not None
        self.browser.is_patient(4)
        while self.writer.waiting:
            try:
                self.writer.send()
            except httpx.TransportError:
                self.refused += 1
                time.sleep(0.3)
        self.browser.is_patient(60)

    def left(self) -> timedelta:
        """Return how much time the server says is left."""
        assert self.writer is not None
        return timedelta(milliseconds=self.browser.get_json(f"{self.writer.base}/state")["remaining_ms"])

    def hand_in(self) -> None:
        """The attempt is sealed where this journal leads to, and everything promised is there."""
        assert self.writer is not None
        assert self.writer.stored() == self.writer.promised == len(self.given)
        self.writer.hand_in()


@dataclasses.dataclass
class AtScreen:
    """A candidate in a real browser."""

    screen: Screen
    right: int

    def sit_down(self, *, code: str = "") -> None:
        """The candidate waits at the computer, or goes on there with the code."""
        tab = self.screen.tab
        tab.goto("/me/sittings")
        tab.locator("main a.govuk-button").click()
        if code:
            tab.locator("input[name=code]").fill(code)
        tab.locator("main button[type=submit]").click()

    def sees(self, what: str) -> None:
        """This part of the player is on the screen."""
        expect(self.screen.tab.locator(what)).to_be_visible(timeout=PATIENCE)

    def answer(self, start: int, end: int) -> None:
        """These questions are answered: the first with the mouse, the others as fast as the page can."""
        tab = self.screen.tab
        words = [RIGHT if place < self.right else WRONG for place in range(start, end)]
        tab.locator(".ep-navigator__item").nth(start).click()
        tab.locator(".ep-option", has_text=words[0]).click()
        answered = tab.evaluate(ANSWER, [start + 1, words[1:]])
        assert answered == len(words) - 1

    def asks_again(self) -> None:
        """The page asks for the state at once, not within half a minute: the clock has jumped."""
        self.screen.tab.evaluate("window.dispatchEvent(new Event('online'))")

    def is_saved(self) -> None:
        """Everything is with the server."""
        self.sees("#save-state[data-state=saved]")

    def hand_in(self) -> None:
        """The candidate has handed in and holds a receipt."""
        self.screen.tab.locator(".ep-navigator button.ep-button").click()
        self.screen.tab.locator("#submit-dialog button[value=yes]").click()
        self.screen.tab.wait_for_url("**/receipt", timeout=PATIENCE)


ANSWER = """([start, words]) => {
  let answered = 0;
  words.forEach((text, index) => {
    document.querySelectorAll(".ep-navigator__item")[start + index].click();
    const option = [...document.querySelectorAll(".ep-option")].find((one) => one.textContent.includes(text));
    option.querySelector("input").click();
    answered += 1;
  });
  return answered;
}"""
