# SPDX-License-Identifier: Apache-2.0
"""Interactions in which something is typed: accepted texts, and accepted numbers with their ranges."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import islice, pairwise

from lxml import etree

from question_bank.formats.intake import Unreadable
from question_bank.formats.qti import patterns
from question_bank.formats.qti.comparing import tolerance
from question_bank.formats.qti.declarations import Declaration
from question_bank.formats.qti.patterns import Pattern
from question_bank.formats.qti.probe import Asking, Probe, of, right_of, share_text
from question_bank.formats.qti.values import Value, entries, number
from question_bank.json_reader import Node, node_of

_TYPED = ("string", "identifier", "uri")
_AROUND = "\u00b6"
_MOST_VALUES = 200
_MOST_TESTS = 20
_STEP = Fraction(1, 10**9)


def text_entry(interaction: etree._Element, probe: Probe) -> dict[str, object]:
    """A short answer, or a number where the response is one."""
    declaration = probe.declaration(interaction.get("responseIdentifier", ""))
    if declaration.cardinality == "record" or declaration.base_type in {"float", "integer"}:
        return _numeric(declaration, probe)
    found = _patterns(declaration, probe)
    if found:
        return _with_stars(declaration, probe, found)
    asking = _asking(declaration, probe, _candidates(declaration, probe))
    answers = []
    for text in _candidates(declaration, probe):
        share = asking.share(of(declaration, text))
        is_named = declaration.mapping is not None and text in declaration.mapping.spelt
        if share > 0 or is_named or text in entries(right_of(declaration)):
            answers.append(_accepted(declaration, text, share, asking))
    return {"kind": "short_answer", "answers": answers, "worth": asking.worth}


def _patterns(declaration: Declaration, probe: Probe) -> dict[int, Pattern]:
    """The answers with stars that this response is compared with, by the place of their test."""
    found = {}
    for place, test in enumerate(probe.processing.expressions("patternMatch", "stringMatch")):
        beside = [other.get("identifier") for other in test.iterchildren("variable")]
        if test.tag == "patternMatch" and beside == [declaration.identifier]:
            pattern = patterns.read(test.get("pattern", ""))
            if pattern is not None and not pattern.is_loose:
                message = (
                    "A pattern with * is compared without regard to case here, and this one asks for it."
                )
                raise Unreadable(declaration.line, "exact_pattern", message, pattern.text)
            if pattern is not None:
                found[place] = pattern
    return dict(islice(found.items(), _MOST_VALUES))


def _with_stars(declaration: Declaration, probe: Probe, found: Mapping[int, Pattern]) -> dict[str, object]:
    """A short answer that has answers with stars among the others, in the order of their tests."""
    right = next(iter(entries(right_of(declaration))), None)
    best = right if isinstance(right, str) else next(iter(found.values())).sample(_AROUND)
    asking = probe.asking(declaration.identifier, of(declaration, best))
    answers = []
    for place, test in enumerate(
        islice(probe.processing.expressions("patternMatch", "stringMatch"), _MOST_VALUES)
    ):
        if declaration.identifier not in [other.get("identifier") for other in test.iterchildren("variable")]:
            continue
        if place in found:
            text, match = found[place].text, "pattern"
            share = asking.share(of(declaration, found[place].sample(_AROUND)))
        else:
            text = next(((each.text or "").strip() for each in test.iterchildren("baseValue")), "")
            match = "casefold" if test.get("caseSensitive", "true") == "false" else "exact"
            share = asking.share(of(declaration, text))
        own = {
            "text": text,
            "match": match,
            "fraction": share_text(min(max(share, Fraction(0)), Fraction(1))),
        }
        answers.append(node_of(own, declaration.line))
    return {"kind": "short_answer", "answers": answers, "worth": asking.worth}


def _candidates(declaration: Declaration, probe: Probe) -> list[str]:
    found = [] if declaration.mapping is None else [str(key) for key in declaration.mapping.spelt]
    found += [str(value) for value in entries(declaration.correct)]
    found += [
        (each.text or "").strip() for each in _constants(declaration, probe) if each.get("baseType") in _TYPED
    ]
    return [text for text in dict.fromkeys(found) if text.strip()][:_MOST_VALUES]


def _constants(declaration: Declaration, probe: Probe) -> Iterable[etree._Element]:
    """The constants of the rules; of several responses, those this one is compared with."""
    is_only = len(probe.processing.responses) == 1
    for each in probe.processing.expressions("baseValue"):
        parent = each.getparent()
        beside = () if parent is None else parent.iterchildren("variable")
        if is_only or any(other.get("identifier") == declaration.identifier for other in beside):
            yield each


def _asking(declaration: Declaration, probe: Probe, candidates: list[str]) -> Asking:
    right = right_of(declaration)
    if right is None:
        paid = {text: probe.score({declaration.identifier: of(declaration, text)}) for text in candidates}
        best = max(paid, key=lambda text: paid[text], default=None)
        right = None if best is None else of(declaration, best)
    return probe.asking(declaration.identifier, right)


def _accepted(declaration: Declaration, text: str, share: Fraction, asking: Asking) -> Node:
    own = {"text": text, "match": "exact", "fraction": share_text(min(max(share, Fraction(0)), Fraction(1)))}
    if share > 0 and asking.share(of(declaration, f"{_AROUND}{text}{_AROUND}")) == share:
        own |= {"text": "*" + text.replace("*", "\\*") + "*", "match": "pattern"}
    elif _is_loose(declaration, text, share, asking):
        own["match"] = "casefold"
    return node_of(own, declaration.line)


def _is_loose(declaration: Declaration, text: str, share: Fraction, asking: Asking) -> bool:
    if text.swapcase() != text:
        return asking.share(of(declaration, text.swapcase())) == share
    return declaration.mapping is not None and declaration.mapping.is_loose(text)


def _numeric(declaration: Declaration, probe: Probe) -> dict[str, object]:
    """The ranges of numbers that are paid, found at the edges the file names and between them."""
    edges = sorted(set(_edges(declaration, probe)))[:_MOST_VALUES]
    if not edges:
        raise Unreadable(declaration.line, "no_key", "The file does not say which number is right.")
    right = right_of(declaration)
    if right is None:
        best = max(_points(edges), key=lambda point: probe.score({declaration.identifier: point}))
        right = of(declaration, best)
    asking = probe.asking(declaration.identifier, right)
    answers = [
        node_of(_range(low, high, share, right), declaration.line)
        for low, high, share in _ranges(edges, declaration, asking)
    ]
    return {"kind": "numeric", "answers": answers, "worth": asking.worth}


def _edges(declaration: Declaration, probe: Probe) -> Iterable[Fraction]:
    found = [value for value in entries(right_of(declaration)) if isinstance(value, Fraction)]
    if declaration.mapping is not None:
        found += [key for key in declaration.mapping.spelt if isinstance(key, Fraction)]
    spelt = (number(each.text or "") for each in _constants(declaration, probe))
    found += [value for value in spelt if value is not None]
    found = found[:_MOST_VALUES]
    yield from found
    for each in islice(probe.processing.expressions("equal"), _MOST_TESTS):
        mode = each.get("toleranceMode", "exact")
        if mode != "exact":
            for value in found:
                yield from tolerance(each, mode, value)
    for each in islice(probe.processing.expressions("equalRounded", "roundTo"), _MOST_TESTS):
        figures = number(each.get("figures", "0")) or Fraction(0)
        for value in found:
            half = Fraction(1, 2) / Fraction(10) ** min(int(figures), 9)
            yield from (value - half, value + half)


def _points(edges: list[Fraction]) -> list[Fraction]:
    """The edges and a point between each two, and one outside on either side."""
    between = [(low + high) / 2 for low, high in pairwise(edges)]
    return sorted([edges[0] - 1, *edges, *between, edges[-1] + 1])


def _ranges(
    edges: list[Fraction], declaration: Declaration, asking: Asking
) -> list[tuple[Fraction, Fraction, Fraction]]:
    """For each share the runs of points that earn it or more; an end that is not paid lies a hair inside."""
    points = _points(edges)
    shares = [asking.share(of(declaration, point)) for point in points]
    if shares[0] > 0 or shares[-1] > 0:
        raise Unreadable(
            declaration.line, "half_range", "The numbers that are right have no lowest or no highest."
        )
    found: dict[tuple[Fraction, Fraction], Fraction] = {}
    for level in sorted({share for share in shares if share > 0}, reverse=True):
        for start, end in _runs([share >= level for share in shares]):
            low = points[start] if points[start] in edges else points[start - 1] + _STEP
            high = points[end] if points[end] in edges else points[end + 1] - _STEP
            found.setdefault((low, high), level)
    return [(low, high, level) for (low, high), level in found.items()]


def _runs(flags: list[bool]) -> list[tuple[int, int]]:
    """First and last place of each unbroken run of true."""
    starts = [at for at, flag in enumerate(flags) if flag and not (at and flags[at - 1])]
    ends = [at for at, flag in enumerate(flags) if flag and not (at + 1 < len(flags) and flags[at + 1])]
    return list(zip(starts, ends, strict=True))


def _range(low: Fraction, high: Fraction, share: Fraction, right: Value) -> dict[str, object]:
    own: dict[str, object] = {"fraction": share_text(min(share, Fraction(1)))}
    middle = (low + high) / 2
    if low == high or (middle in entries(right)):
        return {"value": share_text(middle), "tolerance": share_text(high - middle), **own}
    return {"low": share_text(low), "high": share_text(high), **own}
