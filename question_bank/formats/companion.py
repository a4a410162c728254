# SPDX-License-Identifier: Apache-2.0
"""What an item says and a format has no word for, in one line that other programs pass over.

A board that takes its questions out to edit them in a text, or in Moodle, and back in keeps levels,
sources, versions and the rest. The line is read by the rules of native items like everything else.
"""

import json
from collections.abc import Collection, Mapping

from question_bank.formats.intake import option_ids
from question_bank.item import Item, LegalSource, native
from question_bank.json_reader import JsonProblem, Node, read_json
from question_bank.json_values import Json
from question_bank.kinds.choice import Choice, MultipleChoice
from question_bank.kinds.gap_fill import GapFill
from question_bank.kinds.matching import Matching

NAME = "exam-portal"

_USUAL: Mapping[str, Json] = {
    "version": 1,
    "marks": "1",
    "shuffle": True,
    "level": None,
    "difficulty": None,
    "source": LegalSource().native(),
    "positional_checked": False,
    "language": "vi",
}
_OPTIONS = ("ids", "fixed")
_GRADED = (MultipleChoice.kind, Matching.kind, GapFill.kind)


def line_of(item: Item, *, but: Collection[str] = ()) -> str | None:
    """The line for this item, or None where it says nothing unusual; `but` has places of its own."""
    found = {"positional_checked": False, **native(item), "language": item.language}
    kept = {key: found[key] for key, usual in _USUAL.items() if found[key] != usual and key not in but}
    if item.body.own_marks() is not None:
        kept.pop("marks", None)
    if item.kind in _GRADED and "grading" in found and "grading" not in but:
        kept["grading"] = found["grading"]
    if isinstance(item.body, Choice):
        kept |= _of_options(item.body)
    if not kept:
        return None
    text = json.dumps(kept, ensure_ascii=False)
    return text.replace("[id:", "\\u005bid:").replace("[tag:", "\\u005btag:")


def joined(draft: Mapping[str, object], line: str | None) -> dict[str, object]:
    """The draft with what the line adds; a line that is none of ours adds nothing."""
    added = _read(line) if line else {}
    made = {**draft, **{key: node for key, node in added.items() if key in _USUAL}}
    if "grading" in added and draft.get("kind") in _GRADED:
        made["grading"] = added["grading"]
    options = draft.get("options")
    if isinstance(options, list) and any(key in added for key in _OPTIONS):
        made["options"] = _with_options(options, added)
    return made


def _of_options(body: Choice) -> dict[str, Json]:
    ids = [option.id for option in body.options]
    fixed = [option.id for option in body.options if option.fixed]
    found: dict[str, Json] = {"ids": ids} if ids != option_ids(len(ids)) else {}
    return {**found, "fixed": fixed} if fixed else found


def _with_options(options: list[Node], added: Mapping[str, Node]) -> list[Node]:
    ids = _texts(added.get("ids")) or option_ids(len(options))
    if len(ids) != len(options):
        return options
    fixed = set(_texts(added.get("fixed")))
    return [_with(option, name, name in fixed) for option, name in zip(options, ids, strict=True)]


def _with(option: Node, name: str, is_fixed: bool) -> Node:
    if not isinstance(option.value, dict):
        return option
    own = {"id": Node(name, option.line)} | ({"fixed": Node(True, option.line)} if is_fixed else {})
    return Node({**option.value, **own}, option.line)


def _texts(node: Node | None) -> list[str]:
    entries = node.value if node is not None and isinstance(node.value, list) else []
    return [entry.value for entry in entries if isinstance(entry.value, str)]


def _read(line: str) -> Mapping[str, Node]:
    try:
        document = read_json(line)
    except JsonProblem:
        return {}
    return document.value if isinstance(document.value, dict) else {}
