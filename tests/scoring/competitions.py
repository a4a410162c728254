# SPDX-License-Identifier: Apache-2.0
"""Random competitions: a rule set of any regime, and marks that lie close, differ, tie and deviate."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

from scoring.rounding import ROUNDINGS
from scoring.ruleset.parts import AGGREGATES, BASES, DEVIATION_ACTIONS, OPERATORS, RESOLVES
from scoring.ruleset.settings import REVIEW_POLICIES

Json = dict[str, Any]
CRITERIA = ("build", "defend", "answer")
SPLITS = {"100": ("40", "30", "30"), "10": ("4", "3", "3")}


def competition(seed: int) -> tuple[Json, Json]:
    """Return the rule set and the marks of this seed; most lack nothing."""
    chance = random.Random(seed)
    rules = _rules(chance)
    people = [_person(chance, rules, f"C{number}") for number in range(1, chance.randint(3, 9))]
    decisions: list[Json] = [decision for person in people for decision in _about(chance, rules, person)]
    if chance.random() < 0.9:
        decisions.append({"kind": "proceed"})
    if chance.random() < 0.7:
        codes = [person["id"] for person in people]
        chance.shuffle(codes)
        decisions.append({"kind": "tie", "order": codes})
    marks = {
        "schema": "exam-portal/marks/1",
        "vacancy": {"id": "V1", "places": chance.randint(1, 4)},
        "candidates": people,
        "decisions": [{"minute": f"{place}/BB", **each} for place, each in enumerate(decisions, start=1)],
    }
    return rules, marks


def _rules(chance: random.Random) -> Json:
    scale = chance.choice(("100", "100", "10"))
    parts: list[Json] = []
    if chance.random() < 0.4:
        parts.append(_part(chance, scale, "test", "test", "qualifying"))
    if chance.random() < 0.4:
        parts.append(_part(chance, scale, "essay", chance.choice(("written", "dossier")), "gate"))
    kinds = chance.sample(("exam", "written", "dossier", "panel"), k=chance.choice((1, 1, 2, 3)))
    parts += [_part(chance, scale, kind, {"exam": "test"}.get(kind, kind), "ranked") for kind in kinds]
    if chance.random() < 0.2:
        parts.append(_part(chance, scale, "confidence", "vote", "advisory"))
    total: Json = {"mode": "single"} if len(kinds) == 1 else _weighted(chance, scale, kinds)
    total["preference_points"] = {"enabled": chance.random() < 0.2, "max": "7.5"}
    rubrics = [f"rubric:{part['key']}.{part['rubric'][0]['key']}" for part in parts if "rubric" in part]
    chain = [f"part:{part['key']}" for part in parts if part["role"] != "advisory"] + rubrics
    chance.shuffle(chain)
    chain = [rule for rule in chain if "confidence" not in rule][: chance.randint(0, 2)]
    return {
        "schema": "exam-portal/ruleset/1",
        "id": "chance",
        "title": {"vi": "Ngẫu nhiên", "en": "By chance"},
        "legal_basis": ["Quy chế"],
        "numbers": {
            "scale": scale,
            "step": chance.choice(("0.5", "0.25", "1")),
            "decimals": chance.choice((0, 1, 2, 2)),
            "rounding": chance.choice(ROUNDINGS),
        },
        "vacancy": {
            "min_candidates": 2,
            "reserve": chance.choice((0, 0, 1, 2)),
            "recheck_min_after": chance.sample(("vetting", "withdrawal", "gate"), k=chance.randint(0, 3)),
        },
        "parts": parts,
        "total": total,
        "tie_break": {"order": [*chain, "decision"], "places_boundary_only": chance.random() < 0.6},
        "review": {"policy": chance.choice(REVIEW_POLICIES), "tolerance": chance.choice(("0", "0.5", "2"))},
        "sanctions": chance.choice(({}, {"reprimand": "5"}, {"reprimand": "2.5", "warning": "10"})),
    }


def _weighted(chance: random.Random, scale: str, kinds: list[str]) -> Json:
    shares = {2: ("0.7", "0.3"), 3: ("0.2", "0.5", "0.3")}[len(kinds)]
    total: Json = {"mode": "weighted", "weights": dict(zip(kinds, shares, strict=True))}
    if chance.random() < 0.5:
        total["each_part_min"] = _half(scale)
    return total


def _half(scale: str) -> str:
    return str(int(scale) // 2)


def _part(chance: random.Random, scale: str, key: str, kind: str, role: str) -> Json:
    more = {"100": "55", "10": "5.5"}[scale]
    least = "0" if role == "advisory" else chance.choice(("0", _half(scale), _half(scale), more))
    part: Json = {"key": key, "kind": kind, "role": role, "pass": least}
    if kind in {"written", "dossier"}:
        markers = chance.choice((1, 2, 2, 2, 3))
        part["reviewable"] = True
        part["marking"] = {
            "markers": markers,
            "discrepancy": {
                "threshold": chance.choice(("0", "0.5", "1"))
                if scale == "10"
                else chance.choice(("3", "5", "10")),
                "operator": chance.choice(OPERATORS),
                "basis": chance.choice(BASES),
            },
            "resolve": chance.choice([each for each in RESOLVES if markers < 3 or each != "third_decides"]),
        }
    if kind in {"panel", "vote"}:
        aggregate = chance.choice(AGGREGATES)
        part["panel"] = {
            "size": 7,
            "quorum": chance.choice(("2/3", "1/2", "5/7", "1/1")),
            "aggregate": aggregate,
            "trim": 1 if aggregate == "trimmed_mean" else 0,
            "deviation": {
                "from_mean": "1" if scale == "10" else "8",
                "spread": "2" if scale == "10" else "14",
                "action": chance.choice(DEVIATION_ACTIONS),
            },
        }
        if kind == "panel" and chance.random() < 0.5:
            rubric = zip(CRITERIA, SPLITS[scale], strict=True)
            part["rubric"] = [
                {"key": key, "title": {"vi": key, "en": key}, "max": most} for key, most in rubric
            ]
    return part


def _person(chance: random.Random, rules: Json, code: str) -> Json:
    status = chance.choice(("present",) * 8 + ("absent", "withdrawn", "disqualified"))
    person: Json = {"id": code, "status": status, "parts": {}}
    if rules["total"]["preference_points"]["enabled"] and chance.random() < 0.5:
        person["preference_points"] = chance.choice(("2.5", "5", "7.5"))
    for part in rules["parts"]:
        if chance.random() < 0.995:
            person["parts"][part["key"]] = _material(chance, rules, part)
    for part in rules["parts"]:
        if rules["sanctions"] and chance.random() < 0.05:
            level = chance.choice(list(rules["sanctions"]))
            person.setdefault("sanctions", []).append({"part": part["key"], "level": level})
    return person


def _material(chance: random.Random, rules: Json, part: Json) -> Json:
    if part["kind"] == "test":
        return {"value": str(chance.randint(26, 40)), "max": "60"}
    if "panel" in part:
        count = chance.choice((7, 7, 7, 6, 5, 4))
        slips = [{"slip": str(place), **_cast(chance, rules, part)} for place in range(1, count + 1)]
        invalid = chance.choice((0, 0, 1)) if count < 7 else 0
        return {"ballots": slips, "returned": count + invalid, "invalid": invalid}
    markers = part["marking"]["markers"]
    rounds = 3 if markers > 1 and chance.random() < 0.9 else markers
    marks: list[Json] = [
        {"marker": f"M{place}", "round": place, "value": _value(chance, rules)}
        for place in range(1, rounds + 1)
    ]
    if chance.random() < 0.2:
        two = rules["review"]["policy"] == "two_agree_else_mean"
        marks += [
            {"marker": f"R{place}", "round": place, "value": _value(chance, rules), "kind": "remark"}
            for place in range(1, (chance.choice((2, 3, 3)) if two else 1) + 1)
        ]
    return {"marks": marks}


def _cast(chance: random.Random, rules: Json, part: Json) -> Json:
    if part["kind"] == "vote":
        return {"value": chance.choice((rules["numbers"]["scale"], "0"))}
    return _ballot(chance, rules, part)


def _ballot(chance: random.Random, rules: Json, part: Json) -> Json:
    if "rubric" not in part:
        return {"value": _value(chance, rules)}
    step = Fraction(rules["numbers"]["step"])
    scores = {}
    for line in part["rubric"]:
        most = Fraction(line["max"])
        wanted = most * chance.choice((8, 9, 10, 11)) / 15
        scores[line["key"]] = _text(wanted // step * step)
    return {"scores": scores}


def _value(chance: random.Random, rules: Json) -> str:
    """A mark on its step about the middle of the scale, so that marks meet, pass and fail."""
    scale, step = Fraction(rules["numbers"]["scale"]), Fraction(rules["numbers"]["step"])
    wanted = scale * chance.choice((47, 49, 50, 51, 55, 56, 60, 63)) / 100
    return _text(wanted // step * step)


def _text(value: Fraction) -> str:
    return f"{value.numerator / value.denominator:g}"


def _about(chance: random.Random, rules: Json, person: Json) -> list[Json]:
    """Decisions on marks that differ and ballots that deviate; some are left open."""
    found = []
    for part in rules["parts"]:
        material = person["parts"].get(part["key"])
        if material is None or person["status"] != "present" or chance.random() < 0.05:
            continue
        about: Json = {"candidate": person["id"], "part": part["key"]}
        if part.get("marking", {}).get("resolve") == "chair_decides" and _differ(rules, part, material):
            found.append({"kind": "chair_mark", "value": _value(chance, rules), **about})
        if "panel" in part and _deviate(part, material):
            found.append({**_by_panel(chance, rules, part, material), **about})
    return found


def _differ(rules: Json, part: Json, material: Json) -> bool:
    first = [each for each in material["marks"] if "kind" not in each][: part["marking"]["markers"]]
    values = [Fraction(each["value"]) for each in first]
    rule = part["marking"]["discrepancy"]
    apart = max(values) - min(values)
    if rule["basis"] == "percent_of_max":
        apart = apart * 100 / Fraction(rules["numbers"]["scale"])
    limit = Fraction(rule["threshold"])
    return len(values) > 1 and (apart > limit or (apart == limit and rule["operator"] == ">="))


def _deviate(part: Json, material: Json) -> bool:
    watch, count = part["panel"]["deviation"], len(material["ballots"])
    needed = -(-Fraction(part["panel"]["quorum"]) * part["panel"]["size"] // 1)
    values = [_amount(each) for each in material["ballots"]]
    average = sum(values, Fraction(0)) / count
    far = max(abs(value - average) for value in values) > Fraction(watch["from_mean"])
    far = far or max(values) - min(values) > Fraction(watch["spread"])
    return watch["action"] != "off" and far and count >= needed


def _amount(ballot: Json) -> Fraction:
    if "value" in ballot:
        return Fraction(ballot["value"])
    return sum((Fraction(score) for score in ballot["scores"].values()), Fraction(0))


def _by_panel(chance: random.Random, rules: Json, part: Json, material: Json) -> Json:
    kind = chance.choice(("panel_keep", "panel_keep", "panel_exclude", "panel_remark"))
    if kind == "panel_exclude" and len(material["ballots"]) - 1 > 2 * part["panel"]["trim"]:
        return {"kind": kind, "ballot": chance.choice(material["ballots"])["slip"]}
    if kind == "panel_remark":
        ballots = [{"slip": str(place), **_cast(chance, rules, part)} for place in range(1, 8)]
        return {"kind": kind, "ballots": ballots}
    return {"kind": "panel_keep"}
