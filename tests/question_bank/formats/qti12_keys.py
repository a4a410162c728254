# SPDX-License-Identifier: Apache-2.0
"""What a question of QTI 1.2 asks and which answers it pays for, read without running its conditions."""

import re
from collections.abc import Callable
from typing import Any

from lxml import etree, html

from tests.question_bank.formats.qti_keys import Asked, attribute, bare, below, said, tag

UNSUPPORTED = frozenset(
    {"calculated_question", "file_upload_question", "hot_spot_question", "categorization_question"}
)

RESPONSES = ("response_lid", "response_str", "response_num")


def asked(item: etree._Element, has_file: Callable[[str], bool]) -> Asked:
    """The question of an item."""
    name = attribute(item, "ident")
    reason = unsupported(item, has_file)
    if reason:
        return Asked(id=name, unsupported=reason)
    text = bare(re.sub(r"\[[\w.-]+\]", " ", _stem(item)) if _is_gapped(item) else _stem(item))
    return Asked(id=name, text=text or bare(item.get("title") or ""), parts=tuple(parts(item)))


def kind_of(item: etree._Element) -> str:
    """What the metadata call the kind."""
    for field in below(item, "qtimetadatafield"):
        label = "".join(said(each) for each in below(field, "fieldlabel")).strip()
        if label == "question_type":
            return "".join(said(each) for each in below(field, "fieldentry")).strip()
    return ""


def unsupported(item: etree._Element, has_file: Callable[[str], bool]) -> str:
    """Why items cannot hold this; nothing where they can."""
    if below(item, "bbmd_questiontype"):
        return "blackboard"
    if item.getroottree().docinfo.internalDTD is not None:
        return "document type"
    if kind_of(item) in UNSUPPORTED or below(item, "render_hotspot", "render_slider", "calculated"):
        return "interaction"
    return _lost(item, has_file) or _no_key(item)


def _lost(item: etree._Element, has_file: Callable[[str], bool]) -> str:
    if below(item, "math"):
        return "media"
    if any(not bare(_shown(text)) and not below_pictures(text) for text in _entries(item)):
        return "entry without text"
    pictures = [picture for text in below(item, "mattext") for picture in _fragment(text).iter("img")]
    addresses = [picture.get("src", "") for picture in pictures]
    return next(("picture" for each in addresses if not each.startswith("data:") and not has_file(each)), "")


def _no_key(item: etree._Element) -> str:
    if kind_of(item) == "text_only_question" or not below(item, *RESPONSES) or _is_essay(item):
        return ""
    return "" if right(item, None) else "no key"


def below_pictures(text: etree._Element) -> bool:
    """True where the text shows a picture."""
    return next(_fragment(text).iter("img"), None) is not None


def _entries(item: etree._Element) -> list[etree._Element]:
    """The texts of options and prompts."""
    return [text for response in below(item, "response_lid") for text in below(response, "mattext")]


def _is_essay(item: etree._Element) -> bool:
    return kind_of(item) in {"essay_question", "text_only_question"} or (
        not below(item, "varequal", "vargte", "varsubstring") and bool(below(item, "render_fib"))
    )


def _is_gapped(item: etree._Element) -> bool:
    return kind_of(item) in {"fill_in_multiple_blanks_question", "multiple_dropdowns_question"}


def _fragment(text: etree._Element) -> Any:
    source = "".join(str(part) for part in text.itertext())
    return html.fragment_fromstring(source or "<p/>", create_parent="div")


def _shown(text: etree._Element) -> str:
    kind = (text.get("texttype") or "text/plain").lower()
    if kind in {"text/html", "text/xhtml"}:
        return " ".join(str(part) for part in _fragment(text).itertext())
    return "".join(str(part) for part in text.itertext())


def _stem(item: etree._Element) -> str:
    (presentation, *_) = below(item, "presentation")
    hidden = {"response_lid", "response_str", "response_num", "response_grp"}
    texts = [
        text
        for text in below(presentation, "mattext")
        if not any(tag(above) in hidden for above in text.iterancestors())
    ]
    return " ".join(_shown(text) for text in texts)


def right(item: etree._Element, name: str | None) -> list[str]:
    """The answers that a paying condition names for a response."""
    found: list[str] = []
    for condition in below(item, "respcondition"):
        if not any(_pays(each) for each in below(condition, "setvar")):
            continue
        named = below(condition, "varequal", "varsubset") or below(condition, "vargte", "varlte")
        for each in named:
            is_denied = any(tag(above) == "not" for above in each.iterancestors())
            if not is_denied and name in {None, each.get("respident")}:
                found.append(said(each).strip())
    return list(dict.fromkeys(found))


def _pays(element: etree._Element) -> bool:
    try:
        return float(element.text or 0) > 0
    except ValueError:
        return False


def parts(item: etree._Element) -> list[tuple[Any, ...]]:
    """Kind and key of each response."""
    kind = kind_of(item)
    found = below(item, *RESPONSES)
    if kind == "text_only_question" or not found:
        return []
    if kind == "essay_question" or _is_essay(item):
        return [("essay",)]
    if kind == "matching_question":
        return [("match", frozenset(_pair(item, each) for each in found))]
    return [_part(item, each) for each in found]


def _pair(item: etree._Element, response: etree._Element) -> frozenset[str]:
    (answer,) = right(item, response.get("ident"))
    prompt = [
        _shown(text)
        for text in below(response, "mattext")
        if not any(tag(above) == "render_choice" for above in text.iterancestors())
    ]
    return frozenset((bare(" ".join(prompt)), _labels(response)[answer]))


def _labels(response: etree._Element) -> dict[str, str]:
    return {
        each.get("ident", ""): bare(" ".join(_shown(text) for text in below(each, "mattext")))
        for each in below(response, "response_label")
    }


def _part(item: etree._Element, response: etree._Element) -> tuple[Any, ...]:
    answers = right(item, response.get("ident"))
    labels = _labels(response)
    if kind_of(item) == "fill_in_multiple_blanks_question":
        return ("typed", frozenset(labels.get(each, each) for each in answers))
    if below(response, "render_choice"):
        return ("choice", frozenset(labels.values()), frozenset(labels.get(each, "") for each in answers))
    if below(response, "render_extension"):
        return ("order", tuple(labels.get(each, "") for each in answers))
    return ("number" if kind_of(item) == "numerical_question" else "typed", frozenset(answers))
