# SPDX-License-Identifier: Apache-2.0
"""Rule sets (quy chế): typed, checked with the path of every mistake, hashed, and readable in words."""

from scoring.ruleset.conduct import AppointmentRules, ConflictRules, RetentionRules, SanctionRules
from scoring.ruleset.document import RULESET_SCHEMA, RuleSet, parse, read_ruleset
from scoring.ruleset.parts import (
    AdvisoryPart,
    Criterion,
    Deviation,
    Discrepancy,
    GatePart,
    Level,
    Marking,
    Panel,
    Part,
    QualifyingPart,
    RankedPart,
)
from scoring.ruleset.settings import (
    CalendarRules,
    LateLimit,
    Numbers,
    PreferencePoints,
    PublicationRules,
    Review,
    TieBreak,
    TimingRules,
    Title,
    Total,
    VacancyRules,
)

__all__ = [
    "RULESET_SCHEMA",
    "AdvisoryPart",
    "AppointmentRules",
    "CalendarRules",
    "ConflictRules",
    "Criterion",
    "Deviation",
    "Discrepancy",
    "GatePart",
    "LateLimit",
    "Level",
    "Marking",
    "Numbers",
    "Panel",
    "Part",
    "PreferencePoints",
    "PublicationRules",
    "QualifyingPart",
    "RankedPart",
    "RetentionRules",
    "Review",
    "RuleSet",
    "SanctionRules",
    "TieBreak",
    "TimingRules",
    "Title",
    "Total",
    "VacancyRules",
    "parse",
    "read_ruleset",
]
