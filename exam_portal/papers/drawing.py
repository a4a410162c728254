# SPDX-License-Identifier: Apache-2.0
"""Drawing a paper: assembled and sealed outside the writer, so that the writer only keeps the result."""

import dataclasses
import secrets
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from exam_portal.core.keystore import Keystore
from exam_portal.papers import errors
from question_bank import assembly, paper, sealing
from question_bank.blueprint import Blueprint
from question_bank.item import Item

PAPER_KEY = "papers.paper"
ANSWER_KEY = "papers.key"
SEED = "papers.seed"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DrawnForm:
    """One form, already ciphertext: nothing in it says which items it holds."""

    code: str
    key_id: str
    item_count: int
    commitment: bytes
    ciphertext: bytes
    key_commitment: bytes
    key_ciphertext: bytes
    sealed_seed: bytes


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """A drawn paper and what the record keeps of the draw."""

    forms: Sequence[DrawnForm]
    pool: int  # approved items the draw could choose from
    seed: int
    checks: Sequence[Mapping[str, Any]]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a paper is to be: its part, kind, time, scale and number of forms."""

    title: str
    kind: str
    language: str
    minutes: int
    scale: Decimal
    forms: int
    shuffle_items: bool


def draw(keys: Keystore, items: Sequence[Item], blueprint: Blueprint, wanted: Wanted) -> Draw:
    """Return the paper drawn with a fresh random seed; raises BankLacks where the pool is too small."""
    seed = secrets.randbits(63)
    found = assembly.assemble(items, blueprint, wanted.forms, seed)
    if not found.forms:
        raise errors.BankLacks(tuple(_lack(entry.as_dict()) for entry in found.missing))
    bank = {item.id: item for item in items}
    forms = [
        _sealed(keys, _form(wanted, number, [bank[name] for name in chosen.items]))
        for number, chosen in enumerate(found.forms, start=1)
    ]
    checks = [check.as_dict() for chosen in found.forms for check in chosen.checks]
    return Draw(forms=forms, pool=len(items), seed=seed, checks=checks)


def _form(wanted: Wanted, number: int, items: Sequence[Item]) -> paper.PaperForm:
    return paper.PaperForm(
        id=f"{100 + number}",
        title=wanted.title,
        kind="official" if wanted.kind == "official" else "reserve",
        language=wanted.language,
        minutes=wanted.minutes,
        marks=wanted.scale,
        items=tuple(items),
        shuffle_items=wanted.shuffle_items,
    )


def _sealed(keys: Keystore, form: paper.PaperForm) -> DrawnForm:
    key_id = keys.create()
    shown = sealing.seal_paper(form, _secrets(keys.subkey(key_id, PAPER_KEY)))
    answers = sealing.seal_key(form, _secrets(keys.subkey(key_id, ANSWER_KEY)))
    return DrawnForm(
        code=form.id,
        key_id=key_id,
        item_count=len(form.items),
        commitment=shown.commitment,
        ciphertext=shown.blob,
        key_commitment=answers.commitment,
        key_ciphertext=answers.blob,
        sealed_seed=keys.seal(key_id, secrets.token_bytes(32), SEED),
    )


def _secrets(key: bytes) -> sealing.SealSecrets:
    return sealing.SealSecrets(
        key=key,
        nonce=secrets.token_bytes(sealing.NONCE_BYTES),
        iv=secrets.token_bytes(sealing.IV_BYTES),
    )


def _lack(entry: Mapping[str, Any]) -> tuple[str, int, int]:
    return str(entry["cell"]), int(entry["need"]), int(entry["have"])
