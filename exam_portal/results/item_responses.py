# SPDX-License-Identifier: Apache-2.0
"""From marked tests to what an item analysis reads, and from its findings back to the bank's versions."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from exam_portal.core.db import Session
from exam_portal.items import history
from exam_portal.items import service as bank_service
from exam_portal.items.models import ItemBank, ItemVersion
from exam_portal.papers.models import Paper, PaperForm
from exam_portal.papers.opened import opened_form
from exam_portal.results.item_analysis import KEPT
from exam_portal.results.models import ItemAnalysis
from exam_portal.sittings.attempts.answered import answered
from exam_portal.sittings.attempts.scored import InForce, in_force, mark_responses, with_keys
from question_bank.item import Item
from question_bank.json_values import decimal_text
from question_bank.kinds.choice import SingleChoice
from question_bank.kinds.description import Description


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FormResponses:
    """What the people of one form answered, as `scoring.statistics.analysis` reads it."""

    code: str
    kind: str
    bank_id: int | None
    bank: str | None  # its public id: two banks of a part may use the same codes
    versions: Mapping[str, ItemVersion]  # by item id, as far as the bank has them
    document: Mapping[str, Any]


def gather(session: Session, analysis: ItemAnalysis) -> list[FormResponses]:
    """Return the responses of each form of the part: slow, so nobody holds the writer meanwhile."""
    rows: dict[int, list[Mapping[str, Any]]] = {}
    for each in answered(session, analysis.competition_id, analysis.part):
        rows.setdefault(each.form_id, []).append(each.responses)
    corrections = in_force(session, analysis.competition_id, analysis.part)
    return [_form(session, form_id, found, corrections) for form_id, found in sorted(rows.items())]


def statistics_of(form: FormResponses, found: Mapping[str, Any]) -> list[history.Statistic]:
    """Return what the bank remembers of a form's analysis."""
    return [
        history.Statistic(
            version=form.versions[row["id"]],
            form=form.code,
            persons=found["persons"],
            content={name: row[name] for name in KEPT} | {"flags": [each["flag"] for each in row["flags"]]},
        )
        for row in found["items"]
        if row["id"] in form.versions
    ]


def names_of(session: Session, bank_id: int | None, items: Sequence[Item]) -> Mapping[str, Mapping[str, str]]:
    """Return by item what the bank calls its options, by the ids that the form gave them."""
    return _of_bank(session, bank_id, items)[1]


def _form(
    session: Session,
    form_id: int,
    responses: Sequence[Mapping[str, Any]],
    corrections: Sequence[InForce],
) -> FormResponses:
    """Return a form's responses under the keys in force; what is neutralised is still worth looking at."""
    row = session.get_one(PaperForm, form_id)
    paper = session.get_one(Paper, row.paper_id)
    held = opened_form(session, form_id)
    form = with_keys(held, corrections)
    items = [item for item in form.items if not isinstance(item.body, Description)]
    versions, names = _of_bank(session, paper.bank_id, held.items)
    rekeyed = {item.id for item in form.items if item not in held.items}  # figures of another key
    versions = {name: version for name, version in versions.items() if name not in rekeyed}
    marked = [mark_responses(form, found).detail for found in responses]
    return FormResponses(
        code=row.code,
        kind=paper.kind,
        bank_id=paper.bank_id,
        bank=None if paper.bank_id is None else session.get_one(ItemBank, paper.bank_id).public_id,
        versions=versions,
        document={
            "items": [_item(item, names.get(item.id, {})) for item in items],
            "rows": [
                {
                    "marks": [detail[item.id]["score"] for item in items],
                    "chosen": [_chosen(item, found.get(item.id), names.get(item.id, {})) for item in items],
                }
                for found, detail in zip(responses, marked, strict=True)
            ],
        },
    )


def _item(item: Item, names: Mapping[str, str]) -> dict[str, Any]:
    options = item.body.options if isinstance(item.body, SingleChoice) else ()
    return {
        "id": item.id,
        "max": decimal_text(item.marks),
        "options": [names.get(option.id, option.id) for option in options],
        "key": next((names.get(each.id, each.id) for each in options if each.fraction == 1), None),
    }


def _chosen(item: Item, response: Any, names: Mapping[str, str]) -> str | None:
    if not isinstance(item.body, SingleChoice):
        return None
    chosen = response[0] if isinstance(response, list) and len(response) == 1 else response
    known = {option.id for option in item.body.options}
    return names.get(chosen, chosen) if isinstance(chosen, str) and chosen in known else None


def is_version(original: Item, item: Item) -> bool:
    """Whether the form's item is this version: its words, and what each answer earns."""
    if (original.version, original.stem, original.kind) != (item.version, item.stem, item.kind):
        return False
    return bool(_earning(original.body.native()) == _earning(item.body.native()))


def _earning(value: Any, key: str = "") -> Any:
    """The value with options as texts and shares: a form gives them other ids, and another order."""
    if key == "options":
        return sorted((option["text"], option["fraction"]) for option in value)
    if isinstance(value, Mapping):
        return {name: _earning(each, name) for name, each in value.items()}
    return [_earning(each) for each in value] if isinstance(value, list | tuple) else value


def _of_bank(
    session: Session, bank_id: int | None, items: Sequence[Item]
) -> tuple[dict[str, ItemVersion], dict[str, dict[str, str]]]:
    """Return the version that each item is, and its options' own ids by those that the form gave them."""
    versions: dict[str, ItemVersion] = {}
    names: dict[str, dict[str, str]] = {}
    if bank_id is None:
        return versions, names
    held = history.versions_of(session, bank_id, [item.id for item in items])
    for item in items:
        for version in held.get(item.id, ()):
            original = bank_service.content_of(session, version)
            if not is_version(original, item):
                continue
            versions[item.id] = version
            if isinstance(item.body, SingleChoice) and isinstance(original.body, SingleChoice):
                own = {option.text: option.id for option in original.body.options}
                names[item.id] = {each.id: own[each.text] for each in item.body.options if each.text in own}
            break
    return versions, names
