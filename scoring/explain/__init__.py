# SPDX-License-Identifier: Apache-2.0
"""A rule set in words, as the notice prints it: what applies to a candidate, and nothing technical."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from scoring.composite import minimum
from scoring.explain.phrases import PHRASES
from scoring.rounding import plain
from scoring.ruleset import Criterion, Marking, Panel, Part, RankedPart, RuleSet
from scoring.ruleset.conduct import DEDUCTIONS

__all__ = ["Section", "Words", "explain", "marks_become_one"]


UNREGULATED = range(
    31, 60
)  # minutes of a part for which Thông tư 001/2025/TT-BNV was not seen to say a limit
LETTERS = {"vi": "abcdđeghiklmnopqrstuvxy", "en": "abcdefghijklmnopqrstuvwxyz"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and its sentences."""

    title: str
    sentences: tuple[str, ...]
    letters: str = LETTERS["en"]

    @property
    def points(self) -> tuple[tuple[str, str], ...]:
        """The sentences, each with the letter by which it is cited."""
        return tuple(
            (self.letters[place % len(self.letters)], sentence)
            for place, sentence in enumerate(self.sentences)
        )


def explain(ruleset: RuleSet, lang: str) -> list[Section]:
    """The rule set in Vietnamese (`vi`) or English (`en`), section by section."""
    words = Words(lang)
    sections = [
        _basis(ruleset, words),
        _places(ruleset, words),
        _conflicts(ruleset, words),
        *(_part(ruleset, words, number, part) for number, part in enumerate(ruleset.parts, start=1)),
        _time(ruleset, words),
        _sanctions(ruleset, words),
        _numbers(ruleset, words),
        _total(ruleset, words),
        _ties(ruleset, words),
        *([_review(ruleset, words)] if any(part.reviewable for part in ruleset.parts) else []),
        _publication(ruleset, words),
        _calendar(ruleset, words),
        _afterwards(ruleset, words),
    ]
    return [replace(section, letters=LETTERS[lang]) for section in sections]


def marks_become_one(ruleset: RuleSet, part: Part, lang: str, *, is_review: bool = False) -> tuple[str, ...]:
    """How the marks of one script, or those of its review, become one: the sentences of the notice."""
    words = Words(lang)
    if is_review:
        return (words.say(f"review.{ruleset.review.policy}", tolerance=ruleset.review.tolerance),)
    return tuple(_marking(part.marking, words)) if part.marking else ()


class Words:
    """The phrases of one language."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self._phrases = PHRASES[lang]

    def say(self, key: str, **facts: object) -> str:
        """A phrase with its facts; decimals are written as the language writes them."""
        return self._phrases[key].format(**{name: self._fact(fact) for name, fact in facts.items()})

    def title(self, part: Part) -> str:
        """The part's own title, else that of its kind."""
        return part.title.in_language(self.lang) if part.title else self.say(f"kind.{part.kind}")

    def _fact(self, fact: object) -> str:
        if isinstance(fact, Decimal):
            return plain(fact).replace(".", "," if self.lang == "vi" else ".")
        return str(fact)


def _basis(ruleset: RuleSet, words: Words) -> Section:
    sentences = tuple(words.say("basis", instrument=each.rstrip(".")) for each in ruleset.legal_basis)
    return Section(title=words.say("section.basis"), sentences=sentences)


def _places(ruleset: RuleSet, words: Words) -> Section:
    rules = ruleset.vacancy
    sentences = [
        words.say("places", places=rules.places),
        words.say("min_candidates", count=rules.min_candidates),
    ]
    if rules.recheck_min_after:
        moments = ", ".join(words.say(f"moment.{each}") for each in rules.recheck_min_after)
        sentences.append(words.say("recheck", moments=moments))
    if rules.reserve:
        sentences.append(words.say("reserve", count=rules.reserve))
        if rules.reserve_months:
            sentences.append(words.say("reserve_months", months=rules.reserve_months))
    else:
        sentences.append(words.say("no_reserve"))
    return Section(title=words.say("section.places"), sentences=tuple(sentences))


def _part(ruleset: RuleSet, words: Words, number: int, part: Part) -> Section:
    is_vote = part.panel is not None and _is_vote(part, part.panel)
    place = "mode.vote" if is_vote else "mode.panel" if part.panel else "mode"
    sentences = [words.say(f"{place}.{part.mode}")]
    if part.duration_minutes is not None:
        sentences.append(words.say("duration", minutes=part.duration_minutes))
    mark = minimum(part, ruleset.total)
    role = "ranked.open" if isinstance(part, RankedPart) and not mark else part.role
    sentences.append(words.say(f"role.{role}", mark=mark))
    if part.kind == "test":
        sentences.append(words.say("test"))
        sentences.append(words.say(f"neutralise.{ruleset.review.neutralise}"))
    if part.marking:
        sentences += _marking(part.marking, words)
    if part.panel:
        sentences += _panel(part, part.panel, ruleset, words)
    if part.rubric:
        criteria = [
            words.say("criterion", title=each.title.in_language(words.lang), max=each.max)
            for each in part.rubric
        ]
        sentences.append(words.say("rubric", criteria="; ".join(criteria)))
        sentences += [_levels(each, words) for each in part.rubric if each.levels]
    sentences.append(words.say("reviewable" if part.reviewable else "not_reviewable"))
    title = words.say("section.part", number=number, title=words.title(part))
    return Section(title=title, sentences=tuple(sentences))


def _levels(criterion: Criterion, words: Words) -> str:
    """The anchors of a criterion, best first."""
    levels = [
        words.say(
            "level",
            mark=level.mark,
            label=level.label.in_language(words.lang),
            words=level.words.in_language(words.lang).rstrip("."),
        )
        for level in criterion.levels
    ]
    return words.say("levels", title=criterion.title.in_language(words.lang), levels="; ".join(levels))


def _marking(marking: Marking, words: Words) -> list[str]:
    if marking.markers == 1:
        return [words.say("markers.1")]
    rule = marking.discrepancy
    facts = {"threshold": rule.threshold, "unit": words.say(f"unit.{rule.basis}")}
    beyond, within = (words.say(f"{side}.{rule.operator}") for side in ("beyond", "within"))
    resolve = words.say(f"resolve.{marking.resolve}")
    if marking.markers < 3 and marking.resolve not in {"mean", "chair_decides"}:
        resolve = words.say("third", rule=resolve)
    return [
        words.say("markers", count=marking.markers),
        words.say("agree", within=within, **facts),
        words.say(
            "resolve", beyond=beyond, onward=words.say(f"onward.{rule.operator}"), rule=resolve, **facts
        ),
    ]


def _is_vote(part: Part, panel: Panel) -> bool:
    """Whether the mark of the part is the share of those who have confidence."""
    return part.kind == "vote" and panel.aggregate == "mean"


def _panel(part: Part, panel: Panel, ruleset: RuleSet, words: Words) -> list[str]:
    is_vote = _is_vote(part, panel)
    record = "vote_record" if is_vote else "record"
    sentences = [
        words.say(f"{'vote' if is_vote else 'panel'}.{panel.ballot}", size=panel.size),
        *([words.say(f"{record}.{panel.record}")] if panel.ballot == "secret" else []),
        words.say("panel.heard"),
        words.say("quorum", needed=panel.needed),
        words.say("vote.share", scale=ruleset.numbers.scale)
        if is_vote
        else words.say(f"aggregate.{panel.aggregate}", trim=panel.trim),
    ]
    watch = panel.deviation
    if watch.action != "off":
        sentences.append(
            words.say(f"deviation.{watch.action}", from_mean=watch.from_mean, spread=watch.spread)
        )
    return sentences


def _numbers(ruleset: RuleSet, words: Words) -> Section:
    numbers = ruleset.numbers
    return Section(
        title=words.say("section.numbers"),
        sentences=(
            words.say("scale", scale=numbers.scale, step=numbers.step),
            words.say(f"rounding.{numbers.rounding}", decimals=numbers.decimals),
            words.say("compare"),
        ),
    )


def _total(ruleset: RuleSet, words: Words) -> Section:
    sentences = [_sum(ruleset, words)]
    if ruleset.total.each_part_min is not None:
        sentences.append(words.say("each_part_min", mark=ruleset.total.each_part_min))
    points = ruleset.total.preference_points
    sentences.append(
        words.say("preference", max=points.max) if points.enabled else words.say("no_preference")
    )
    sentences.append(words.say("highest"))
    return Section(title=words.say("section.total"), sentences=tuple(sentences))


def _sum(ruleset: RuleSet, words: Words) -> str:
    if ruleset.total.mode == "single":
        return words.say("total.single", part=words.title(ruleset.ranked[0]))
    weights = ", ".join(_weight(part, words) for part in ruleset.ranked)
    return words.say("total.weighted", weights=weights)


def _weight(part: RankedPart, words: Words) -> str:
    return words.say("weight", part=words.title(part), percent=part.weight * 100)


def _ties(ruleset: RuleSet, words: Words) -> Section:
    rules = [_tie_rule(ruleset, rule, words) for rule in ruleset.tie_break.order if _separates(ruleset, rule)]
    listed = [
        f"({number}) {rule}" for number, rule in enumerate([*rules, words.say("tie.decision")], start=1)
    ]
    boundary = "ties.boundary" if ruleset.tie_break.places_boundary_only else "ties.all"
    if not rules:
        sentences = (words.say(f"{boundary}.decision"), words.say("ties.never"))
        return Section(title=words.say("section.ties"), sentences=sentences)
    sentence = f"{words.say(boundary)} {words.say('ties.list', rules='; '.join(listed))}"
    return Section(title=words.say("section.ties"), sentences=(sentence, words.say("ties.never")))


def _separates(ruleset: RuleSet, rule: str) -> bool:
    """Whether the rule can tell equal totals apart: the one part that makes the total cannot."""
    makes_total = ruleset.total.mode == "single" and not ruleset.total.preference_points.enabled
    return rule != "decision" and not (makes_total and rule == f"part:{ruleset.ranked[0].key}")


def _tie_rule(ruleset: RuleSet, rule: str, words: Words) -> str:
    kind, _, name = rule.partition(":")
    key, _, criterion = name.partition(".")
    part = ruleset.part(key)
    if kind == "part":
        return words.say("tie.part", part=words.title(part))
    title = next(each.title for each in part.rubric if each.key == criterion)
    return words.say("tie.rubric", part=words.title(part), criterion=title.in_language(words.lang))


def _review(ruleset: RuleSet, words: Words) -> Section:
    rules = ruleset.review
    sentences = [
        words.say("review.days", request=rules.request_days, finish=rules.finish_days),
        *([] if rules.policy == "review_only" else [words.say("review.blind")]),
        words.say(f"review.{rules.policy}", tolerance=rules.tolerance),
    ]
    return Section(title=words.say("section.review"), sentences=tuple(sentences))


def _time(ruleset: RuleSet, words: Words) -> Section:
    sentences = [
        words.say(
            "late.own" if part.duration_minutes in UNREGULATED else "late",
            part=words.title(part),
            minutes=ruleset.late_minutes(part.duration_minutes),
        )
        for part in ruleset.parts
        if part.duration_minutes is not None
    ]
    if any(part.mode != "paper" for part in ruleset.parts):
        sentences.append(words.say("offline", minutes=ruleset.timing.offline_minutes))
    return Section(title=words.say("section.time"), sentences=tuple(sentences))


def _calendar(ruleset: RuleSet, words: Words) -> Section:
    days = ruleset.calendar
    return Section(
        title=words.say("section.calendar"),
        sentences=(
            words.say("apply", days=days.apply_window_days),
            words.say("vetting_notice", days=days.vetting_notice_working_days),
            words.say("summons", days=days.summons_working_days),
            words.say("posting", days=days.posting_working_days),
            words.say("notify", days=days.notify_result_working_days),
            words.say("complete_file", days=days.complete_file_days),
        ),
    )


def _publication(ruleset: RuleSet, words: Words) -> Section:
    steps = ", ".join(words.say(f"step.{each}") for each in ruleset.publication.order)
    return Section(
        title=words.say("section.publication"),
        sentences=(
            words.say(f"names.{ruleset.publication.names}"),
            words.say("order", steps=steps),
            words.say("recompute"),
        ),
    )


def _conflicts(ruleset: RuleSet, words: Words) -> Section:
    relations = "; ".join(words.say(f"relation.{each}") for each in ruleset.coi.relations)
    return Section(
        title=words.say("section.conflicts"), sentences=(words.say("conflicts", relations=relations),)
    )


def _sanctions(ruleset: RuleSet, words: Words) -> Section:
    """What a violation costs; a figure that the rules do not state is said to be the organiser's."""
    sentences = [words.say("sanctions")]
    stated = {level: ruleset.sanctions.deduction(level) for level in DEDUCTIONS}
    for level, percent in stated.items():
        if percent is not None:
            sentences.append(words.say(f"deduction.{level}" if percent else f"free.{level}", percent=percent))
    unstated = [words.say(f"sanction.{level}") for level, percent in stated.items() if percent is None]
    if unstated:
        sentences.append(words.say("deduction.unstated", levels=words.say("or").join(unstated)))
    return Section(title=words.say("section.sanctions"), sentences=(*sentences, words.say("suspended")))


def _afterwards(ruleset: RuleSet, words: Words) -> Section:
    kept, years = ruleset.retention, ruleset.appointment.term_years
    records = words.say("retention", result=kept.result_years, dossier=kept.dossier_years)
    if not years:
        return Section(title=words.say("section.records"), sentences=(records,))
    return Section(title=words.say("section.afterwards"), sentences=(words.say("term", years=years), records))
