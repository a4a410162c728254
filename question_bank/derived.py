# SPDX-License-Identifier: Apache-2.0
"""Which question of a bank one without an id is: the same one again, a correction of it, or another.

Many files name no ids. Their questions are known by title and stem, and "Phát biểu nào sau đây đúng?" is
asked a hundred times: of two with the same stem what they offer decides. More than half of it again is a
correction, anything else is another question, whose id follows from its content: whatever is read in
whatever order, a file that is read again finds its own questions.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from question_bank import likeness, text
from question_bank.item import Item, content_hash, native
from question_bank.kinds.case_study import CaseStudy
from question_bank.kinds.options import is_positional

_ALIKE = 50  # per cent from which on two entries say the same
_DIGITS = 6

Open = Callable[[Collection[str]], Mapping[str, Item]]


def names(
    items: Sequence[Item], bases: Mapping[str, str], held: Mapping[str, str], opened: Open
) -> dict[str, str]:
    """Return the id under which each question without one belongs into a bank, by the id it has so far.

    ``bases`` holds the ids that follow from title and stem; ``held`` what the bank has under these ids and
    those made of them, with hashes; ``opened`` gives the items of some of these.
    """
    found: dict[str, str] = {}
    taken = {item.id for item in items if item.id not in bases}
    nameless = [item for item in items if item.id in bases]
    rivals = _by_base(held, set(bases.values()))
    for item in nameless:
        same = (name for name in rivals[bases[item.id]] if name not in taken and _is(item, name, held[name]))
        if name := next(same, ""):
            found[item.id] = name
            taken.add(name)
    rest = [item for item in nameless if item.id not in found]
    contents = opened({name for item in rest for name in rivals[bases[item.id]] if name not in taken})
    for item in rest:
        alike = [(likeness_of(item, contents[n]), n) for n in rivals[bases[item.id]] if n not in taken]
        corrected = max((each for each in alike if each[0] > 0), default=(0, ""))[1]
        found[item.id] = corrected or _own(item, bases[item.id], taken | held.keys())
        taken.add(found[item.id])
    return found


def likeness_of(one: Item, other: Item) -> int:
    """How much two questions of one stem say the same, in per cent; 0 where they are two questions.

    What candidates are offered counts, entry by entry: options, pairs, entries to order, the parts of a case.
    Where nothing is offered the stem is the question, and the two are the same.
    """
    ours, theirs = list(_offers(one)), list(_offers(other))
    most = max(len(ours), len(theirs))
    if not most:
        return 100
    shares = list(_shares(ours, theirs))
    return sum(shares) // most if 2 * len(shares) > most else 0


def _by_base(held: Mapping[str, str], bases: Collection[str]) -> dict[str, list[str]]:
    rivals: dict[str, list[str]] = {base: [] for base in bases}
    for name in sorted(held):
        base = name if name in rivals else name.rpartition("-")[0]
        if base in rivals:
            rivals[base].append(name)
    return rivals


def _is(item: Item, name: str, held: str) -> bool:
    return content_hash(replace(item, id=name)) == held


def _own(item: Item, base: str, taken: Collection[str]) -> str:
    """The id of a question that nobody holds: the one of its stem, or with a digest of its content."""
    if base not in taken:
        return base
    digest = content_hash(replace(item, id=base)).removeprefix("sha256:")
    lengths = (length for length in range(_DIGITS, len(digest)) if f"{base}-{digest[:length]}" not in taken)
    return f"{base}-{digest[: next(lengths)]}"


def _offers(item: Item) -> Iterator[str]:
    if isinstance(item.body, CaseStudy):
        yield item.body.stimulus
        for part in item.body.items:
            yield part.stem or " ".join(_offers(part))
        return
    fields = native(item)
    for name in ("options", "pairs", "sequence"):
        entries = fields.get(name)
        for entry in entries if isinstance(entries, Sequence) and not isinstance(entries, str) else ():
            words = [entry.get("text"), entry.get("match")] if isinstance(entry, Mapping) else []
            said = " ".join(str(word) for word in words if word)
            if not is_positional(said):
                yield said


def _shares(ours: Sequence[str], theirs: Sequence[str]) -> Iterator[int]:
    """The likeness of each entry that has a counterpart, each counterpart taken once."""
    rest = list(theirs)
    for entry in ours:
        best = max(((_percent(entry, other), place) for place, other in enumerate(rest)), default=(0, 0))
        if best[0] >= _ALIKE:
            del rest[best[1]]
            yield best[0]


def _percent(one: str, other: str) -> int:
    if text.comparison_key(one) == text.comparison_key(other):
        return 100
    return likeness.percent(likeness.prints_of_texts([one]), likeness.prints_of_texts([other]))
