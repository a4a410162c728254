# SPDX-License-Identifier: Apache-2.0
"""Items that are nearly the same: beside one item, in a file before it is taken in, in the whole bank.

Restricted items are compared with nothing: what they are like would betray them to whoever holds a file.
"""

import dataclasses
from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import or_, select

from exam_portal.core.db import Session
from exam_portal.items import standings
from exam_portal.items.models import Item, ItemLikeness, ItemVersion
from question_bank import likeness, text
from question_bank.formats import pictures
from question_bank.item import Item as BankItem
from question_bank.item import native

RUN = 4  # words that a like item probably has in the same order
MOST_RUNS = 8
MOST_CANDIDATES = 300


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """An item that is like another (of the bank or of the file), with its words."""

    name: str
    other: str
    percent: int
    in_file: bool  # the other is in the same file, not in the bank
    public_id: str  # of the item where the bank holds it, else empty
    other_public_id: str
    stem: str
    other_stem: str


def of_item(session: Session, bank_id: int, content: BankItem) -> list[Alike]:
    """Return the items of the bank that are most like this one: two queries.

    Only those are compared that share a run of four words with it, at up to eight places.
    """
    runs = _runs(content)
    if content.restricted or not runs:
        return []
    found = session.execute(
        select(Item.external_id, ItemVersion.content)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(
            Item.bank_id == bank_id,
            Item.external_id != content.id,
            or_(*(ItemVersion.search_text.contains(run, autoescape=True) for run in runs)),
            standings.is_last_version(),
        )
        .limit(MOST_CANDIDATES)
    )
    prints = likeness.prints_of(content)
    others = {name: likeness.percent(prints, likeness.prints_of_native(held)) for name, held in found}
    likest = sorted(
        (name for name in others if others[name] >= likeness.LEAST), key=lambda n: (-others[n], n)
    )
    return _shown(session, bank_id, [(content.id, name, others[name], False) for name in likest[:5]])


def rows(session: Session, found: ItemLikeness | None) -> list[Alike]:
    """Return what a comparison has found, with the words that the bank holds now: two queries."""
    if found is None or found.content is None:
        return []
    pairs = [(one, other, percent, where == "file") for one, other, percent, where in found.content["pairs"]]
    return _shown(session, found.bank_id, pairs)


def _shown(session: Session, bank_id: int, pairs: Sequence[tuple[str, str, int, bool]]) -> list[Alike]:
    names = {name for pair in pairs for name in pair[:2]}
    held = _held(session, bank_id, names)
    nothing = ("", "")
    return [
        Alike(
            name=one,
            other=other,
            percent=percent,
            in_file=in_file,
            public_id=held.get(one, nothing)[0],
            other_public_id="" if in_file else held.get(other, nothing)[0],
            stem=held.get(one, nothing)[1],
            other_stem="" if in_file else held.get(other, nothing)[1],
        )
        for one, other, percent, in_file in pairs
    ]


def _held(session: Session, bank_id: int, names: Collection[str]) -> dict[str, tuple[str, str]]:
    """Return public id and stem of these items; of one that is restricted by now, no stem."""
    found = session.execute(
        select(Item.external_id, Item.public_id, ItemVersion.content)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(Item.bank_id == bank_id, Item.external_id.in_(names), standings.is_last_version())
    )
    return {row[0]: (row[1], str(row[2].get("stem", "")) if row[2] else "") for row in found}


def _runs(content: BankItem) -> list[str]:
    """Return runs of words of the item as a search would find them, spread over all of it."""
    every = [run for words in _texts(content) for run in _runs_of(text.search_key(words).split())]
    step = max(1, -(-len(every) // MOST_RUNS))
    return every[::step]


def _runs_of(words: Sequence[str]) -> Iterator[str]:
    if 0 < len(words) < RUN:
        yield " ".join(words)
    for start in range(len(words) - RUN + 1):
        yield " ".join(words[start : start + RUN])


def _texts(content: BankItem) -> Iterator[str]:
    """Yield the question, and what else is long enough; where nothing is, all of it as one text."""
    texts = [pictures.in_words(words) for words in likeness.texts_of(native(content))]
    long = [words for words in texts if len(words.split()) >= RUN]
    stem = pictures.in_words(content.stem)
    yield stem
    yield from (words for words in long if words != stem)
    if not long:
        yield " ".join(texts)
