# SPDX-License-Identifier: Apache-2.0
"""Drawing a paper: assembled and sealed outside the writer, so that the writer only keeps the result."""

import dataclasses
import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from exam_portal.core.keystore import Keystore
from exam_portal.papers import errors
from question_bank import assembly, draw_seed, paper, sealing
from question_bank.balance import balance_of
from question_bank.blueprint import Blueprint
from question_bank.item import Item, unrecognisable
from question_bank.kinds.case_study import CaseStudy

PAPER_KEY = "papers.paper"
ANSWER_KEY = "papers.key"
SEED = "papers.seed"
DRAW = "papers.draw"
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
    prepared: str = ""  # public id of the preparation that committed to the seed
    balance: Sequence[Mapping[str, Any]] = ()  # figures of each form
    status: str = ""  # of the solver: optimal, or feasible


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


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What a draw starts from: the key of its first form, and the words that witnesses added to the seed."""

    key_id: str
    words: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Who hears how far a draw is, who says whether it is still wanted, and what prepared it."""

    tell: Callable[[assembly.Told], None] | None = None
    is_wanted: Callable[[], bool] | None = None
    prepared: str = ""


def draw(
    keys: Keystore,
    items: Sequence[Item],
    blueprint: Blueprint,
    wanted: Wanted,
    *,
    pool_stamp: str = "",
    start: Start | None = None,
    watch: Watch | None = None,
    relaxed: Mapping[str, Blueprint] | None = None,
) -> tuple[Draw, frozenset[str]]:
    """Return the drawn paper and which items it holds, for another paper that may hold none of them.

    Raises BankLacks where the pool does not suffice (and says which of the `relaxed` blueprints it would
    suffice for), NotFoundInTime, AssemblyFailed, and assembly.Stopped.
    """
    watch, start = watch or Watch(), start or Start(key_id=keys.create())
    seed = seed_of(keys, start)
    try:
        found = assembly.assemble(
            items,
            blueprint,
            wanted.forms,
            draw_seed.number(seed),
            tell=watch.tell,
            is_wanted=watch.is_wanted,
            relaxed=relaxed,
        )
    except assembly.SolverFailed as problem:
        raise errors.AssemblyFailed from problem
    if found.status == "unknown":
        raise errors.NotFoundInTime
    if not found.forms:
        raise errors.BankLacks(
            lacks(found.missing), without=found.possible_without, least=found.least, paper=wanted.kind
        )
    bank = assembly.bank_of(items)
    chosen = [[bank[name] for name in one.items] for one in found.forms]
    key_ids = [start.key_id, *(keys.create() for _ in chosen[1:])]
    forms = [
        _sealed(keys, _form(wanted, number, [unrecognisable(item, seed) for item in one]), key_id)
        for number, (key_id, one) in enumerate(zip(key_ids, chosen, strict=True))
    ]
    drawn = Draw(
        forms=forms,
        pool=len(items),
        seed_commitment=draw_seed.seed_commitment(seed),
        pool_stamp=pool_stamp,
        prepared=watch.prepared,
        balance=[
            {"code": form.code, **_balance(number, chosen, blueprint)} for number, form in enumerate(forms)
        ],
        status=found.status,
    )
    return drawn, frozenset(name for one in found.forms for name in one.items)


def is_in_force(item: Item, day: date) -> bool:
    """Whether every provision on which a key rests is in force on this day, as far as the item says."""
    begins, ends = item.source.valid_from, item.source.valid_to
    if isinstance(item.body, CaseStudy) and not all(is_in_force(part, day) for part in item.body.items):
        return False
    return not (begins and begins > day.isoformat()) and not (ends and ends < day.isoformat())


def secret_of(keys: Keystore, key_id: str) -> bytes:
    """Return the secret part of the seed of the draw whose first form lies under this key."""
    return keys.subkey(key_id, DRAW)


def seed_of(keys: Keystore, start: Start) -> bytes:
    """Return the seed of the draw that starts from this."""
    return draw_seed.seed(secret_of(keys, start.key_id), start.words)


def order_commitment(seed: bytes) -> str:
    """Return what the record holds of a seed that orders are derived from."""
    return f"sha256:{hashlib.sha256(ORDER_DOMAIN + seed).hexdigest()}"


def _balance(number: int, chosen: Sequence[Sequence[Item]], blueprint: Blueprint) -> Mapping[str, Any]:
    """Return the figures of one form, and how many items it has in common with the form most like it."""
    own = {item.id for item in chosen[number]}
    others = [{item.id for item in one} for place, one in enumerate(chosen) if place != number]
    shared = max((len(own & other) for other in others), default=0)
    return {**balance_of(chosen[number], blueprint).as_dict(), "shared": shared}


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
    if paper.form_of(paper.content(form), paper.key(form)) != form:
        raise paper.InvalidForm("the form would not open as it was sealed")
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


def lacks(missing: Iterable[assembly.Missing]) -> tuple[errors.Lack, ...]:
    """Return what is missing as pages word it; of items that were asked for by name only their number."""
    entries = list(missing)
    included = sum("include" in entry.cell for entry in entries)
    found = [_lack(entry) for entry in entries if "include" not in entry.cell]
    named = errors.Lack(topic="", level="", need=0, have=0, included=included)
    return (*found, named) if included else tuple(found)


def _lack(entry: assembly.Missing) -> errors.Lack:
    cell: Mapping[str, Any] = entry.cell
    return errors.Lack(
        topic=str(cell.get("topic", "")),
        level=str(cell.get("level", "")),
        need=entry.need,
        have=entry.have,
        difficulty=str(cell.get("difficulty", "")),
        nearest=str(cell.get("nearest", "")),
        low=str(cell.get("from", "")),
        high=str(cell.get("to", "")),
    )
