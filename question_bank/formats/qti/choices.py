# SPDX-License-Identifier: Apache-2.0
"""Interactions in which something is chosen, as the keys of native items."""

from collections.abc import Iterable
from fractions import Fraction

from lxml import etree

from question_bank.formats.intake import Unreadable
from question_bank.formats.qti.declarations import Declaration
from question_bank.formats.qti.names import line_of
from question_bank.formats.qti.parts import Parts
from question_bank.formats.qti.probe import Asking, Probe, of, right_of, share_text
from question_bank.formats.qti.values import Single, Value, entries
from question_bank.json_reader import Node, node_of
from question_bank.kinds.options import MOST_OPTIONS
from question_bank.text import search_key

_TRUTHS = {"true": "true", "false": "false", "dung": "true", "sai": "false"}
_MOST_SETS = 20
_ROUNDED_SUM = (Fraction(99, 100), Fraction(101, 100))


def choice(
    interaction: etree._Element, probe: Probe, parts: Parts, tag: str = "simpleChoice"
) -> dict[str, object]:
    """A single or multiple choice, or a statement that is true or false."""
    declaration = probe.declaration(interaction.get("responseIdentifier", ""))
    choices = list(interaction.iter(tag))
    ids = [each.get("identifier", "") for each in choices]
    if not 2 <= len(ids) <= MOST_OPTIONS:
        message = f"A choice has 2 to {MOST_OPTIONS} options, not {len(ids)}."
        raise Unreadable(line_of(interaction), "option_count", message, str(len(ids)))
    is_single = declaration.cardinality == "single" or interaction.get("maxChoices") == "1"
    asking = _asking(probe, declaration, ids)
    feedback = [parts.feedback_in(each) for each in choices]
    texts = [parts.option(each) for each in choices]
    truths = [_truth_of(each, text) for each, text in zip(choices, texts, strict=True)]
    if is_single and set(truths) == {"true", "false"} and len(ids) == 2:
        return _truth(declaration, ids, truths, feedback, asking)
    if is_single:
        shares, is_whole = _single(declaration, ids, asking), False
        _tell_of_debts(shares.values(), declaration, probe)
    else:
        shares, is_whole = _multiple(declaration, ids, asking, probe)
    options = [
        _option(each, name, text, shares[name], said)
        for each, name, text, said in zip(choices, ids, texts, feedback, strict=True)
    ]
    return {
        "kind": "single_choice" if is_single else "multiple_choice",
        "options": options,
        **({"grading": "exact"} if is_whole else {}),
        "shuffle": interaction.get("shuffle", "false").strip() in {"true", "1"},
        "worth": asking.worth,
    }


def _truth_of(element: etree._Element, text: str) -> str:
    """What a choice says of a statement; nothing where its text is more than true or false."""
    name = element.get("truth") or element.get("identifier", "").lower()
    return name if _TRUTHS.get(search_key(text)) == name else ""


def _option(element: etree._Element, name: str, text: str, share: Fraction, said: str | None) -> Node:
    own: dict[str, object] = {"id": name, "text": text, "fraction": share_text(share), "feedback": said}
    if element.get("fixed", "false").strip() in {"true", "1"}:
        own["fixed"] = True
    return node_of(own, line_of(element))


def _asking(probe: Probe, declaration: Declaration, ids: list[str]) -> Asking:
    """The rules are asked with the right response; where none is declared, with each until one is paid."""
    right = right_of(declaration)
    if right is not None:
        return probe.asking(declaration.identifier, right)
    paid = [name for name in ids if probe.score({declaration.identifier: of(declaration, name)}) > 0]
    if declaration.cardinality == "single":
        best = max(paid, key=lambda name: probe.score({declaration.identifier: name}), default=None)
        return probe.asking(declaration.identifier, best)
    sets = [paid, *_sets(probe, ids)]
    earned = [probe.score({declaration.identifier: of(declaration, *names)}) for names in sets]
    best_set = sets[earned.index(max(earned))]
    for names, worth in zip(sets, earned, strict=True):
        if worth == max(earned) > 0 and not (set(names) <= set(best_set) or set(best_set) <= set(names)):
            message = "Several sets of options are right, each by itself; an item has one."
            raise Unreadable(declaration.line, "several_keys", message)
    return probe.asking(declaration.identifier, of(declaration, *best_set))


def _sets(probe: Probe, ids: list[str]) -> list[list[str]]:
    """The sets of choices that the rules spell out."""
    found = []
    for container in probe.processing.expressions("multiple", "match"):
        spelt = [word for each in container.iterchildren("baseValue") for word in (each.text or "").split()]
        found.append(list(dict.fromkeys(name for name in spelt if name in ids)))
    return found[:_MOST_SETS]


def _truth(
    declaration: Declaration, ids: list[str], truths: list[str], feedback: list[str | None], asking: Asking
) -> dict[str, object]:
    right = {truth: asking.share(of(declaration, name)) for truth, name in zip(truths, ids, strict=True)}
    said = dict(zip(truths, feedback, strict=True))
    return {
        "kind": "true_false",
        "answer": right["true"] > right["false"],
        "feedback_true": said["true"],
        "feedback_false": said["false"],
        "worth": asking.worth,
    }


def _tell_of_debts(alone: Iterable[Fraction], declaration: Declaration, probe: Probe) -> None:
    """A response that earns less than nothing there earns nothing here: that is said."""
    if any(share < 0 for share in alone):
        message = "A wrong response costs marks in the file; a question never earns less than nothing here."
        probe.notes.warn(declaration.line, "grading_changed", message)


def _single(declaration: Declaration, ids: list[str], asking: Asking) -> dict[str, Fraction]:
    return {name: max(asking.share(of(declaration, name)), Fraction(-1)) for name in ids}


def _multiple(
    declaration: Declaration, ids: list[str], asking: Asking, probe: Probe
) -> tuple[dict[str, Fraction], bool]:
    """Shares that sum to what is paid, and whether only the whole set is; else equal ones, with a warning."""
    right: tuple[Single, ...] = entries(_right(declaration, asking, ids, probe))
    if _is_whole(declaration, asking, ids, right, probe):
        return _spelt(declaration, asking, ids, right), True
    alone = {name: asking.share(of(declaration, name)) for name in ids}
    _tell_of_debts(alone.values(), declaration, probe)
    total = sum((alone[name] for name in ids if name in right), Fraction(0))
    whole = total if _ROUNDED_SUM[0] <= total <= _ROUNDED_SUM[1] else Fraction(1)
    costs = {
        name: _cost(declaration, asking, right, name, alone[name], whole) for name in ids if name not in right
    }
    if _ROUNDED_SUM[0] <= total <= _ROUNDED_SUM[1]:
        shares = {name: alone[name] if name in right else costs[name] for name in ids}
    else:
        shares = {name: Fraction(1, len(right)) if name in right else costs[name] for name in ids}
        message = (
            "The whole set earns the marks here and nothing less; as an item each right option earns a share."
        )
        probe.notes.warn(declaration.line, "grading_changed", message)
    return shares, False


def _is_whole(
    declaration: Declaration, asking: Asking, ids: list[str], right: tuple[Single, ...], probe: Probe
) -> bool:
    """True where the right set is paid and nothing else: no part of it, and no wrong option beside it."""
    if len(right) == 1 and not _is_matched(probe):
        return False  # fractions say the same of one right option
    wrong = [name for name in ids if name not in right]
    sets = [(*right, name) for name in wrong] + [(name,) for name in ids if (name,) != right]
    sets += [tuple(other for other in right if other != name) for name in right]
    return all(asking.share(of(declaration, *names)) == 0 for names in sets if names)


def _is_matched(probe: Probe) -> bool:
    """True where the rules are spelt out, and compare with the right response only."""
    found = (next(iter(probe.processing.expressions(name)), None) for name in ("match", "mapResponse"))
    return [each is not None for each in found] == [True, False]


def _spelt(
    declaration: Declaration, asking: Asking, ids: list[str], right: tuple[Single, ...]
) -> dict[str, Fraction]:
    """The shares of a mapping that the rules do not ask, where it names the right ones; else equal ones."""
    mapping = declaration.mapping
    if mapping is not None and {key for key, worth in mapping.spelt.items() if worth > 0} == set(right):
        shares = {name: mapping.spelt.get(name, Fraction(0)) / asking.worth for name in ids}
        total = sum((shares[str(name)] for name in right), Fraction(0))
        if _ROUNDED_SUM[0] <= total <= _ROUNDED_SUM[1] and all(abs(share) <= 1 for share in shares.values()):
            return shares
    return {name: Fraction(1, len(right)) if name in right else Fraction(-1) for name in ids}


def _right(declaration: Declaration, asking: Asking, ids: list[str], probe: Probe) -> Value:
    found = right_of(declaration)
    if found is not None:
        known = tuple(name for name in entries(found) if name in ids)
        if len(known) == len(entries(found)):
            return found
        raise Unreadable(
            declaration.line, "unknown_choice", "The right response names a choice that is not there."
        )
    alone = [name for name in ids if asking.share(of(declaration, name)) > 0]
    sets = [alone, *_sets(probe, ids)]
    return of(declaration, *max(sets, key=lambda names: asking.share(of(declaration, *names))))


def _cost(
    declaration: Declaration,
    asking: Asking,
    right: tuple[Single, ...],
    name: str,
    alone: Fraction,
    whole: Fraction,
) -> Fraction:
    """What a wrong option takes from the right response."""
    earned = asking.share(of(declaration, *right, name))
    if earned <= 0:
        return Fraction(-1)
    return earned - whole if earned <= whole else max(alone, Fraction(0))
