# SPDX-License-Identifier: Apache-2.0
"""Compares what the reader makes of QTI files with what a second reader finds in them."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Any

from lxml import etree, html
from markdown_it import MarkdownIt

from question_bank import formats
from question_bank.item import Item, native
from tests.question_bank.formats import qti12_keys, qti_keys, qti_limits
from tests.question_bank.formats.qti_keys import Asked, bare

_SHOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_GAP = re.compile(r"\[\[[^\[\]]+\]\]")
_TRUE = frozenset({"true", "T", "True", "t", "yes", "Yes", "Đúng", "đúng"})


@dataclass(slots=True)
class Count:
    """What the files of a folder hold and what came of it."""

    questions: int = 0
    supported: int = 0
    right: int = 0
    refused: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def compare(path: Path, count: Count) -> None:
    """The questions of one file are counted."""
    wanted = list(_asked(path))
    result = formats.read(path)
    items = {item.id: item for item in result.items}
    reasons = {error.item: error.code for error in result.errors if error.item}
    for each in wanted:
        count.questions += 1
        count.supported += not each.unsupported
        item = items.get(each.id) if each.unsupported != "repeated id" else None
        if len(wanted) == len(items) == 1:  # an id that was changed or that the file does not give
            (item,) = items.values()
        if item is None:
            codes = [error.code for error in result.errors]
            code = reasons.get(each.id) or (codes[0] if codes else "")
            count.refused += bool(code) and bool(each.unsupported)
            count.reasons[code or "silently"] += 1
            if not each.unsupported or not code:
                count.wrong.append(f"{path}: {each.id}: {code or 'lost without a word'}")
        elif each.unsupported:
            count.wrong.append(f"{path}: {each.id}: read, though {each.unsupported}")
        elif difference := differs(each, item):
            count.wrong.append(f"{path}: {each.id}: {difference}")
        else:
            count.right += 1


def _asked(path: Path) -> Iterator[Asked]:
    content = path.read_bytes()
    if not zipfile.is_zipfile(path):
        yield from _in_document(content, lambda _address: False)
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sizes = {part.filename: part.file_size for part in archive.infolist()}
        named = [name for name in sizes if name.endswith("imsmanifest.xml")]
        manifest = archive.read(named[0]).decode() if named else "".join(sizes)
        base = named[0].removesuffix("imsmanifest.xml") if named else ""
        places = {name: manifest.find(f'"{name.removeprefix(base)}"') for name in sizes}
        seen: set[str] = set()
        for name in sorted(sizes, key=lambda name: places[name]):
            if name.lower().endswith((".xml", ".qti")) and (places[name] >= 0 or not named):
                for each in _in_document(archive.read(name), qti_limits.beside(name, sizes)):
                    repeated = each.id in seen
                    seen.add(each.id)
                    yield Asked(id=each.id, unsupported="repeated id") if repeated else each


def _in_document(content: bytes, has_file: Any) -> Iterator[Asked]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        return
    if qti_keys.tag(root) == "assessmentItem":
        yield qti_limits.asked(root, has_file)
    elif qti_keys.tag(root) in {"questestinterop", "item"}:
        for item in qti_keys.below(root, "item"):
            yield qti12_keys.asked(item, has_file)


def differs(wanted: Asked, item: Item) -> str:
    """What is not as the file has it, or nothing."""
    own: Any = native(item)
    text = shown(own.get("stimulus") or own["stem"])
    if text != wanted.text:
        return f"text {text!r} for {wanted.text!r}"
    if item.kind == "description":
        return "" if not wanted.parts else "no question"
    if item.kind == "case_study":
        stems = [re.sub(r"^\(\d+\)$", "", part["stem"]) for part in own["items"]]
        parts = list(zip(map(shown, stems), own["items"], strict=True))
        if len(parts) != len(wanted.parts):
            return f"{len(parts)} parts for {len(wanted.parts)}"
        asked = [each if isinstance(each[1], tuple) else ("", each) for each in wanted.parts]
        if [stem for stem, _ in parts] != [stem for stem, _ in asked]:
            return f"prompts {[stem for stem, _ in parts]} for {[stem for stem, _ in asked]}"
        pairs = [(want[1], have) for want, (_, have) in zip(asked, parts, strict=True)]
    else:
        found = own["gaps"] if item.kind == "gap_fill" else [own]
        if len(found) != len(wanted.parts):
            return f"{len(found)} parts for {len(wanted.parts)}"
        pairs = list(zip(wanted.parts, found, strict=True))
    return next((f"{have['kind']} for {want}" for want, have in pairs if not agrees(want, have)), "")


def shown(text: str) -> str:
    """Letters and digits of a Markdown text as people see them."""
    made = _SHOWN.render(_GAP.sub(" ", text))
    return bare(" ".join(html.fromstring(made).itertext())) if made.strip() else ""


def agrees(want: tuple[Any, ...], have: Any) -> bool:
    """True where kind and key are the same."""
    kind, *key = want
    if kind == "choice" and have["kind"] == "true_false":
        (right,) = key[1]
        return bool((right in _TRUE) == have["answer"])
    if kind == "choice" and have["kind"] in {"single_choice", "multiple_choice"}:
        options = {bare(option["text"]) for option in have["options"]}
        least = Fraction(1) if have["kind"] == "single_choice" else Fraction(1, 1000)
        paid = {bare(option["text"]) for option in have["options"] if Fraction(option["fraction"]) >= least}
        return bool(options == key[0] and paid == key[1])
    if kind == "order" and have["kind"] == "ordering":
        return bool(tuple(bare(step["text"]) for step in have["sequence"]) == key[0])
    if kind == "match" and have["kind"] == "matching":
        pairs = {frozenset((bare(pair["text"]), bare(pair["match"]))) for pair in have["pairs"]}
        return bool(pairs == key[0])
    if kind == "typed" and have["kind"] == "short_answer":
        accepted = {bare(answer["text"]).lower() for answer in have["answers"] if answer["fraction"] != "0"}
        return bool({bare(text).lower() for text in key[0]} <= accepted)
    if kind in {"number", "typed"} and have["kind"] == "numeric":
        return all(any(_holds(answer, number) for answer in have["answers"]) for number in key[0])
    return bool(kind == have["kind"])


def _holds(answer: Any, spelt: str) -> bool:
    try:
        number = Decimal(spelt)
    except InvalidOperation:
        return False
    if "value" in answer:
        return abs(number - Decimal(answer["value"])) <= Decimal(answer.get("tolerance", "0"))
    return Decimal(answer["low"]) <= number <= Decimal(answer["high"])
