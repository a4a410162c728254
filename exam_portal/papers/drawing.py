# SPDX-License-Identifier: Apache-2.0
"""Drawing a paper: assembled and sealed outside the writer, so that the writer only keeps the result."""

import dataclasses
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from exam_portal.core.keystore import Keystore
from exam_portal.papers import errors
from question_bank import assembly, paper, sealing
from question_bank.blueprint import Blueprint
from question_bank.item import Item, unrecognisable

PAPER_KEY = "papers.paper"
ANSWER_KEY = "papers.key"
SEED = "papers.seed"
DRAW = "papers.draw"
EFFORT = 5  # of each attempt: somebody waits for the page
SEED_DOMAIN = b"exam/draw-seed/v1"
ORDER_DOMAIN = b"exam/order-seed/v1"
FIRST_CODE = {"official": 101, "reserve": 201}


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
    seed_key_id: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """A drawn paper and what the record keeps of the draw.

    With the bank, the seed gives the composition away: it follows from the first form's key and stays as
    secret as that key; the record holds its hash, against which anybody can check it after the opening.
    """

    forms: Sequence[DrawnForm]
    pool: int  # approved items the draw could choose from
    seed_commitment: str
    pool_stamp: str = ""  # of the bank when the pool was read; empty: not compared


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a paper is to be: its kind, language, time, scale and number of forms."""

    title: str
    kind: str
    language: str
    minutes: int
    scale: Decimal
    forms: int
    shuffle_items: bool


def draw(
    keys: Keystore, items: Sequence[Item], blueprint: Blueprint, wanted: Wanted, *, pool_stamp: str = ""
) -> Draw:
    """Return the paper drawn with a fresh random seed; raises BankLacks where the pool is too small."""
    return _draw(keys, items, blueprint, wanted, pool_stamp)[0]


def draw_with_reserve(
    keys: Keystore, items: Sequence[Item], blueprint: Blueprint, wanted: Wanted, *, pool_stamp: str = ""
) -> tuple[Draw, Draw]:
    """Return the official and the reserve paper; they have no item in common."""
    official, used = _draw(keys, items, blueprint, wanted, pool_stamp)
    others = dataclasses.replace(blueprint, exclude=(*blueprint.exclude, *sorted(used)))
    reserve = dataclasses.replace(wanted, kind="reserve")
    return official, _draw(keys, items, others, reserve, pool_stamp)[0]


def is_in_force(item: Item, day: date) -> bool:
    """Whether the provision on which the key rests is in force on this day, as far as the item says."""
    begins, ends = item.source.valid_from, item.source.valid_to
    return not (begins and begins > day.isoformat()) and not (ends and ends < day.isoformat())


def seed_of(keys: Keystore, key_id: str) -> bytes:
    """Return the seed of the draw whose first form lies under this key."""
    return keys.subkey(key_id, DRAW)


def seed_commitment(seed: bytes) -> str:
    """Return what the record holds of a seed."""
    return f"sha256:{hashlib.sha256(SEED_DOMAIN + seed).hexdigest()}"


def order_commitment(seed: bytes) -> str:
    """Return what the record holds of a seed that orders are derived from."""
    return f"sha256:{hashlib.sha256(ORDER_DOMAIN + seed).hexdigest()}"


def _draw(
    keys: Keystore, items: Sequence[Item], blueprint: Blueprint, wanted: Wanted, stamp: str
) -> tuple[Draw, frozenset[str]]:
    key_ids = [keys.create() for _ in range(wanted.forms)]
    seed = seed_of(keys, key_ids[0])
    try:
        found = assembly.assemble(items, blueprint, wanted.forms, int.from_bytes(seed), effort=EFFORT)
    except assembly.SolverFailed as problem:
        raise errors.AssemblyFailed from problem
    if not found.forms:
        raise errors.BankLacks(tuple(_lack(entry) for entry in found.missing))
    bank = assembly.bank_of(items)
    forms = [
        _sealed(
            keys, _form(wanted, number, [unrecognisable(bank[name], seed) for name in chosen.items]), key_id
        )
        for number, (key_id, chosen) in enumerate(zip(key_ids, found.forms, strict=True))
    ]
    drawn = Draw(forms=forms, pool=len(items), seed_commitment=seed_commitment(seed), pool_stamp=stamp)
    return drawn, frozenset(name for chosen in found.forms for name in chosen.items)


def _form(wanted: Wanted, number: int, items: Sequence[Item]) -> paper.PaperForm:
    return paper.PaperForm(
        id=f"{FIRST_CODE[wanted.kind] + number}",
        title=wanted.title,
        kind="official" if wanted.kind == "official" else "reserve",
        language=wanted.language,
        minutes=wanted.minutes,
        marks=wanted.scale,
        items=tuple(items),
        shuffle_items=wanted.shuffle_items,
    )


def _sealed(keys: Keystore, form: paper.PaperForm, key_id: str | None = None) -> DrawnForm:
    key_id, seed_key_id = key_id or keys.create(), keys.create()
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
        sealed_seed=keys.seal(seed_key_id, secrets.token_bytes(32), SEED),
        seed_key_id=seed_key_id,
    )


def _secrets(key: bytes) -> sealing.SealSecrets:
    return sealing.SealSecrets(
        key=key,
        nonce=secrets.token_bytes(sealing.NONCE_BYTES),
        iv=secrets.token_bytes(sealing.IV_BYTES),
    )


def _lack(entry: assembly.Missing) -> errors.Lack:
    cell: Mapping[str, Any] = entry.cell
    return errors.Lack(
        topic=str(cell.get("topic", "")),
        level=str(cell.get("level", "")),
        need=entry.need,
        have=entry.have,
        difficulty=str(cell.get("difficulty", "")),
        nearest=str(cell.get("nearest", "")),
    )
