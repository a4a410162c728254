# SPDX-License-Identifier: Apache-2.0
"""One item of QTI 2.1, 2.2 or 3.0 as the draft of a native item."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from lxml import etree

from question_bank.fields import MOST_ENTRIES
from question_bank.formats import markdown
from question_bank.formats.intake import Intake, Notes, Unreadable
from question_bank.formats.qti import cases, choices, essays, feedback, gap_texts, pairing, typing_in
from question_bank.formats.qti.gap_texts import GapText
from question_bank.formats.qti.names import line_of, text_of
from question_bank.formats.qti.parts import Parts, drop, replace_by_prompt, replace_by_text
from question_bank.formats.qti.probe import Probe, share_text
from question_bank.formats.qti.processing import Processing
from question_bank.json_reader import Node, node_of

QUESTION = "question"  # the class of what holds one question of several whose answer is typed
_BLOCKS: Mapping[str, Callable[[etree._Element, Probe, Parts], dict[str, object]]] = {
    "choiceInteraction": choices.choice,
    "matchInteraction": pairing.matching,
    "orderInteraction": pairing.ordering,
}
_KNOWN = {*gap_texts.INLINE, *_BLOCKS, "gapMatchInteraction", "extendedTextInteraction"}
_ENTRIES = ("simpleAssociableChoice", "gapText", "gap", "simpleChoice", "inlineChoice")
_MOST_PARTS = 2_000
_PROGRAMS = {
    "templateProcessing": "template_processing",
    "templateDeclaration": "template_processing",
}


def draft(
    root: etree._Element, notes: Notes, picture: Callable[[str], str | None], intake: Intake
) -> dict[str, object]:
    """The keys of the item; raises `Unreadable` for what items cannot hold, by name."""
    refuse_programs(root)
    body = root.find("itemBody")
    if body is None:
        raise Unreadable(line_of(root), "no_body", "The item has no body.")
    parts = Parts(notes, picture)
    parts.clean(body)
    probe = Probe(Processing(root), notes, line_of(root))
    for name in probe.processing.undeclared():
        message = f"The rules of the file ask for {name[:60]!r}, which it does not declare."
        notes.warn(line_of(root), "unknown_variable", message, name)
    own = _ItemReader(root, body, probe, parts).read()
    for name, line in parts.left_out.items():
        intake.leave_out(name, line)
    name, title = root.get("identifier", ""), " ".join(root.get("title", "").split())
    own["marks"] = _marks(own, root)
    return {
        "id": name,
        "title": title if title != name else None,
        "language": root.get("lang") or None,
        **{key: value for key, value in own.items() if key != "worth"},
    }


class _ItemReader:
    def __init__(self, root: etree._Element, body: etree._Element, probe: Probe, parts: Parts) -> None:
        self._root, self._body, self._probe, self._parts = root, body, probe, parts
        found = [each for each in body.iter() if str(each.tag).endswith("Interaction")]
        for each in found:
            if each.tag not in _KNOWN:
                message = f"Items have no counterpart for <{each.tag!s}>."
                raise Unreadable(line_of(each), "unsupported_interaction", message, str(each.tag))
        if len(found) > MOST_ENTRIES or sum(1 for _ in body.iter(*_ENTRIES)) > _MOST_PARTS:
            raise Unreadable(line_of(body), "too_many", "The item has more parts than an item may have.")
        alone = [each for each in found if _question_around(each) is not None]
        self._asked = alone if len(found) > 1 else []
        self._texts: dict[etree._Element, list[etree._Element]] = {}
        for each in found:
            if (holder := gap_texts.text_around(each)) is not None:
                self._texts.setdefault(holder, []).append(each)
        inside = {each for gaps in self._texts.values() for each in gaps}
        self._inline = [
            each
            for each in found
            if gap_texts.is_gap(each) and each not in self._asked and each not in inside
        ]
        asked = {each: gap_texts.text_around(each) for each in found if each not in self._inline}
        holders = [each if holder is None else holder for each, holder in asked.items()]
        self._blocks = list(dict.fromkeys(holders))

    def read(self) -> dict[str, object]:
        """The keys that follow from the interactions."""
        if not self._inline and not self._blocks:
            self._parts.drop_feedback(self._body)
            said = feedback.general(self._root, self._probe, self._parts)
            return {"kind": "description", "stem": self._stem(), "feedback": said, "worth": Fraction(0)}
        if not all(each.tag == "extendedTextInteraction" for each in self._blocks) or self._inline:
            self._probe.settle()
        said = feedback.general(self._root, self._probe, self._parts)
        if len(self._blocks) == 1 and self._texts:
            self._inline, self._blocks = next(iter(self._texts.values())), []
        if self._inline and self._blocks:
            message = "The item mixes gaps in its text with other interactions."
            names = ", ".join(dict.fromkeys(str(each.tag) for each in (*self._inline, *self._blocks)))
            raise Unreadable(line_of(self._body), "mixed_interactions", message, names)
        if self._inline:
            own = self._alone() if self._is_alone() else self._gap_text(self._inline).read()
        elif len(self._blocks) == 1:
            own = self._one(self._blocks[0])
        else:
            own = self._several()
        return {**own, "feedback": said}

    def _one(self, interaction: etree._Element) -> dict[str, object]:
        if interaction.tag == "gapMatchInteraction":
            return self._gap_text([interaction]).match()
        own = self._block(interaction)
        if own["kind"] in {"single_choice", "true_false"}:
            feedback.of_options(self._root, interaction, own, self._probe, self._parts)
        replace_by_prompt(interaction)
        self._parts.drop_feedback(self._body)
        return {"stem": self._stem(), **own}

    def _block(self, interaction: etree._Element) -> dict[str, object]:
        if interaction.tag == "extendedTextInteraction":
            is_one_of_several = len(self._blocks) > 1
            return essays.essay(interaction, self._probe, self._parts, is_one_of_several=is_one_of_several)
        if interaction.tag == "textEntryInteraction":
            return typing_in.text_entry(interaction, self._probe)
        return _BLOCKS[str(interaction.tag)](interaction, self._probe, self._parts)

    def _gap_text(self, interactions: Sequence[etree._Element]) -> GapText:
        return GapText(self._body, interactions, self._probe, self._parts, self._stem)

    def _several(self) -> dict[str, object]:
        """Several questions about one text are a case study."""
        found = [self._part(place, interaction) for place, interaction in enumerate(self._blocks, start=1)]
        for asked in list(self._body.iterchildren("div")):
            is_question = self._asked and asked.get("class") == QUESTION
            if is_question or asked in self._texts:
                drop(asked)
        alone = [each for each in self._blocks if each not in self._asked and each not in self._texts]
        for interaction in alone:
            prompt = interaction.find("prompt")
            if prompt is not None:
                interaction.remove(prompt)
            replace_by_prompt(interaction)
        self._parts.drop_feedback(self._body)
        stimulus = self._stem() or self._root.get("title", "") or self._root.get("identifier", "")
        steps = self._with_marks(found)
        items = [node_of(part, line_of(each)) for part, each in zip(found, self._blocks, strict=True)]
        return {
            "kind": "case_study",
            "stem": "",
            "stimulus": stimulus,
            "items": items,
            "worth": None,
            **steps,
        }

    def _part(self, place: int, interaction: etree._Element) -> dict[str, object]:
        """One of several questions, what it earns under `worth`."""
        if interaction.tag == "gapMatchInteraction":
            message = "The item mixes gaps in its text with other interactions."
            raise Unreadable(line_of(interaction), "mixed_interactions", message, "gapMatchInteraction")
        if interaction in self._texts:
            own = self._text_with_gaps(interaction)
        else:
            own = self._block(interaction)
            if own["kind"] == "true_false":
                ids = [each.get("identifier", "") for each in interaction.iter("simpleChoice")]
                own["truth"] = cases.truth_of(interaction.get("responseIdentifier", ""), ids, self._probe)
            asked = _question_around(interaction) if interaction in self._asked else None
            if asked is not None:
                replace_by_text(interaction, "")
            prompt = interaction.find("prompt") if asked is None else asked
            stem = self._parts.stem(prompt) if prompt is not None else ""
            own = {**own, "stem": stem or f"({place})"}
            own["id"] = interaction.get("responseIdentifier") or str(place)
        return {**own, "feedback": feedback.of_part(self._root, str(own["id"]), self._parts)}

    def _text_with_gaps(self, holder: etree._Element) -> dict[str, object]:
        name = holder.get("id", "")
        gaps = self._texts[holder]
        parts = self._parts
        text = GapText(holder, gaps, self._probe, parts, lambda: parts.stem(holder), prefix=f"{name}.")
        return {**text.read(), "id": name}

    def _with_marks(self, found: list[dict[str, object]]) -> dict[str, object]:
        """What each question earns is its marks; returns how statements are paid by their number."""
        truths = [own.pop("truth", None) for own in found]
        worths = [own.pop("worth") for own in found]
        known = [each for each in truths if isinstance(each, tuple)]
        steps = cases.steps_of(known, self._probe) if len(known) == len(found) else None
        if steps:
            for own, marks in zip(found, cases.marks_of(known, self._probe), strict=True):
                own["marks"] = marks
            named = Node([Node(share, line_of(self._body)) for share in steps], line_of(self._body))
            return {"grading": "steps", "steps": named}
        by_rules = {
            str(own["id"]): worth
            for own, worth in zip(found, worths, strict=True)
            if own["kind"] not in {"essay", "gap_fill"} and isinstance(worth, Fraction)
        }
        scaled = cases.scaled(by_rules, self._probe, line_of(self._body))
        for own, worth in zip(found, worths, strict=True):
            paid = scaled.get(str(own["id"]), worth)
            own["marks"] = share_text(paid) if isinstance(paid, Fraction) else "1"
        return {}

    def _is_alone(self) -> bool:
        """True for one line to type into that stands by itself behind the question."""
        if len(self._inline) != 1 or self._inline[0].tag != "textEntryInteraction":
            return False
        entry = self._inline[0]
        block = entry.getparent()
        if block is None or block is self._body or (entry.tail or "").strip() or (block.text or "").strip():
            return False
        return text_of(block) == "" and text_of(self._body) != ""

    def _alone(self) -> dict[str, object]:
        own = typing_in.text_entry(self._inline[0], self._probe)
        replace_by_text(self._inline[0], "")
        self._parts.drop_feedback(self._body)
        return {"stem": self._stem(), **own}

    def _stem(self) -> str:
        found = self._parts.stem(self._body)
        title = " ".join(self._root.get("title", "").split())
        if found.strip() or not title:
            return found
        message = "The item asks by its title only: that became its text."
        self._probe.notes.warn(line_of(self._root), "stem_from_title", message)
        return markdown.from_plain(title)


def _question_around(interaction: etree._Element) -> etree._Element | None:
    """What holds a line to type into as one question of several, with its text before it."""
    block = interaction.getparent()
    holder = None if block is None else block.getparent()
    is_one = holder is not None and holder.tag == "div" and holder.get("class") == QUESTION
    return holder if is_one and interaction.tag == "textEntryInteraction" else None


def refuse_programs(root: etree._Element) -> None:
    """Raise `Unreadable` for items that a program changes."""
    if root.get("adaptive", "false").strip() in {"true", "1"}:
        raise Unreadable(line_of(root), "adaptive", "The item is adaptive: it changes while it is answered.")
    for name, code in _PROGRAMS.items():
        found = root.find(name)
        if found is not None:
            message = "The item is a template: a program fills it in for each candidate."
            raise Unreadable(line_of(found), code, message, name)


def _marks(own: dict[str, object], _root: etree._Element) -> object:
    worth = own.get("worth")
    if not isinstance(worth, Fraction) or worth <= 0:
        return None
    return Node(share_text(worth), 1)
