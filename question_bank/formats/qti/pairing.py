# SPDX-License-Identifier: Apache-2.0
"""Interactions in which entries are matched, put into gaps or put into order."""

from collections.abc import Sequence
from fractions import Fraction

from lxml import etree

from question_bank.fields import MOST_ENTRIES
from question_bank.formats.intake import Unreadable
from question_bank.formats.qti.declarations import Declaration
from question_bank.formats.qti.names import line_of
from question_bank.formats.qti.parts import Parts
from question_bank.formats.qti.probe import Asking, Probe, of, right_of, share_text
from question_bank.formats.qti.values import Many, Single, entries
from question_bank.json_reader import Node, node_of

_ROUNDING = Fraction(1, 10**6)


def matching(interaction: etree._Element, probe: Probe, parts: Parts) -> dict[str, object]:
    """Pairs: each entry of one of the two sets has exactly one partner in the other."""
    sets = list(interaction.iterchildren("simpleMatchSet"))
    if any(len(each) > MOST_ENTRIES for each in sets):
        raise Unreadable(line_of(interaction), "too_many", f"More than {MOST_ENTRIES} entries.")
    if len(sets) != 2:
        raise Unreadable(line_of(interaction), "bad_match", "A match has two sets of entries.")
    declaration = probe.declaration(interaction.get("responseIdentifier", ""))
    pairs = [pair for pair in entries(right_of(declaration)) if isinstance(pair, tuple)][:MOST_ENTRIES]
    asking = probe.asking(declaration.identifier, right_of(declaration))
    prompts, targets = (list(each.iterchildren("simpleAssociableChoice")) for each in sets)
    for each in (*prompts, *targets):
        parts.feedback_in(each)
    found = {str(first): str(second) for first, second in pairs}
    back = {str(second): str(first) for first, second in pairs}
    if len(found) == len(pairs) == len(prompts):
        partner = found
    elif len(back) == len(pairs) == len(targets):
        prompts, targets, partner = targets, prompts, back
    else:
        message = "An entry has no partner here, or several; as an item every prompt has exactly one."
        raise Unreadable(line_of(interaction), "several_partners", message)
    is_whole = is_paid_whole(declaration, pairs, asking)
    if not is_whole:
        _check_shares([of(declaration, pair) for pair in pairs], asking, declaration.line)
    texts = {each.get("identifier", ""): parts.option(each) for each in targets}
    made = [
        node_of(
            {"id": name, "text": parts.option(each), "match": texts.get(partner.get(name, ""), "")},
            line_of(each),
        )
        for each in prompts
        for name in [each.get("identifier", "")]
    ]
    used = set(partner.values())
    extra = [Node(text, line_of(interaction)) for name, text in texts.items() if name not in used]
    return {
        "kind": "matching",
        "pairs": made,
        "extra_targets": extra,
        **({"grading": "exact"} if is_whole else {}),
        "shuffle": interaction.get("shuffle", "false").strip() in {"true", "1"},
        "worth": asking.worth,
    }


def gap_match(
    interaction: etree._Element, probe: Probe, parts: Parts
) -> tuple[list[tuple[str, Fraction, dict[str, object]]], bool]:
    """For each gap its name, its share of the marks and a choice; and whether only all together are paid."""
    declaration = probe.declaration(interaction.get("responseIdentifier", ""))
    if interaction.find("gapImg") is not None:
        message = "The words for the gaps are pictures; options show texts only."
        raise Unreadable(line_of(interaction), "picture_in_option", message, "gapImg")
    words = {each.get("identifier", ""): parts.option(each) for each in interaction.iterchildren("gapText")}
    pairs = [pair for pair in entries(right_of(declaration)) if isinstance(pair, tuple)][:MOST_ENTRIES]
    asking = probe.asking(declaration.identifier, right_of(declaration))
    right = {gap: word for word, gap in pairs if word in words}
    right |= {word: gap for word, gap in pairs if gap in words}
    found = []
    for gap in interaction.iter("gap"):
        name = gap.get("identifier", "")
        if name not in right:
            raise Unreadable(line_of(gap), "no_key", f"No word is right for the gap {name[:40]!r}.", name)
        share = asking.share(of(declaration, (str(right[name]), name)))
        options: list[object] = [
            node_of({"id": word, "text": text, "fraction": "1" if word == right[name] else "0"}, line_of(gap))
            for word, text in words.items()
        ]
        own: dict[str, object] = {"kind": "single_choice", "options": options}
        found.append((name, share * asking.worth, own))
    return found, len(found) == len(pairs) and is_paid_whole(declaration, pairs, asking)


def ordering(interaction: etree._Element, probe: Probe, parts: Parts) -> dict[str, object]:
    """The entries in the right order, and how the rules mark a wrong one."""
    declaration = probe.declaration(interaction.get("responseIdentifier", ""))
    choices = {each.get("identifier", ""): each for each in interaction.iter("simpleChoice")}
    right = [str(name) for name in entries(declaration.correct)]
    if sorted(right) != sorted(choices):
        message = "The right order does not name every entry exactly once."
        raise Unreadable(line_of(interaction), "partial_order", message)
    asking = probe.asking(declaration.identifier, declaration.correct)
    sequence = []
    for name in right:
        parts.feedback_in(choices[name])
        sequence.append(node_of({"id": name, "text": parts.option(choices[name])}, line_of(choices[name])))
    return {
        "kind": "ordering",
        "sequence": sequence,
        "grading": _grading(asking, right, probe, declaration.line),
        "worth": asking.worth,
    }


def _grading(asking: Asking, right: list[str], probe: Probe, line: int) -> str:
    swapped: tuple[Single, ...] = (right[1], right[0], *right[2:])
    share = asking.share(Many(swapped, is_ordered=True))
    turned: tuple[Single, ...] = (*right[1:], right[0])
    of_neighbours = Fraction(len(right) - 2, len(right) - 1)
    if of_neighbours and abs(asking.share(Many(turned, is_ordered=True)) - of_neighbours) < _ROUNDING:
        return "adjacent"
    if share == 0:
        return "exact"
    if abs(share - Fraction(len(right) - 2, len(right))) > _ROUNDING:
        message = (
            "The rules of the file mark orders in a way of their own: every entry in its place earns a share."
        )
        probe.notes.warn(line, "grading_changed", message)
    return "position"


def is_paid_whole(declaration: Declaration, pairs: Sequence[Single], asking: Asking) -> bool:
    """True where neither one pair alone nor all but one earn anything."""
    alone: list[tuple[Single, ...]] = [(pair,) for pair in pairs]
    lacking = [tuple(other for other in pairs if other != pair) for pair in pairs]
    return len(pairs) > 1 and all(asking.share(of(declaration, *each)) == 0 for each in alone + lacking)


def _check_shares(pairs: list[object], asking: Asking, line: int) -> None:
    for pair in pairs:
        share = asking.share(pair)  # type: ignore[arg-type]  # made by `of`
        if abs(share - Fraction(1, len(pairs))) > Fraction(1, 1000):
            message = "The pairs are not marked in equal shares in the file; as an item they are."
            asking.probe.notes.warn(line, "grading_changed", message, share_text(share))
            return
