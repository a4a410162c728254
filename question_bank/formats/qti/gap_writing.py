# SPDX-License-Identifier: Apache-2.0
"""Answers that are typed, and texts with gaps, in the words of QTI 2.2."""

from collections.abc import Sequence
from decimal import Decimal

from lxml import etree

from question_bank.formats.format import NotHeld
from question_bank.formats.qti import gap_rules, gap_texts, patterns, rules
from question_bank.formats.qti.building import add, name, place_gaps
from question_bank.formats.qti.item_parts import ItemParts
from question_bank.json_values import decimal_text
from question_bank.kinds.choice import Choice, MultipleChoice, SingleChoice
from question_bank.kinds.gap_fill import GapBody, GapFill
from question_bank.kinds.numeric import Numeric
from question_bank.kinds.short_answer import ShortAnswer


class GapWriter(ItemParts):
    """Writes what stands behind one line to type into, and behind each gap of a text."""

    def _entry(self, body: ShortAnswer | Numeric, response: str, worth: Decimal) -> None:
        if isinstance(body, ShortAnswer):
            self._texts(body, response, worth)
            return
        best = next(answer for answer in body.answers if answer.fraction == 1)
        middle = best.value if best.value is not None else best.low
        self._declare(response, "single", "float", [decimal_text(middle or Decimal(0))])
        paid = [(low, high, fraction * worth) for low, high, fraction in rules.ranges_of(body)]
        rules.ranges(self._rules, response, paid)

    def _texts(self, body: ShortAnswer, response: str, worth: Decimal) -> None:
        if gap_rules.has_stars(body):
            best = next(answer for answer in body.answers if answer.fraction == 1)
            text = (
                patterns.Pattern(best.text, is_loose=True).sample("…")
                if best.match == "pattern"
                else best.text
            )
            self._declare(response, "single", "string", [text])
            rules.tests(self._rules, response, body.answers, worth)
            return
        best = next(answer for answer in body.answers if answer.fraction == 1)
        declared = self._declare(response, "single", "string", [best.text])
        mapping = add(declared, "mapping", defaultValue="0")
        for answer in body.answers:
            own = {"mapKey": answer.text, "mappedValue": rules.amount(answer.fraction * worth)}
            add(mapping, "mapEntry", caseSensitive=str(answer.match == "exact").lower(), **own)
        rules.mapped(self._rules, response)

    def gaps(self) -> None:
        body = self._item.body
        assert isinstance(body, GapFill)
        self._stem()
        found: dict[str, etree._Element] = {}
        for gap, worth in zip(body.gaps, gap_rules.worths(body, self._item.marks), strict=True):
            if name(gap.id, 0, "") != gap.id:
                raise NotHeld("unsupported_gap", f"QTI has no gap called {gap.id}.", gap.id)
            found[gap.id] = self._gap(gap.id, gap.body, worth)
        for element in list(self._body.iter()):
            place_gaps(element, found)
        names = {gap.id: self._gap_name(gap.id) for gap in body.gaps}
        if body.grading == "exact":
            self._rules.clear()  # what each gap would add by itself
            gap_rules.pay_all(self._rules, body, names, self._item.marks, adds=self._is_part)
        elif not self._is_part:
            rules.whole(self._rules, list(names.values()), self._item.marks)

    def _gap_name(self, identifier: str) -> str:
        return f"{self._item.id}.{identifier}" if self._is_part else identifier

    def _gap(self, identifier: str, body: GapBody, worth: Decimal) -> etree._Element:
        response = self._gap_name(identifier)
        if not isinstance(body, Choice):
            self._entry(body, response, worth)
            return etree.Element("textEntryInteraction", {"responseIdentifier": response})
        names = self._declared_choice(body, response, worth)
        if isinstance(body, MultipleChoice) and body.grading == "exact":
            rules.whole(self._rules, [response], worth, adds=True)
        else:
            rules.mapped(self._rules, response)
        own = {"responseIdentifier": response, "shuffle": str(self._item.shuffle).lower()}
        if isinstance(body, MultipleChoice):
            return self._choice_behind(identifier, own, names, body)
        made = etree.Element("inlineChoiceInteraction", own)
        for each, option in zip(names, body.options, strict=True):
            add(made, "inlineChoice", option.text, identifier=each)
        return made

    def _declared_choice(self, body: Choice, response: str, worth: Decimal) -> list[str]:
        """The identifiers of the options; which are right, and what each is worth, is declared."""
        is_single = isinstance(body, SingleChoice)
        names = [name(option.id, place, "o") for place, option in enumerate(body.options)]
        pairs = list(zip(names, body.options, strict=True))
        right = [each for each, one in pairs if (one.fraction == 1 if is_single else one.fraction > 0)]
        declared = self._declare(response, "single" if is_single else "multiple", "identifier", right)
        worths = {each: option.fraction * worth for each, option in pairs}
        self._map(declared, worths, **({} if is_single else {"lowerBound": "0"}))
        return names

    def _choice_behind(
        self, identifier: str, own: dict[str, str], names: Sequence[str], body: MultipleChoice
    ) -> etree._Element:
        """A choice of several behind the text, and the mark that stands for it within."""
        place = 1 + sum(1 for _ in self._body.iterchildren("choiceInteraction"))
        made = add(self._body, "choiceInteraction", maxChoices="0", **own, **{"class": gap_texts.GAP})
        add(made, "prompt", f"({place})")
        for each, option in zip(names, body.options, strict=True):
            add(made, "simpleChoice", option.text, identifier=each)
        mark = etree.Element("span", {"class": gap_texts.GAP, "label": identifier})
        mark.text = f"({place}) ……"
        return mark
