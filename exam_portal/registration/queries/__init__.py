# SPDX-License-Identifier: Apache-2.0
"""The reads of registration in one place. Names are opened once per page."""

from exam_portal.registration.queries.dossiers import (
    FORM_CONTEXT,
    ApplicationEntry,
    applications,
    attachments,
    count_applications,
    form_of,
    own_applications,
    refused_dossiers,
)
from exam_portal.registration.queries.people import (
    CandidateEntry,
    EligibleEntry,
    NamedCandidate,
    candidates,
    count_candidates,
    counter_people,
    eligible_by_name,
    lists,
    named_candidates,
)
from exam_portal.registration.queries.vacancies import Standing, standing, standings
from exam_portal.registration.queries.vetting import (
    ConcludedEntry,
    automatic_reading,
    automatic_readings,
    concluded,
    conclusion,
    findings,
    undecided_count,
    vetting_is_open,
)

__all__ = [
    "FORM_CONTEXT",
    "ApplicationEntry",
    "CandidateEntry",
    "ConcludedEntry",
    "EligibleEntry",
    "NamedCandidate",
    "Standing",
    "applications",
    "attachments",
    "automatic_reading",
    "automatic_readings",
    "candidates",
    "concluded",
    "conclusion",
    "count_applications",
    "count_candidates",
    "counter_people",
    "eligible_by_name",
    "findings",
    "form_of",
    "lists",
    "named_candidates",
    "own_applications",
    "refused_dossiers",
    "standing",
    "standings",
    "undecided_count",
    "vetting_is_open",
]
