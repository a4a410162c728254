# SPDX-License-Identifier: Apache-2.0
"""Prompts are matched with targets: each right pair earns an equal share, a wrong one costs nothing.

With `grading` `exact` all pairs together earn the marks, and fewer nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from question_bank.fields import Fields
from question_bank.grading import NOTHING, Grade, InvalidResponse, as_object, is_blank
from question_bank.json_values import Json
from question_bank.kinds.body import Body, ReadItem, Slot, token
from question_bank.kinds.whole import Grading, graded, native_grading, parse_grading


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A prompt and the target that belongs to it."""

    id: str
    text: str
    match: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching(Body):
    """Responses are ``{pair id: target id}`` or a list of pairs; target ids are tokens of their texts."""

    kind = "matching"
    pairs: tuple[Pair, ...]
    extra_targets: tuple[str, ...]
    grading: Grading = "parts"

    @classmethod
    def parse(cls, fields: Fields, _read_item: ReadItem, /) -> "Matching":
        """The pairs and the targets that belong to none."""
        fields.require("pairs")
        pairs = tuple(_pair(entry) for entry in fields.objects("pairs"))
        extra = fields.texts("extra_targets")
        if fields.has("pairs"):
            _check(fields, pairs, extra)
        return cls(pairs=pairs, extra_targets=extra, grading=parse_grading(fields))

    def native(self) -> dict[str, Json]:
        """The pairs and the extra targets."""
        pairs: list[Mapping[str, Json]] = [
            {"id": pair.id, "text": pair.text, "match": pair.match} for pair in self.pairs
        ]
        return {"pairs": pairs, "extra_targets": self.extra_targets, **native_grading(self.grading)}

    def view(self) -> dict[str, Json]:
        """The prompts, and all targets in the order of their tokens."""
        prompts: list[Mapping[str, Json]] = [{"id": pair.id, "text": pair.text} for pair in self.pairs]
        targets: list[Mapping[str, Json]] = [
            {"id": name, "text": text} for name, text in self.targets().items()
        ]
        return {"prompts": prompts, "targets": targets}

    def slots(self, shuffle: bool, /) -> tuple[Slot, ...]:
        """The list of targets."""
        return (Slot(name="", ids=tuple(self.targets()), shuffle=shuffle),)

    def targets(self) -> dict[str, str]:
        """Every target by its id, in the order of the ids, which says nothing about the pairs."""
        texts = {pair.match for pair in self.pairs} | set(self.extra_targets)
        return dict(sorted((token(text), text) for text in texts))

    def grade(self, response: Json) -> Grade:
        """One share per right pair, or all or nothing."""
        if is_blank(response):
            return Grade(share=NOTHING)
        given = as_object(_as_mapping(response), frozenset(pair.id for pair in self.pairs))
        known = self.targets()
        for prompt, target in given.items():
            if target is not None and target not in known:
                raise InvalidResponse("unknown_id", f"The item has no target {target!r}.", prompt)
        share = Fraction(1, len(self.pairs))
        parts = {
            pair.id: share if given.get(pair.id) == token(pair.match) else NOTHING for pair in self.pairs
        }
        return graded(Grade(share=sum(parts.values(), NOTHING), parts=parts), self.grading)

    def model_response(self) -> Json:
        """Every pair as the author made it."""
        return {pair.id: token(pair.match) for pair in self.pairs}


def _pair(fields: Fields) -> Pair:
    pair = Pair(id=fields.identifier("id"), text=fields.text("text"), match=fields.text("match"))
    fields.close()
    return pair


def _check(fields: Fields, pairs: tuple[Pair, ...], extra: tuple[str, ...]) -> None:
    targets = {pair.match for pair in pairs} | set(extra)
    if len(pairs) < 2 or len(targets) < 2:
        fields.refuse("too_few_pairs", "A matching item has at least 2 pairs and 2 targets.", key="pairs")
    if len({pair.id for pair in pairs}) != len(pairs):
        fields.refuse("repeated_id", "Two pairs have the same id.", key="pairs")
    if len({token(text) for text in targets}) != len(targets):
        fields.refuse(
            "token_clash", "Two targets get the same token; word one of them differently.", key="pairs"
        )


def _as_mapping(response: Json) -> Json:
    """A list of [prompt, target] pairs as an object; anything else unchanged."""
    if not isinstance(response, list | tuple):
        return response
    found: dict[str, Json] = {}
    for entry in response:
        if not isinstance(entry, list | tuple) or len(entry) != 2 or not isinstance(entry[0], str):
            raise InvalidResponse(
                "wrong_type", "A list of [prompt, target] pairs is expected as the response."
            )
        if entry[0] in found:
            raise InvalidResponse("repeated", "The response names the same prompt twice.", entry[0])
        found[entry[0]] = entry[1]
    return found
