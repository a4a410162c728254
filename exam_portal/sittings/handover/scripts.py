# SPDX-License-Identifier: Apache-2.0
"""Masked scripts and what is written in them: the only place that decrypts a script for marking."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import func, select

from exam_portal.core.confinement import door
from exam_portal.core.db import Session
from exam_portal.core.storage import Blob
from exam_portal.papers import opened
from exam_portal.sittings import masking
from exam_portal.sittings.attempts import service as attempts
from exam_portal.sittings.handover.views import BagView, MaskedAnswer, MaskedScriptView, ScriptContent
from exam_portal.sittings.models import Attempt, MaskBag, MaskedScript, Script, ScriptScan
from question_bank.item import Item
from question_bank.item import view as item_view
from question_bank.paper import PaperForm


@door
def scripts(session: Session, bag_id: int) -> list[MaskedScriptView]:
    """Return the masked scripts of a bag, in the order of their codes."""
    rows = session.scalars(
        select(MaskedScript).where(MaskedScript.bag_id == bag_id).order_by(MaskedScript.mask_code)
    )
    return [_view(row) for row in rows]


@door
def script(session: Session, bag_id: int, public_id: str) -> MaskedScriptView | None:
    """Return one masked script of a bag."""
    row = session.scalar(
        select(MaskedScript).where(MaskedScript.bag_id == bag_id, MaskedScript.public_id == public_id)
    )
    return None if row is None else _view(row)


@door
def scripts_of(session: Session, bag_ids: Collection[int]) -> list[MaskedScriptView]:
    """Return the masked scripts of several bags, in the order of their codes: one query."""
    rows = session.scalars(
        select(MaskedScript).where(MaskedScript.bag_id.in_(bag_ids)).order_by(MaskedScript.mask_code)
    )
    return [_view(row) for row in rows]


@door
def scripts_at_desk(session: Session, bag: BagView, stage: int) -> list[MaskedScriptView]:
    """Return the scripts of a bag as the marker of this stage meets them, in the order of the codes.

    Codes and addresses are the stage's own. Scripts on paper keep the one code that is glued on them.
    """
    if _is_on_paper(session, bag):
        return scripts(session, bag.id)
    key_id = masking.key_of(session, bag.competition_id, bag.part, bag.purpose)
    key = session.keys.subkey(key_id, masking.CONTEXT)
    rows = session.execute(
        select(MaskedScript.id, MaskedScript.public_id).where(MaskedScript.bag_id == bag.id)
    )
    found = []
    for masked_id, public_id in rows:
        code, address = masking.names_under(key, public_id, stage)
        found.append(MaskedScriptView(id=masked_id, public_id=address, mask_code=code, bag_id=bag.id))
    return sorted(found, key=_by_code)


@door
def typed(session: Session, bags: Collection[BagView]) -> set[int]:
    """Return those of the bags in whose part scripts were typed on computers: one query."""
    rows = session.execute(
        select(Script.competition_id, Script.part)
        .where(Script.competition_id.in_({bag.competition_id for bag in bags}), Script.source == "portal")
        .distinct()
    )
    found = {(competition_id, part) for competition_id, part in rows}
    return {bag.id for bag in bags if (bag.competition_id, bag.part) in found}


@door
def code_of(session: Session, masked_script_id: int) -> str:
    """Return the code under which a script stands in the record and on the lists of a part."""
    return session.get_one(MaskedScript, masked_script_id).mask_code


@door
def content(session: Session, masked_script_id: int) -> ScriptContent:
    """Return what is to be marked, decrypted here and nowhere else."""
    script = _script(session, masked_script_id)
    if script.attempt_id is not None:
        return ScriptContent(kind="text", answers=_answers(session, script.attempt_id))
    scans = session.scalars(
        select(ScriptScan)
        .where(ScriptScan.script_id == script.id)
        .order_by(func.coalesce(ScriptScan.number, 0), ScriptScan.id)
    ).all()
    if not scans:
        return ScriptContent(kind="physical")
    blobs = [session.get_one(Blob, scan.blob_id) for scan in scans]
    return ScriptContent(
        kind="scan", pages=tuple((blob.media_type, session.files.read(session, blob)) for blob in blobs)
    )


@door
def items_of(session: Session, bag: BagView) -> dict[int, tuple[str, ...]]:
    """Return which questions each script of a bag answers by typing, by masked script; of sheets, none.

    Papers of one bag need not have the same questions: some sat the reserve paper, or wrote on sheets.
    """
    key_id = masking.key_of(session, bag.competition_id, bag.part, bag.purpose)
    rows = session.scalars(select(MaskedScript).where(MaskedScript.bag_id == bag.id)).all()
    hidden = {row.id: masking.script_of(session, row, key_id) for row in rows}
    typed = session.execute(
        select(Script.id, Attempt.form_id)
        .join(Attempt, Attempt.id == Script.attempt_id)
        .where(Script.id.in_(set(hidden.values())))
    )
    forms = dict(typed.all())
    asked = {
        form_id: tuple(item.id for item in _asked(opened.opened_form(session, form_id)))
        for form_id in set(forms.values())
    }
    return {
        masked_id: asked[forms[script_id]] if script_id in forms else ()
        for masked_id, script_id in hidden.items()
    }


@door
def same_script(session: Session, masked_script_id: int) -> frozenset[int]:
    """Return the other masks of the same script, so that nobody marks it twice under another code."""
    masked = session.get_one(MaskedScript, masked_script_id)
    script = _script(session, masked_script_id)
    purposes = session.scalars(
        select(MaskBag.purpose)
        .where(MaskBag.competition_id == masked.competition_id, MaskBag.part == masked.part)
        .distinct()
    ).all()
    indices = [masking.script_index(session, script.public_id, purpose) for purpose in purposes]
    found = session.scalars(select(MaskedScript.id).where(MaskedScript.script_index.in_(indices)))
    return frozenset(found) - {masked_script_id}


def _is_on_paper(session: Session, bag: BagView) -> bool:
    """Whether scripts of the part lie in the bag as sheets with a code glued on them."""
    on_paper = select(Script.id).where(
        Script.competition_id == bag.competition_id, Script.part == bag.part, Script.source == "paper"
    )
    return session.scalar(on_paper.limit(1)) is not None


def _by_code(script: MaskedScriptView) -> str:
    return script.mask_code


def _view(row: MaskedScript) -> MaskedScriptView:
    return MaskedScriptView(id=row.id, public_id=row.public_id, mask_code=row.mask_code, bag_id=row.bag_id)


def _script(session: Session, masked_script_id: int) -> Script:
    masked = session.get_one(MaskedScript, masked_script_id)
    bag_row = session.get_one(MaskBag, masked.bag_id)
    key_id = masking.key_of(session, bag_row.competition_id, bag_row.part, bag_row.purpose)
    return session.get_one(Script, masking.script_of(session, masked, key_id))


def _answers(session: Session, attempt_id: int) -> tuple[MaskedAnswer, ...]:
    attempt = session.get_one(Attempt, attempt_id)
    form = opened.opened_form(session, attempt.form_id)
    given = attempts.current_answers(session, attempt)
    return tuple(_answer(item, given.get(item.id)) for item in _asked(form))


def _asked(form: PaperForm) -> Iterator[Item]:
    return (item for item in form.items if item_view(item)["kind"] != "description")


def _answer(item: Item, response: object) -> MaskedAnswer:
    rubric = getattr(item.body, "rubric", ())
    return MaskedAnswer(
        item=item.id,
        prompt=item.stem,
        text=response if isinstance(response, str) else "",
        weight=item.marks,
        rubric=tuple(_criterion(row) for row in rubric),
    )


def _criterion(row: Any) -> Mapping[str, Any]:
    return {name: getattr(row, name) for name in row.__slots__}
