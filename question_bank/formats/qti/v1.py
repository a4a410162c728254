# SPDX-License-Identifier: Apache-2.0
"""QTI 1.2, as Canvas and its kin export it: each item is put into the words of 2.2, and read as such."""

from collections.abc import Callable, Iterator
from html import escape

from lxml import etree, html

from question_bank.fields import MOST_ENTRIES
from question_bank.formats import categories
from question_bank.formats.intake import Intake, Notes, Unreadable
from question_bank.formats.qti import items
from question_bank.formats.qti.names import line_of, text_of
from question_bank.formats.qti.probe import share_text
from question_bank.formats.qti.v1_rules import declare_outcomes, right_labels, translate
from question_bank.formats.qti.values import number
from question_bank.json_reader import Node

_RESPONSES = ("response_lid", "response_str", "response_num", "response_grp", "response_xy")
_REFUSED = {
    "calculated_question", "hot_spot_question", "file_upload_question", "response_grp", "response_xy",
}  # fmt: skip
_WITH_PLACEHOLDERS = {"fill_in_multiple_blanks_question", "multiple_dropdowns_question"}
_NOT_MATERIAL = {"math", "matapplet", "matapplication", "mataudio", "matvideo"}
_PAIRING = {"matching_question", "categorization_question"}
_MOST_CONDITIONS = 2_000
_PARSER = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_pis=True)


def questions(root: etree._Element) -> Iterator[tuple[etree._Element, tuple[str, ...]]]:
    """Every item with the titles of the banks and sections it stands in."""
    for item in [root] if root.tag == "item" else root.iter("item"):
        path = [_title(each) for each in item.iterancestors("section", "objectbank")]
        yield (
            item,
            tuple(categories.topics("/".join(title.replace("/", "//") for title in reversed(path) if title))),
        )


def draft(
    item: etree._Element, notes: Notes, picture: Callable[[str], str | None], intake: Intake
) -> dict[str, object]:
    """The keys of the item; raises `Unreadable` for what items cannot hold, by name."""
    about = _about(item)
    found = translated(item)
    made = items.draft(found, notes, picture, intake)
    points = number(about.get("points_possible", ""))
    if made["kind"] != "description":
        marks = made.get("marks")
        is_percent = isinstance(marks, Node) and marks.value == "100"
        if points is not None and points > 0:
            made["marks"] = share_text(points)
        elif is_percent:
            made["marks"] = None
    if made["kind"] == "essay" and isinstance(made.get("rubric"), list):
        made["rubric"] = _paid(made["rubric"], made.get("marks"))
    return made


def translated(item: etree._Element) -> etree._Element:
    """The item of 1.2 as an item of 2.2."""
    return _Translator(item, _about(item).get("question_type", "")).read()


def _paid(rubric: object, marks: object) -> object:
    """The one criterion of an essay is worth what the essay is worth."""
    for row in rubric if isinstance(rubric, list) else ():
        if isinstance(marks, str):
            row.value["max"] = Node(marks, row.line)
    return rubric


class _Translator:
    """Writes one item of 1.2 as an item of 2.2."""

    def __init__(self, item: etree._Element, kind: str) -> None:
        self._item = item
        self._kind = kind
        self._made = etree.Element(
            "assessmentItem", {"identifier": item.get("ident", ""), "title": item.get("title", "")}
        )
        self._presentation = item.find("presentation")

    def read(self) -> etree._Element:
        """The item of 2.2."""
        if self._item.find("itemmetadata/bbmd_questiontype") is not None:
            message = "The item is written in Blackboard's own words, which QTI does not know."
            raise Unreadable(line_of(self._item), "blackboard", message)
        if self._presentation is None:
            raise Unreadable(line_of(self._item), "no_body", "The item has no presentation.")
        responses = list(self._presentation.iter(*_RESPONSES))
        if (
            len(responses) > MOST_ENTRIES
            or sum(1 for _ in self._item.iter("respcondition")) > _MOST_CONDITIONS
        ):
            raise Unreadable(
                line_of(self._item), "too_many", "The item has more parts than an item may have."
            )
        refused = [name for name in (self._kind, *(str(each.tag) for each in responses)) if name in _REFUSED]
        if refused:
            message = f"Items have no counterpart for {refused[0]}."
            raise Unreadable(line_of(self._item), "unsupported_interaction", message, refused[0])
        body = self._body(responses)
        if self._kind in _PAIRING and responses:
            self._pairing(responses, body)
        elif self._kind != "text_only_question":
            for response in responses:
                self._response(response, body)
        self._made.append(body)
        declare_outcomes(self._made, self._item)
        if self._kind not in _PAIRING and self._kind != "fill_in_multiple_blanks_question":
            translate(self._made, self._item)
        for said in self._item.iterchildren("itemfeedback"):
            self._feedback(said)
        return self._made

    def _body(self, responses: list[etree._Element]) -> etree._Element:
        pieces = [_html(each) for each in _materials(self._presentation, _RESPONSES)]
        source = "".join(pieces)
        if self._kind in _WITH_PLACEHOLDERS:
            for response in responses:
                name = response.get("ident", "").removeprefix("response_")
                source = source.replace(f"[{name}]", f'<span data-gap="{escape(name)}"></span>', 1)
        body = etree.Element("itemBody")
        body.append(_fragment(source))
        return body

    def _response(self, response: etree._Element, body: etree._Element) -> None:
        name = response.get("ident", "RESPONSE")
        cardinality = response.get("rcardinality", "Single").lower()
        labels = list(response.iter("response_label"))
        place = _place(body, name.removeprefix("response_"))
        if self._kind == "fill_in_multiple_blanks_question":
            self._declare(name, "single", "string", worth={_label(each): "1" for each in labels})
            _at(place, body, "textEntryInteraction", name)
        elif response.tag != "response_lid" or response.find(".//render_fib") is not None:
            self._typed(response, name, place, body)
        elif cardinality == "ordered":
            self._declare(name, "ordered", "identifier", right=right_labels(self._item, name))
            _options(_at(None, body, "orderInteraction", name), labels, "simpleChoice")
        elif place is not None:
            self._declare(name, "single", "identifier")
            _options(_at(place, body, "inlineChoiceInteraction", name), labels, "inlineChoice")
        else:
            is_single = cardinality == "single"
            right = [] if is_single else right_labels(self._item, name)
            self._declare(name, cardinality, "identifier", right=right)
            choice = _at(None, body, "choiceInteraction", name, maxChoices="1" if is_single else "0")
            render = response.find(".//render_choice")
            if render is not None and render.get("shuffle", "No").lower() == "yes":
                choice.set("shuffle", "true")
            _options(choice, labels, "simpleChoice", is_truth=self._kind == "true_false_question")

    def _typed(
        self, response: etree._Element, name: str, place: etree._Element | None, body: etree._Element
    ) -> None:
        fib = response.find(".//render_fib")
        type_name = "" if fib is None else fib.get("fibtype", "String")
        paying = [each for each in self._item.iter("setvar") if (number(each.text or "") or 0) > 0]
        is_number = self._kind == "numerical_question" or type_name in {"Decimal", "Integer"}
        is_number = is_number or response.tag == "response_num" or self._item.find(".//vargte") is not None
        if self._kind == "essay_question" or not paying:
            self._declare(name, "single", "string")
            _at(None, body, "extendedTextInteraction", name)
            return
        self._declare(name, "single", "float" if is_number else "string")
        block = body if place is not None else etree.SubElement(body, "p")
        _at(place, block, "textEntryInteraction", name)

    def _pairing(self, responses: list[etree._Element], body: etree._Element) -> None:
        """Prompts and their partners, each of them a choice of its own in 1.2."""
        match = _at(None, body, "matchInteraction", "RESPONSE")
        prompts, targets = (
            etree.SubElement(match, "simpleMatchSet"),
            etree.SubElement(match, "simpleMatchSet"),
        )
        pairs: list[str] = []
        seen: set[str] = set()
        for place, response in enumerate(responses, start=1):
            prompt = etree.SubElement(prompts, "simpleAssociableChoice", {"identifier": f"p{place}"})
            prompt.append(
                _fragment("".join(_html(each) for each in _materials(response, ("render_choice",))))
            )
            for label in response.iter("response_label"):
                ident = label.get("ident", "")
                if ident not in seen:
                    seen.add(ident)
                    target = etree.SubElement(targets, "simpleAssociableChoice", {"identifier": ident})
                    target.text = _label(label)
            pairs += [f"p{place} {ident}" for ident in right_labels(self._item, response.get("ident", ""))]
        self._declare("RESPONSE", "multiple", "directedPair", worth=dict.fromkeys(pairs, "1"))

    def _declare(
        self,
        name: str,
        cardinality: str,
        base_type: str,
        right: list[str] | None = None,
        worth: dict[str, str] | None = None,
    ) -> None:
        own = {"identifier": name, "cardinality": cardinality, "baseType": base_type}
        made = etree.SubElement(self._made, "responseDeclaration", own)
        if right:
            holder = etree.SubElement(made, "correctResponse")
            for each in right:
                etree.SubElement(holder, "value").text = each
        if worth:
            mapping = etree.SubElement(made, "mapping", {"defaultValue": "0"})
            for key, value in worth.items():
                spelt = {"mapKey": key, "mappedValue": value, "caseSensitive": "false"}
                etree.SubElement(mapping, "mapEntry", spelt)

    def _feedback(self, said: etree._Element) -> None:
        own = {"outcomeIdentifier": "FEEDBACK", "identifier": said.get("ident", ""), "showHide": "show"}
        made = etree.SubElement(self._made, "modalFeedback", own)
        made.append(_fragment("".join(_html(each) for each in said.iter("material"))))


def _about(item: etree._Element) -> dict[str, str]:
    return {
        text_of(each.find("fieldlabel")): text_of(each.find("fieldentry"))
        for each in item.iter("qtimetadatafield")
    } | {str(each.tag).removeprefix("qmd_"): text_of(each) for each in item.iter("qmd_itemtype", "qmd_topic")}


def _title(element: etree._Element) -> str:
    about = {
        text_of(each.find("fieldlabel")): text_of(each.find("fieldentry"))
        for each in element.iterfind("qtimetadata/qtimetadatafield")
    }
    return about.get("bank_title") or element.get("title") or ""


def _materials(element: etree._Element | None, inside: tuple[str, ...]) -> Iterator[etree._Element]:
    """The materials of an element that do not stand inside these."""
    for child in () if element is None else element:
        if child.tag == "material":
            yield child
        elif child.tag not in inside:
            yield from _materials(child, inside)


def _html(material: etree._Element) -> str:
    pieces = []
    for part in material:
        if part.tag == "mattext":
            text = "".join(part.itertext())
            is_html = part.get("texttype", "text/plain").lower() in {"text/html", "text/xhtml"}
            pieces.append(
                f"<div>{text if is_html else escape(text, quote=False)}</div>" if text.strip() else ""
            )
        elif part.tag == "matimage":
            pieces.append(f'<p><img src="{escape(part.get("uri", ""))}"/></p>')
        elif part.tag == "matbreak":
            pieces.append("<br>")
        elif part.tag in _NOT_MATERIAL:
            message = f"The text holds <{part.tag!s}>, which an item cannot hold."
            raise Unreadable(line_of(part), "unsupported_markup", message, str(part.tag))
        else:
            pieces.append(f"<p>{escape(text_of(part), quote=False)}</p>" if text_of(part) else "")
    return "".join(pieces)


def _fragment(source: str) -> etree._Element:
    try:
        return html.fragment_fromstring(source.replace("\0", ""), create_parent="div", parser=_PARSER)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        made = etree.Element("div")
        made.text = "".join(char for char in source if char.isprintable() or char.isspace())
        return made


def _place(body: etree._Element, name: str) -> etree._Element | None:
    return next((each for each in body.iter("span") if each.get("data-gap") == name), None)


def _at(
    place: etree._Element | None, body: etree._Element, tag: str, name: str, **own: str
) -> etree._Element:
    """The interaction in the place of its mark, or at the end."""
    element = etree.SubElement(body, tag) if place is None else place
    element.tag = tag
    element.attrib.clear()
    element.set("responseIdentifier", name)
    for key, value in own.items():
        element.set(key, value)
    return element


def _options(
    interaction: etree._Element, labels: list[etree._Element], tag: str, *, is_truth: bool = False
) -> None:
    for label in labels:
        name, text = label.get("ident", ""), _label(label)
        option = etree.SubElement(interaction, tag, {"identifier": name})
        option.append(_fragment("".join(_html(each) for each in label.iter("material"))))
        if is_truth and text.lower() in {"true", "false"}:
            option.set("truth", text.lower())


def _label(label: etree._Element) -> str:
    found = list(label.iter("mattext"))
    return " ".join(" ".join(text_of(part) for part in found).split())
