# SPDX-License-Identifier: Apache-2.0
"""What a rule set settles beside its parts: numbers, places, totals, ties, review, time, publication."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.reading import Table
from scoring.rounding import ROUNDINGS, Exact, is_multiple, plain, quantise

RECHECKS = ("vetting", "withdrawal", "gate")
REVIEW_POLICIES = ("two_agree_else_mean", "single", "review_only", "tolerance")
NEUTRALISE = ("redistribute", "full_credit", "zero_weight")
NAMES = ("all", "selected_only", "codes_only")
PUBLICATION_STEPS = ("marks_posted", "reviews_closed", "opinion_recorded", "recognised", "published")
LATE_LIMITS = ((30, 5), (59, 5), (None, 10))


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """A name in both languages."""

    vi: str
    en: str

    def in_language(self, language: str) -> str:
        """The Vietnamese name, or the English one for `en`."""
        return self.en if language == "en" else self.vi


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """How marks are counted: the maximum, the finest mark a person gives, and the one rounding."""

    scale: Decimal
    step: Decimal
    decimals: int
    rounding: str

    def rounded(self, value: Exact) -> Decimal:
        """The mark as it is published and compared."""
        return quantise(value, self.decimals, self.rounding)

    def of_points(self, value: Decimal, most: Decimal) -> Decimal:
        """The mark for so many points out of the most: on the scale, rounded once."""
        return self.rounded(Fraction(value) / Fraction(most) * Fraction(self.scale))


@dataclass(frozen=True, slots=True, kw_only=True)
class VacancyRules:
    """Places, the least number of candidates, when it is counted again, and the reserve list."""

    places: int
    min_candidates: int
    recheck_min_after: tuple[str, ...]
    reserve: int
    reserve_months: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferencePoints:
    """Points a law may add to the total; off for leadership posts."""

    enabled: bool
    max: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """What makes the total: the one ranked part, or ranked parts by their weights."""

    mode: str
    each_part_min: Decimal | None
    preference_points: PreferencePoints


@dataclass(frozen=True, slots=True, kw_only=True)
class TieBreak:
    """The chain of rules that separates equal totals; a decision of the authority always ends it."""

    order: tuple[str, ...]
    places_boundary_only: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """The review of marking (phúc khảo): its days, and how its marks become the mark."""

    request_days: int
    finish_days: int
    policy: str
    tolerance: Decimal
    neutralise: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LateLimit:
    """Parts of at most `up_to` minutes (None: all longer ones) admit `late` minutes after the start."""

    up_to: int | None
    late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TimingRules:
    """Seconds and minutes of tolerance around a sitting."""

    grace_seconds: int
    offline_minutes: int
    paper_ready_hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarRules:
    """Days that the organiser owes to the candidates."""

    apply_window_days: int
    vetting_notice_working_days: int
    summons_working_days: int
    posting_working_days: int
    notify_result_working_days: int
    complete_file_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationRules:
    """Whose names are published, and the steps of which none overtakes the former."""

    names: str
    order: tuple[str, ...]


def read_title(table: Table) -> Title:
    """Both names, each required."""
    title = Title(vi=table.text("vi"), en=table.text("en"))
    table.close()
    return title


def read_numbers(table: Table) -> Numbers:
    """The numbers; the scale and the step are above 0."""
    numbers = Numbers(
        scale=_above_zero(table, "scale", "100"),
        step=_above_zero(table, "step", "0.5"),
        decimals=table.whole("decimals", 2, most=6),
        rounding=table.text("rounding", "half_up", ROUNDINGS),
    )
    if not is_multiple(numbers.scale, numbers.step):
        table.problem("step", f"must divide the scale {plain(numbers.scale)}, but is {plain(numbers.step)}")
    table.close()
    return numbers


def _above_zero(table: Table, key: str, default: str) -> Decimal:
    mistakes = len(table.problems)
    value = table.decimal(key, default)
    if value == 0 and len(table.problems) == mistakes:
        table.problem(key, "must be above 0")
    return value or Decimal(default)


def read_vacancy(table: Table) -> VacancyRules:
    """Defaults for every vacancy of the competition."""
    vacancy = VacancyRules(
        places=table.whole("places", 1, least=1),
        min_candidates=table.whole("min_candidates", 2, least=1),
        recheck_min_after=table.texts("recheck_min_after", RECHECKS, RECHECKS),
        reserve=table.whole("reserve", 0),
        reserve_months=table.whole("reserve_months", 0),
    )
    table.close()
    return vacancy


def read_preference(table: Table, numbers: Numbers) -> PreferencePoints:
    """Off unless the rule set turns it on; the usual 7.5 points are meant for a scale of 100."""
    enabled = table.flag("enabled", default=False)
    most = table.decimal("max", "7.5", most=numbers.scale if enabled else None)
    points = PreferencePoints(enabled=enabled, max=most)
    if points.enabled and not table.has("max") and numbers.scale != Decimal(100):
        table.problem("max", "is missing: the default 7.5 is meant for a scale of 100")
    table.close()
    return points


def read_review(table: Table, numbers: Numbers) -> Review:
    """The review, 15 working days to ask and 15 to finish unless said otherwise."""
    review = Review(
        request_days=table.whole("request_days", 15),
        finish_days=table.whole("finish_days", 15),
        policy=table.text("policy", "two_agree_else_mean", REVIEW_POLICIES),
        tolerance=table.decimal("tolerance", "0", most=numbers.scale),
        neutralise=table.text("neutralise", "redistribute", NEUTRALISE),
    )
    table.close()
    return review


def read_late(table: Table) -> tuple[LateLimit, ...]:
    """Rows by rising duration; the last one holds for every longer part."""
    if not table.has("limits"):
        table.close()
        return tuple(LateLimit(up_to=up_to, late=late) for up_to, late in LATE_LIMITS)
    rows = table.tables("limits")
    limits = tuple(_late_row(row, last=row is rows[-1]) for row in rows)
    bounds = [limit.up_to for limit in limits if limit.up_to is not None]
    if not rows:
        table.problem("limits", "needs at least one row")
    if bounds != sorted(set(bounds)):
        table.problem("limits", "the durations must rise from row to row")
    table.close()
    return limits


def _late_row(row: Table, *, last: bool) -> LateLimit:
    up_to = row.whole("up_to", least=1) if not last or row.has("up_to") else None
    if last and up_to is not None:
        row.problem("up_to", "the last row holds for every longer part and has no up_to")
    limit = LateLimit(up_to=up_to, late=row.whole("late"))
    row.close()
    return limit


def read_timing(table: Table) -> TimingRules:
    """A minute of grace, ten minutes off line, papers a day ahead."""
    timing = TimingRules(
        grace_seconds=table.whole("grace_seconds", 60),
        offline_minutes=table.whole("offline_minutes", 10),
        paper_ready_hours=table.whole("paper_ready_hours", 24),
    )
    table.close()
    return timing


def read_calendar(table: Table) -> CalendarRules:
    """The days of a notice, a summons and a result."""
    calendar = CalendarRules(
        apply_window_days=table.whole("apply_window_days", 30),
        vetting_notice_working_days=table.whole("vetting_notice_working_days", 5),
        summons_working_days=table.whole("summons_working_days", 5),
        posting_working_days=table.whole("posting_working_days", 1),
        notify_result_working_days=table.whole("notify_result_working_days", 2),
        complete_file_days=table.whole("complete_file_days", 15),
    )
    table.close()
    return calendar


def read_publication(table: Table) -> PublicationRules:
    """Names of the selected only, and all five steps in their order unless said otherwise."""
    mistakes = len(table.problems)
    rules = PublicationRules(
        names=table.text("names", "selected_only", NAMES),
        order=table.texts("order", PUBLICATION_STEPS, PUBLICATION_STEPS),
    )
    if len(table.problems) == mistakes and list(rules.order) != sorted(
        rules.order, key=PUBLICATION_STEPS.index
    ):
        table.problem(
            "order", f"may leave steps out, but not change their order {', '.join(PUBLICATION_STEPS)}"
        )
    elif len(table.problems) == mistakes and "published" not in rules.order:
        table.problem("order", "must end with published")
    table.close()
    return rules
