# SPDX-License-Identifier: Apache-2.0
"""Texts with gaps: one question of its own, or one of several about one text.

A gap in which several options are chosen has no interaction that stands within a text: it is marked there,
and its choice stands behind the text under the same name.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from lxml import etree

from question_bank.formats.intake import Unreadable
from question_bank.formats.qti import choices, gap_answers, pairing, typing_in
from question_bank.formats.qti.names import line_of
from question_bank.formats.qti.parts import CLOSE, OPEN, Parts, drop, replace_by_text
from question_bank.formats.qti.probe import Probe, share_text
from question_bank.formats.qti.values import Value
from question_bank.json_reader import node_of

GAP, GAPS = "gap", "gaps"  # the classes of a choice for a gap, and of a text with gaps among other questions
INLINE = ("textEntryInteraction", "inlineChoiceInteraction")
_ROUNDING = Fraction(1, 10**6)
_Gap = tuple[str, object, dict[str, object]]


def is_gap(interaction: etree._Element) -> bool:
    """True for an interaction that fills a gap of a text."""
    return interaction.tag in INLINE or (
        interaction.tag == "choiceInteraction" and GAP in interaction.get("class", "").split()
    )


def text_around(interaction: etree._Element) -> etree._Element | None:
    """What holds a text with gaps as one question of several."""
    if not is_gap(interaction):
        return None
    return next(
        (each for each in interaction.iterancestors("div") if GAPS in each.get("class", "").split()), None
    )


@dataclass(frozen=True, slots=True)
class GapText:
    """A text in `holder` with its gaps; as one question of several its gaps are named behind `prefix`."""

    holder: etree._Element
    interactions: Sequence[etree._Element]
    probe: Probe
    parts: Parts
    stem: Callable[[], str]
    prefix: str = ""

    def read(self) -> dict[str, object]:
        """The keys of a text with gaps."""
        try:
            found, is_shuffled = self._each_gap()
        except Unreadable as problem:
            if problem.code != "no_key" or len(self.interactions) < 2:
                raise
            raise self._not_marked() from problem
        self._check_together([own for _, _, own in found], [worth for _, worth, _ in found])
        self._mark(found)
        self.parts.drop_feedback(self.holder)
        return self._made(found, is_shuffled, is_whole=self._is_paid_whole(found))

    def match(self) -> dict[str, object]:
        """The keys of a text whose gaps are filled with words of one list."""
        (interaction,) = self.interactions
        found, is_whole = pairing.gap_match(interaction, self.probe, self.parts)
        is_shuffled = interaction.get("shuffle", "false").strip() in {"true", "1"}
        for gap in list(interaction.iter("gap")):
            replace_by_text(gap, f"{OPEN}{gap.get('identifier', '')}{CLOSE}")
        for word in list(interaction.iterchildren("gapText")):
            interaction.remove(word)
        for element in (interaction, *interaction.iter("prompt")):
            element.tag = "div"
        self.parts.drop_feedback(self.holder)
        return self._made([*found], is_shuffled, is_whole=is_whole)

    def _right(self) -> dict[str, Value]:
        """The right responses to these gaps, and to no other question of the item."""
        names = {each.get("responseIdentifier", "") for each in self.interactions}
        return {name: value for name, value in self.probe.right().items() if not self.prefix or name in names}

    def _mark(self, found: Sequence[_Gap]) -> None:
        marked = {each.get("label"): each for each in self.holder.iter("span") if each.get("class") == GAP}
        for (name, _, _), interaction in zip(found, self.interactions, strict=True):
            mark = f"{OPEN}{name}{CLOSE}"
            if interaction.tag in INLINE:
                replace_by_text(interaction, mark)
                continue
            if name not in marked:
                message = f"The text does not say where the gap {name} is."
                raise Unreadable(line_of(interaction), "bad_gap", message, name)
            replace_by_text(marked[name], mark)
            drop(interaction)

    def _is_paid_whole(self, gaps: Sequence[_Gap]) -> bool:
        """True where neither one gap alone nor all but one earn anything, nor a half right one its share."""
        right = self._right()
        if len(gaps) == 1 or {each.get("responseIdentifier") for each in self.interactions} != set(right):
            return False
        alone = [{name: value} for name, value in right.items()]
        lacking = [{other: right[other] for other in right if other != name} for name in right]
        return not any(self.probe.score(given) for given in alone + lacking) and not any(
            gap_answers.pays_partly(own) for _, _, own in gaps
        )

    def _not_marked(self) -> Unreadable:
        message = "The rules do not pay for each gap by itself: one is left out, or compared with others."
        return Unreadable(line_of(self.holder), "gap_not_marked", message)

    def _check_together(self, gaps: list[dict[str, object]], worths: list[object]) -> None:
        """Where nothing is declared right, what each gap earns alone must be earned together, too."""
        if self._right():
            return
        whole = {
            each.get("responseIdentifier", ""): gap_answers.first_answer(own)
            for each, own in zip(self.interactions, gaps, strict=True)
        }
        if None in whole.values():
            return
        earned = sum((worth for worth in worths if isinstance(worth, Fraction)), Fraction(0))
        if self.probe.score(whole) != earned:
            raise self._not_marked()

    def _each_gap(self) -> tuple[list[_Gap], bool]:
        found: list[_Gap] = []
        is_shuffled = True
        for interaction in self.interactions:
            name = interaction.get("responseIdentifier", "").removeprefix(self.prefix)
            if interaction.tag == "textEntryInteraction":
                own = typing_in.text_entry(interaction, self.probe)
            else:
                tag = "inlineChoice" if interaction.tag == "inlineChoiceInteraction" else "simpleChoice"
                own = choices.choice(interaction, self.probe, self.parts, tag)
                is_shuffled = bool(own.pop("shuffle", False)) and is_shuffled
                own = gap_answers.as_choice(own, interaction)
            found.append((name, own.pop("worth"), own))
        return found, is_shuffled

    def _made(self, gaps: Sequence[_Gap], is_shuffled: bool, *, is_whole: bool) -> dict[str, object]:
        worths = [worth if isinstance(worth, Fraction) else Fraction(0) for _, worth, _ in gaps]
        full = self.probe.score(self._right())
        total = sum(worths, Fraction(0))
        if is_whole or (full > 0 and abs(total - full) <= _ROUNDING):
            total = full
        elif full > 0 and total != full:
            message = "The gaps are not marked each by itself in the file; as an item each earns its share."
            self.probe.notes.warn(line_of(self.holder), "grading_changed", message)
            total = full
        least = min(worths)
        line = line_of(self.holder)
        made = [
            node_of({"id": name, "weight": share_text(gap_answers.weight(worth, least)), **own}, line)
            for (name, _, own), worth in zip(gaps, worths, strict=True)
        ]
        return {
            "kind": "gap_fill",
            "stem": self.stem(),
            "gaps": made,
            **({"grading": "exact"} if is_whole else {}),
            "shuffle": is_shuffled,
            "worth": total,
        }
