# SPDX-License-Identifier: Apache-2.0
"""What a candidate is shown: the views of the opened form, in the candidate's own order. Never a key."""

from collections.abc import Mapping, Sequence
from typing import Any

from exam_portal.core.db import Session
from exam_portal.papers import opened as papers
from exam_portal.sittings.models import Attempt
from question_bank import paper
from question_bank.item import view
from question_bank.paper import PaperForm, Permutation

ORDERED = ("options", "targets", "entries")  # lists whose order the permutation gives


def form_of(session: Session, form_id: int) -> PaperForm:
    """Return the opened form, or raise what the papers say while its key is not released."""
    return papers.opened_form(session, form_id)


def permutation_of(session: Session, form: PaperForm, attempt: Attempt) -> Permutation:
    """Return the order this attempt shows: it follows from the form's seed and the attempt's id alone."""
    seed = papers.shuffle_seed(session, attempt.form_id)
    return paper.permutation(form, seed=seed, candidate=attempt.public_id)


def seed_of(session: Session, attempt: Attempt) -> bytes:
    """Return from what the attempt's browser derives the same order; it may have it before the start."""
    return papers.candidate_seed(session, attempt.form_id, attempt.public_id)


def delivered(form: PaperForm, permutation: Permutation) -> list[dict[str, Any]]:
    """Return the views of the items as the candidate meets them, numbered, descriptions without a number."""
    views = {item.id: dict(view(item)) for item in form.items}
    number = 0
    found = []
    for item_id in permutation.items:
        shown = _arranged(views[item_id], permutation.options, item_id)
        if shown["kind"] != "description":
            number += 1
            shown["number"] = number
        found.append(shown)
    return found


def item_ids(form: PaperForm) -> frozenset[str]:
    """Return the ids that events of an attempt at this form may name."""
    return frozenset(item.id for item in form.items)


def _arranged(shown: Mapping[str, Any], orders: Mapping[str, Sequence[str]], slot: str) -> dict[str, Any]:
    arranged = dict(shown)
    for name in ORDERED:
        if name in shown and slot in orders:
            by_id = {entry["id"]: dict(entry) for entry in shown[name]}
            arranged[name] = [by_id[entry_id] for entry_id in orders[slot]]
    for name in ("gaps", "items"):
        if name in shown:
            arranged[name] = [_arranged(part, orders, f"{slot}/{part['id']}") for part in shown[name]]
    return arranged
