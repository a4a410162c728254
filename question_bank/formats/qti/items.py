# SPDX-License-Identifier: Apache-2.0
"""One item of QTI 2.1, 2.2 or 3.0 as the draft of a native item."""

from collections.abc import Callable, Mapping
from fractions import Fraction

from lxml import etree

from question_bank.fields import MOST_ENTRIES
from question_bank.formats import markdown
from question_bank.formats.intake import Intake, Notes, Unreadable
from question_bank.formats.qti import choices, essays, feedback, gap_answers, pairing, typing_in
from question_bank.formats.qti.names import line_of, text_of
from question_bank.formats.qti.parts import (
    CLOSE,
    OPEN,
    Parts,
    drop,
    replace_by_prompt,
    replace_by_text,
)
from question_bank.formats.qti.probe import Probe, share_text
from question_bank.formats.qti.processing import Processing
from question_bank.json_reader import Node, node_of

QUESTION = "question"  # the class of what holds one question of several whose answer is typed
_INLINE = ("textEntryInteraction", "inlineChoiceInteraction")
_BLOCKS: Mapping[str, Callable[[etree._Element, Probe, Parts], dict[str, object]]] = {
    "choiceInteraction": choices.choice,
    "matchInteraction": pairing.matching,
    "orderInteraction": pairing.ordering,
}
_KNOWN = {*_INLINE, *_BLOCKS, "gapMatchInteraction", "extendedTextInteraction"}
_ENTRIES = ("simpleAssociableChoice", "gapText", "gap", "simpleChoice", "inlineChoice")
_MOST_PARTS = 2_000
_ROUNDING = Fraction(1, 10**6)
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
        self._inline = [each for each in found if each.tag in _INLINE and each not in self._asked]
        self._blocks = [each for each in found if each.tag not in _INLINE or each in self._asked]

    def read(self) -> dict[str, object]:
        """The keys that follow from the interactions."""
        if not self._inline and not self._blocks:
            self._parts.drop_feedback(self._body)
            said = feedback.general(self._root, self._probe, self._parts)
            return {"kind": "description", "stem": self._stem(), "feedback": said, "worth": Fraction(0)}
        if not all(each.tag == "extendedTextInteraction" for each in self._blocks) or self._inline:
            self._probe.settle()
        said = feedback.general(self._root, self._probe, self._parts)
        if self._inline and self._blocks:
            message = "The item mixes gaps in its text with other interactions."
            names = ", ".join(dict.fromkeys(str(each.tag) for each in (*self._inline, *self._blocks)))
            raise Unreadable(line_of(self._body), "mixed_interactions", message, names)
        if self._inline:
            own = self._alone() if self._is_alone() else self._gaps()
        elif len(self._blocks) == 1:
            own = self._one(self._blocks[0])
        else:
            own = self._several()
        return {**own, "feedback": said}

    def _one(self, interaction: etree._Element) -> dict[str, object]:
        if interaction.tag == "gapMatchInteraction":
            return self._gap_match(interaction)
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

    def _several(self) -> dict[str, object]:
        """Several questions about one text are a case study."""
        items = []
        for number, interaction in enumerate(self._blocks, start=1):
            if interaction.tag == "gapMatchInteraction":
                message = "The item mixes gaps in its text with other interactions."
                raise Unreadable(line_of(interaction), "mixed_interactions", message, "gapMatchInteraction")
            own = self._block(interaction)
            asked = _question_around(interaction) if interaction in self._asked else None
            if asked is not None:
                replace_by_text(interaction, "")
            prompt = interaction.find("prompt") if asked is None else asked
            stem = self._parts.stem(prompt) if prompt is not None else ""
            worth = own.pop("worth")
            marks = share_text(worth) if isinstance(worth, Fraction) else "1"
            part = {
                **own,
                "id": interaction.get("responseIdentifier") or str(number),
                "stem": stem or f"({number})",
            }
            items.append(node_of({**part, "marks": marks}, line_of(interaction)))
        for asked in list(self._body.iterchildren("div")):
            if self._asked and asked.get("class") == QUESTION:
                drop(asked)
        for interaction in (each for each in self._blocks if each not in self._asked):
            prompt = interaction.find("prompt")
            if prompt is not None:
                interaction.remove(prompt)
            replace_by_prompt(interaction)
        self._parts.drop_feedback(self._body)
        stimulus = self._stem() or self._root.get("title", "") or self._root.get("identifier", "")
        return {"kind": "case_study", "stem": "", "stimulus": stimulus, "items": items, "worth": None}

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

    def _gaps(self) -> dict[str, object]:
        try:
            found, is_shuffled = self._each_gap()
        except Unreadable as problem:
            if problem.code != "no_key" or len(self._inline) < 2:
                raise
            raise self._not_marked() from problem
        self._check_together([own for _, _, own, _ in found], [worth for _, worth, _, _ in found])
        for name, _worth, _own, interaction in found:
            replace_by_text(interaction, f"{OPEN}{name}{CLOSE}")
        self._parts.drop_feedback(self._body)
        gaps = [(name, worth, own) for name, worth, own, _ in found]
        return self._gap_fill(gaps, is_shuffled, is_whole=self._is_paid_whole(gaps))

    def _is_paid_whole(self, gaps: list[tuple[str, object, dict[str, object]]]) -> bool:
        """True where neither one gap alone nor all but one earn anything, nor a half right one its share."""
        right = self._probe.right()
        if len(gaps) == 1 or {name for name, _, _ in gaps} != set(right):
            return False
        alone = [{name: value} for name, value in right.items()]
        lacking = [{other: right[other] for other in right if other != name} for name in right]
        return not any(self._probe.score(given) for given in alone + lacking) and not any(
            gap_answers.pays_partly(own) for _, _, own in gaps
        )

    def _not_marked(self) -> Unreadable:
        message = "The rules do not pay for each gap by itself: one is left out, or compared with others."
        return Unreadable(line_of(self._body), "gap_not_marked", message)

    def _check_together(self, gaps: list[dict[str, object]], worths: list[object]) -> None:
        """Where nothing is declared right, what each gap earns alone must be earned together, too."""
        if self._probe.right():
            return
        whole = {
            each.get("responseIdentifier", ""): gap_answers.first_answer(own)
            for each, own in zip(self._inline, gaps, strict=True)
        }
        if None in whole.values():
            return
        earned = sum((worth for worth in worths if isinstance(worth, Fraction)), Fraction(0))
        if self._probe.score(whole) != earned:
            raise self._not_marked()

    def _each_gap(self) -> tuple[list[tuple[str, object, dict[str, object], etree._Element]], bool]:
        found = []
        is_shuffled = True
        for interaction in self._inline:
            name = interaction.get("responseIdentifier", "")
            if interaction.tag == "textEntryInteraction":
                own = typing_in.text_entry(interaction, self._probe)
            else:
                own = choices.choice(interaction, self._probe, self._parts, "inlineChoice")
                is_shuffled = bool(own.pop("shuffle", False)) and is_shuffled
                own = gap_answers.as_choice(own, interaction)
            found.append((name, own.pop("worth"), own, interaction))
        return found, is_shuffled

    def _gap_match(self, interaction: etree._Element) -> dict[str, object]:
        found, is_whole = pairing.gap_match(interaction, self._probe, self._parts)
        is_shuffled = interaction.get("shuffle", "false").strip() in {"true", "1"}
        for gap in list(interaction.iter("gap")):
            replace_by_text(gap, f"{OPEN}{gap.get('identifier', '')}{CLOSE}")
        for word in list(interaction.iterchildren("gapText")):
            interaction.remove(word)
        for element in (interaction, *interaction.iter("prompt")):
            element.tag = "div"
        self._parts.drop_feedback(self._body)
        gaps: list[tuple[str, object, dict[str, object]]] = [*found]
        return self._gap_fill(gaps, is_shuffled, is_whole=is_whole)

    def _gap_fill(
        self, gaps: list[tuple[str, object, dict[str, object]]], is_shuffled: bool, *, is_whole: bool
    ) -> dict[str, object]:
        worths = [worth if isinstance(worth, Fraction) else Fraction(0) for _, worth, _ in gaps]
        full = self._probe.score(self._probe.right())
        total = sum(worths, Fraction(0))
        if is_whole or (full > 0 and abs(total - full) <= _ROUNDING):
            total = full
        elif full > 0 and total != full:
            message = "The gaps are not marked each by itself in the file; as an item each earns its share."
            self._probe.notes.warn(line_of(self._body), "grading_changed", message)
            total = full
        least = min(worths)
        made = [
            node_of(
                {"id": name, "weight": share_text(gap_answers.weight(worth, least)), **own},
                line_of(self._body),
            )
            for (name, _, own), worth in zip(gaps, worths, strict=True)
        ]
        return {
            "kind": "gap_fill",
            "stem": self._stem(),
            "gaps": made,
            **({"grading": "exact"} if is_whole else {}),
            "shuffle": is_shuffled,
            "worth": total,
        }

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
