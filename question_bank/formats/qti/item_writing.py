# SPDX-License-Identifier: Apache-2.0
"""One item as an item of QTI 2.2; raises `NotHeld` for what QTI has no interaction for here."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from lxml import etree

from question_bank.formats.format import NotHeld
from question_bank.formats.qti import gap_texts, rules
from question_bank.formats.qti.building import add, add_markdown, name
from question_bank.formats.qti.essays import GUIDANCE_KEY, GUIDANCE_TITLE
from question_bank.formats.qti.feedback import FEEDBACK
from question_bank.formats.qti.gap_writing import GapWriter
from question_bank.formats.qti.item_parts import RESPONSE
from question_bank.formats.qti.items import QUESTION
from question_bank.formats.qti.parts import CRITERION
from question_bank.json_values import decimal_text
from question_bank.kinds.body import token
from question_bank.kinds.case_study import CaseStudy
from question_bank.kinds.choice import Choice, MultipleChoice, SingleChoice
from question_bank.kinds.description import Description
from question_bank.kinds.essay import Criterion, Essay
from question_bank.kinds.gap_fill import GapFill
from question_bank.kinds.matching import Matching
from question_bank.kinds.numeric import Numeric
from question_bank.kinds.ordering import Ordering
from question_bank.kinds.short_answer import ShortAnswer
from question_bank.kinds.true_false import TrueFalse

CHOSEN = "CHOSEN"
_LEAST_PARTS = 2
_IN_CASES = (Choice, TrueFalse, Matching, Ordering, ShortAnswer, Numeric, GapFill, Essay)
_PLAIN = re.compile(r"[A-Za-z0-9_.-]+")
_WORDS = {True: "Đúng", False: "Sai"}


class ItemWriter(GapWriter):
    """Writes one item."""

    def write(self) -> etree._Element:
        """The item."""
        writer = _KINDS.get(type(self._item.body))
        if writer is None:
            message = f"QTI has no interaction for items of the kind {self._item.kind}."
            raise NotHeld("unsupported_kind", message, self._item.kind)
        writer(self)
        self._root[:] = sorted(self._root, key=lambda declared: declared.tag != "responseDeclaration")
        score = self._outcome(rules.SCORE, "float", "0")
        if self._item.marks > 0:
            score.set("normalMaximum", decimal_text(self._item.marks))
            self._outcome("MAXSCORE", "float", decimal_text(self._item.marks))
        if self._item.feedback:
            self._outcome(FEEDBACK, "identifier", "general")
        self._tell_chosen()
        self._root.append(self._body)
        if len(self._rules):
            self._root.append(self._rules)
        if self._item.feedback:
            self._modals.append((FEEDBACK, self._item.feedback))
        for outcome, said in self._modals:
            own = {"outcomeIdentifier": outcome, "identifier": "general", "showHide": "show"}
            add_markdown(add(self._root, "modalFeedback", **own), said, self._media)
        return self._root

    def _tell_chosen(self) -> None:
        """An outcome names the chosen options, by which their feedback is shown."""
        if not self._option_feedback:
            return
        is_many = isinstance(self._item.body, MultipleChoice)
        kind = {"cardinality": "multiple" if is_many else "single", "baseType": "identifier"}
        add(self._root, "outcomeDeclaration", identifier=self._own(CHOSEN), **kind)
        chosen = add(self._rules, "setOutcomeValue", identifier=self._own(CHOSEN))
        add(chosen, "variable", identifier=RESPONSE)

    def choice(self) -> None:
        body = self._item.body
        assert isinstance(body, Choice)
        self._stem()
        is_single = isinstance(body, SingleChoice)
        names = self._declared_choice(body, RESPONSE, self._item.marks)
        own = {"maxChoices": "1" if is_single else "0", "shuffle": str(self._item.shuffle).lower()}
        interaction = add(self._body, "choiceInteraction", responseIdentifier=RESPONSE, **own)
        for each, option in zip(names, body.options, strict=True):
            self._option(interaction, each, option.text, option.feedback, is_fixed=option.fixed)
        is_exact = isinstance(body, MultipleChoice) and body.grading == "exact"
        if not is_exact:
            rules.mapped(self._rules, RESPONSE)
        self._pay_whole(only=is_exact)

    def _option(
        self,
        interaction: etree._Element,
        each: str,
        text: str,
        feedback: str | None,
        *,
        is_fixed: bool = False,
    ) -> None:
        made = add(interaction, "simpleChoice", text, identifier=each)
        if is_fixed:
            made.set("fixed", "true")
        if feedback:
            self._option_feedback = True
            own = {"outcomeIdentifier": self._own(CHOSEN), "identifier": each, "showHide": "show"}
            add_markdown(add(made, "feedbackBlock", **own), feedback, self._media)

    def true_false(self) -> None:
        body = self._item.body
        assert isinstance(body, TrueFalse)
        self._stem()
        right = str(body.answer).lower()
        declared = self._declare(RESPONSE, "single", "identifier", [right])
        self._map(declared, {right: self._item.marks})
        own = {"maxChoices": "1", "shuffle": "false"}
        interaction = add(self._body, "choiceInteraction", responseIdentifier=RESPONSE, **own)
        for truth, said in ((True, body.feedback_true), (False, body.feedback_false)):
            self._option(interaction, str(truth).lower(), _WORDS[truth], said)
        rules.mapped(self._rules, RESPONSE)

    def typed(self) -> None:
        body = self._item.body
        assert isinstance(body, ShortAnswer | Numeric)
        self._stem()
        self._entry(body, RESPONSE, self._item.marks)
        add(add(self._body, "p"), "textEntryInteraction", responseIdentifier=RESPONSE)

    def matching(self) -> None:
        body = self._item.body
        assert isinstance(body, Matching)
        self._stem()
        texts = list(dict.fromkeys([*(pair.match for pair in body.pairs), *body.extra_targets]))
        targets = {text: f"t{place}" for place, text in enumerate(texts, start=1)}
        names = [name(pair.id, place, "p") for place, pair in enumerate(body.pairs, start=1)]
        right = [f"{each} {targets[pair.match]}" for each, pair in zip(names, body.pairs, strict=True)]
        declared = self._declare(RESPONSE, "multiple", "directedPair", right)
        if body.grading == "parts":
            self._map(declared, dict.fromkeys(right, self._item.marks / len(right)))
            rules.mapped(self._rules, RESPONSE)
        own = {"shuffle": str(self._item.shuffle).lower(), "maxAssociations": str(len(right))}
        interaction = add(self._body, "matchInteraction", responseIdentifier=RESPONSE, **own)
        prompts, choices = add(interaction, "simpleMatchSet"), add(interaction, "simpleMatchSet")
        for each, pair in zip(names, body.pairs, strict=True):
            add(prompts, "simpleAssociableChoice", pair.text, identifier=each, matchMax="1")
        for text, each in targets.items():
            add(choices, "simpleAssociableChoice", text, identifier=each, matchMax="0")
        self._pay_whole(only=body.grading == "exact")

    def ordering(self) -> None:
        body = self._item.body
        assert isinstance(body, Ordering)
        self._stem()
        names = [name(step.id, place, "s") for place, step in enumerate(body.sequence, start=1)]
        names = [each if each == step.id and not each.isdigit() else f"s{place}" for place, (each, step) in
                 enumerate(zip(names, body.sequence, strict=True), start=1)]  # fmt: skip
        self._declare(RESPONSE, "ordered", "identifier", names)
        interaction = add(self._body, "orderInteraction", responseIdentifier=RESPONSE, shuffle="true")
        shown = sorted(zip(names, body.sequence, strict=True), key=lambda entry: token(entry[1].text))
        for each, step in shown:
            add(interaction, "simpleChoice", step.text, identifier=each)
        if body.grading == "position":
            rules.places(self._rules, RESPONSE, names, self._item.marks)
        elif body.grading == "adjacent":
            rules.neighbours(self._rules, RESPONSE, names, self._item.marks)
        self._pay_whole(only=body.grading == "exact")

    def essay(self) -> None:
        body = self._item.body
        assert isinstance(body, Essay)
        self._declare(RESPONSE, "single", "string", [])
        self._stem()
        is_guidance = all(
            (row.key, row.title) == (GUIDANCE_KEY, GUIDANCE_TITLE) and row.guidance for row in body.rubric
        )
        for row in body.rubric:
            if is_guidance and not self._is_part:
                add_markdown(add(self._body, "rubricBlock", view="scorer"), row.guidance or "", self._media)
            else:
                self._criterion(row)
        if self._is_part:
            self._given_by_person(f"{rules.SCORE}.{self._item.id}", self._item.marks)
        add(self._body, "extendedTextInteraction", responseIdentifier=RESPONSE)

    def _criterion(self, row: Criterion) -> None:
        """A block that only scorers see, and an outcome that they fill in, under one identifier."""
        of = self._item.id if self._is_part else RESPONSE
        if not _PLAIN.fullmatch(row.key):
            raise NotHeld("rubric", f"QTI has no identifier such as {row.key!r} for a criterion.", row.key)
        identifier = f"{CRITERION}.{of}.{row.key}"
        own = {"view": "scorer", "use": "scoring", "id": identifier, "class": f"{CRITERION} {of}"}
        block = add(self._body, "rubricBlock", label=row.key, **own)
        add(block, "p", row.title)
        if row.guidance:
            add_markdown(block, row.guidance, self._media)
        self._given_by_person(identifier, row.max)

    def _given_by_person(self, identifier: str, most: Decimal) -> None:
        outcome = self._outcome(identifier, "float", "0")
        outcome.set("normalMaximum", decimal_text(most))
        outcome.set("externalScored", "human")

    def description(self) -> None:
        self._stem()

    def case(self) -> None:
        """The text, and an interaction for each question about it."""
        body = self._item.body
        assert isinstance(body, CaseStudy)
        if len(body.items) < _LEAST_PARTS:
            raise NotHeld("unsupported_kind", "A case with one question would be read as that question.")
        add_markdown(self._body, body.stimulus, self._media)
        for part in body.items:
            self._modals += ItemWriter(part, self._media, is_part=True).write_into(
                self._root, self._body, self._rules
            )
        if body.steps:
            self._by_steps(body)

    def _by_steps(self, body: CaseStudy) -> None:
        """What counts is how many statements were judged rightly: what each earns alone is taken out."""
        for rule in [each for each in self._rules if each.get("identifier") == rules.SCORE]:
            self._rules.remove(rule)
        names = [part.id for part in body.items]
        counter = next(each for each in ("RIGHT", "COUNT_OF_RIGHT") if each not in names)
        self._outcome(counter, "float", "0")
        rules.by_count(self._rules, names, counter, body.marks_by_step())

    def write_into(
        self, root: etree._Element, body: etree._Element, processing: etree._Element
    ) -> list[tuple[str, str]]:
        """This item as one of several questions of another; returns what is said of it afterwards."""
        item = self._item
        if not isinstance(item.body, _IN_CASES) or name(item.id, 0, "") != item.id:
            message = f"QTI cannot hold the question {item.id} of a case."
            raise NotHeld("unsupported_kind", message, item.kind)
        _KINDS[type(item.body)](self)
        self._tell_chosen()
        if item.feedback:
            self._outcome(self._own(FEEDBACK), "identifier", "general")
            self._modals.append((self._own(FEEDBACK), item.feedback))
        for element in (*self._root.iter(), *self._body.iter(), *self._rules.iter()):
            for key in ("identifier", "responseIdentifier"):
                if element.get(key) == RESPONSE:
                    element.set(key, item.id)
        if isinstance(item.body, GapFill):
            add(body, "div", id=item.id, **{"class": gap_texts.GAPS}).extend(list(self._body))
        elif isinstance(item.body, ShortAnswer | Numeric):
            add(body, "div", **{"class": QUESTION}).extend(list(self._body))
        else:
            self._prompted(body)
        root.extend(list(self._root))
        processing.extend(list(self._rules))
        return self._modals

    def _prompted(self, body: etree._Element) -> None:
        """What is asked is the prompt of the interaction; what scorers see stands before it."""
        holder, *blocks, interaction = self._body
        paragraphs = list(holder)
        if len(paragraphs) != 1 or paragraphs[0].tag != "p":
            raise NotHeld("several_lines", f"The question {self._item.id} of a case is no single paragraph.")
        (prompt,) = paragraphs
        prompt.tag, prompt.tail = "prompt", None
        interaction.insert(0, prompt)
        body.extend([*blocks, interaction])


_KINDS: Mapping[type, Callable[[ItemWriter], None]] = {
    SingleChoice: ItemWriter.choice,
    MultipleChoice: ItemWriter.choice,
    TrueFalse: ItemWriter.true_false,
    ShortAnswer: ItemWriter.typed,
    Numeric: ItemWriter.typed,
    Matching: ItemWriter.matching,
    Ordering: ItemWriter.ordering,
    GapFill: ItemWriter.gaps,
    Essay: ItemWriter.essay,
    Description: ItemWriter.description,
    CaseStudy: ItemWriter.case,
}
