# SPDX-License-Identifier: Apache-2.0
"""The texts of an item body: pictures in place, gaps marked, what no candidate sees left out."""

from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

from lxml import etree

from question_bank.formats import texts
from question_bank.formats.intake import Notes, Unreadable
from question_bank.formats.qti.names import line_of, text_of
from question_bank.formats.texts import Source

OPEN, CLOSE = "\ue000", "\ue001"  # stand for the brackets of a gap while its text is converted
CRITERION = "criterion"

_HIDDEN = frozenset(
    {"stylesheet", "infoControl", "templateBlockFeedback", "catalogInfo", "companionMaterialsInfo"}
)
_FEEDBACK = ("feedbackInline", "feedbackBlock")
_REFUSED = ("printedVariable", "templateInline", "templateBlock", "include")


@dataclass(frozen=True, slots=True)
class Criterion:
    """A row of a rubric: `outcome` holds its marks, `response` is what it judges."""

    key: str
    title: str
    guidance: str | None
    outcome: str
    response: str


@dataclass(slots=True)
class Parts:
    """Reads the texts of one item; `picture` gives a data address for a file of the package."""

    notes: Notes
    picture: Callable[[str], str | None]
    guidance: list[str] = field(default_factory=list)
    criteria: list[Criterion] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)

    def clean(self, body: etree._Element) -> None:
        """What is not part of the question is taken out of the body, named where it says something."""
        for element in list(body.iter(*_REFUSED)):
            message = f"The text holds <{element.tag!s}>, which is filled in by a program."
            raise Unreadable(line_of(element), "template_processing", message, str(element.tag))
        for element in list(body.iter("rubricBlock")):
            self._rubric(element)
        for element in list(body.iter(*_HIDDEN)):
            drop(element)
        for element in body.iter("span"):
            if element.get("class") == "deleted":
                element.tag = "del"
        for element in list(body.iter("object", "img")):
            self._media(element)

    def feedback_in(self, element: etree._Element) -> str | None:
        """The feedback inside a choice, taken out of it."""
        found = [inner(each) for each in element.iter(*_FEEDBACK)]
        for each in list(element.iter(*_FEEDBACK)):
            drop(each)
        return texts.feedback(Source("".join(found), "html", line_of(element)), self.notes) if found else None

    def drop_feedback(self, body: etree._Element) -> None:
        """Feedback between the paragraphs of the body is left out, and counted."""
        for element in list(body.iter(*_FEEDBACK)):
            if text_of(element):
                self._count(element)
            drop(element)

    def stem(self, element: etree._Element) -> str:
        """The element's content as Markdown; marks of gaps get their brackets."""
        found = texts.stem(Source(inner(element), "html", line_of(element)), self.notes)
        return found.replace(OPEN, "[[").replace(CLOSE, "]]")

    def option(self, element: etree._Element) -> str:
        """The element's content as plain text."""
        return texts.option(Source(inner(element), "html", line_of(element)), self.notes)

    def feedback(self, element: etree._Element) -> str | None:
        """The element's content as Markdown without pictures."""
        return texts.feedback(Source(inner(element), "html", line_of(element)), self.notes)

    def _rubric(self, element: etree._Element) -> None:
        views = set(element.get("view", "").split())
        if views and "candidate" not in views:
            if "scorer" in views and (found := self._criterion(element)):
                self.criteria.append(found)
            elif "scorer" in views and (said := self.feedback(element)):
                self.guidance.append(said)
            elif text_of(element):
                self._count(element)
            drop(element)
        else:
            element.tag = "div"
            element.attrib.clear()

    def _criterion(self, element: etree._Element) -> Criterion | None:
        """The criterion that the block names in its first paragraph, where it is one."""
        classes = element.get("class", "").split()
        title = next(iter(element), None)
        if classes[:1] != [CRITERION] or len(classes) != 2 or title is None:
            return None
        name = text_of(title)
        element.remove(title)
        guidance = self.feedback(element) if text_of(element) else None
        return Criterion(element.get("label", ""), name, guidance, element.get("id", ""), classes[1])

    def _media(self, element: etree._Element) -> None:
        is_picture = element.tag == "img" or element.get("type", "").startswith("image/")
        address = element.get("src") or element.get("data") or ""
        if not is_picture and not element.get("type", "image/").startswith("image/"):
            return  # the reader of texts names what cannot be kept
        found = self.picture(address) if address and not address.startswith("data:") else None
        alt, tail = element.get("alt") or text_of(element), element.tail
        for child in list(element):
            element.remove(child)
        element.attrib.clear()
        element.text, element.tail = None, tail
        element.tag = "img"
        element.set("src", found or address)
        element.set("alt", alt)

    def _count(self, element: etree._Element) -> None:
        name = f"<{element.tag!s}>"
        self.left_out.setdefault(name, line_of(element))


def inner(element: etree._Element) -> str:
    """The HTML inside an element."""
    pieces = [escape(element.text or "", quote=False)]
    pieces += [etree.tostring(child, method="html", encoding="unicode") for child in element]
    return "".join(pieces)


def replace_by_text(element: etree._Element, text: str) -> None:
    """The element gives way to a text in its place."""
    element.tail = text + (element.tail or "")
    drop(element)


def replace_by_prompt(interaction: etree._Element) -> None:
    """The interaction gives way to its prompt."""
    prompt = interaction.find("prompt")
    tail = interaction.tail
    for child in list(interaction):
        if child is not prompt:
            interaction.remove(child)
    interaction.attrib.clear()
    interaction.tag, interaction.text, interaction.tail = "div", None, tail
    if prompt is not None:
        prompt.tag, prompt.tail = "div", None


def drop(element: etree._Element) -> None:
    """The element goes; what stands behind it stays."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    tail = element.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)
