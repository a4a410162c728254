# SPDX-License-Identifier: Apache-2.0
"""Recomputing a revealed paper from files alone: a candidate's order, the draw, the commitments.

What a form's items give needs no solver: names of options, content, commitments. That the seed gives these
items is the solver's answer: the same for the same version of its library, one thread and deterministic time.
"""

import base64
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from exam_portal.core.signing import is_signed
from exam_portal.items import imports
from exam_portal.papers import asked as asking
from exam_portal.papers import preparing
from question_bank import assembly, draw_seed, sealing
from question_bank.item import Item, content_hash, unrecognisable
from question_bank.paper import PaperForm
from scoring.verify.canonical import canonical_bytes
from scoring.verify.orders import order_checks, order_commitment, order_lines, order_shown

Checks = list[tuple[bool, str]]


def order_of(
    revealed: Mapping[str, Any], journal: Mapping[str, Any] | None, code: str, candidate: str
) -> Checks:
    """Return the order of a journal's attempt and what of it holds; or of any candidate of this form."""
    if journal is not None:
        return order_checks(revealed, journal)
    form = next(one for one in [*revealed["forms"], None] if one is None or one["code"] == code)
    if form is None:
        raise LookupError(f"the paper has no form {code}")
    holds = order_commitment(form["seed"]) == form["seed_hash"]
    found = [(holds, f"the seed is the one bound at the draw: {form['seed_hash']}")]
    return [*found, *((True, f"     {line}") for line in order_lines(order_shown(form, candidate)))]


def checks(
    signed: Mapping[str, Any], items: Sequence[Item], other: Mapping[str, Any] | None, key: str
) -> Checks:
    """Return what holds of a revealed draw, given the items that it was drawn from."""
    told = signed["content"]
    secret = bytes.fromhex(told["secret"])
    seed = draw_seed.seed(secret, told["words"])
    return [
        _signature(signed, key),
        (True, f"the secret is the one bound before the draw: {draw_seed.commitment(secret)}"),
        (True, f"with the words “{told['words']}” it gives the seed {draw_seed.seed_commitment(seed)}"),
        *(line for form in told["forms"] for line in _commitments(told, form, items, seed)),
        *(_drawn(told, items, other, seed) if told["asked"] else ()),
    ]


def _signature(signed: Mapping[str, Any], key: str) -> tuple[bool, str]:
    message, signature = canonical_bytes(signed["content"]), base64.b64decode(signed["signature"])
    own = bytes.fromhex(signed["key"])
    holds = is_signed(own, message, signature) and key.lower() in ("", signed["key"])
    return holds, f"the installation with the key {signed['key']} has signed this file"


def _commitments(
    told: Mapping[str, Any], form: Mapping[str, Any], items: Sequence[Item], seed: bytes
) -> Checks:
    """The form's items, under the names that the seed gives their options, are what was committed to."""
    known = {(item.id, item.version): item for item in items}
    wanted = [(one["id"], one["version"]) for one in form["items"]]
    if missing := [f"{name} ({version})" for name, version in wanted if (name, version) not in known]:
        return [(False, f"form {form['code']}: the file of the bank lacks {', '.join(missing)}")]
    again = PaperForm(
        id=form["code"],
        title=form["title"],
        kind="official" if told["kind"] == "official" else "reserve",
        language=form["language"],
        minutes=form["minutes"],
        marks=Decimal(form["marks"]),
        items=tuple(unrecognisable(known[one], seed) for one in wanted),
        shuffle_items=form["shuffle_items"],
    )
    paper = sealing.commit(again, bytes.fromhex(form["nonce"])).hex()
    answers = sealing.commit_key(again, bytes.fromhex(form["key_nonce"])).hex()
    return [
        (paper == form["commitment"], f"form {form['code']}: the paper is {form['commitment']}"),
        (answers == form["key_commitment"], f"form {form['code']}: its key is {form['key_commitment']}"),
    ]


def _drawn(
    told: Mapping[str, Any], items: Sequence[Item], other: Mapping[str, Any] | None, seed: bytes
) -> Checks:
    day, asked = date.fromisoformat(told["pool"]["day"]), asking.of(told["asked"])
    fitting = [item for item in items if preparing.fits(item.kind, written=told["written"])]
    pool = preparing.drawable(fitting, day)
    digest = imports.hash_of_all(content_hash(item) for item in pool)
    found: Checks = [(digest == told["pool"]["hash"], f"the pool of {len(pool)} items is {digest}")]
    apart = {one["id"] for form in (other["content"]["forms"] if other else ()) for one in form["items"]}
    blueprint = preparing.blueprint_of(asked, apart)
    forms = assembly.assemble(pool, blueprint, asked.forms, draw_seed.number(seed)).forms
    again = [list(form.items) for form in forms]
    same = again == [[one["id"] for one in form["items"]] for form in told["forms"]]
    return [*found, (same, "the seed draws these questions again, form by form")]
