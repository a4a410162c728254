# SPDX-License-Identifier: Apache-2.0
"""The numbered checks of a bundle: authenticity, integrity, completeness, commitments, results, difference.

Each check yields what does not hold. Checks of material that the portal does not produce are not listed here:
a number that is missing was not checked.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from scoring.verify.canonical import CanonicalError, sha256_of
from scoring.verify.checkpoint import NoteError, parse_head, parse_note
from scoring.verify.leaves import commitment, order_problems
from scoring.verify.merkle import Frontier, leaf_hash
from scoring.verify.orders import order_commitment
from scoring.verify.recomputing import (
    Recomputed,
    marks_recompute,
    publications_state_runs,
    rankings_recompute,
    recompute,
    steps_recompute,
    ties_recompute,
)
from scoring.verify.report import FAILS, HOLDS, CheckResult
from scoring.verify.shapes import Bundle

Problems = Iterator[str]
OPENED = ("genesis", "config", "code", "result", "publish")


def keys_match_genesis(bundle: Bundle) -> Problems:
    """A1: the log's first leaf names the key and the origin that this bundle uses."""
    if not bundle.keys:
        yield "keys.json holds no usable key"
        return
    genesis = bundle.openings.get(0)
    if not bundle.leaves or bundle.leaves[0].get("type") != "genesis" or genesis is None:
        yield "leaf 0 is not an opened genesis"
    elif genesis.content.get("key") != bundle.keys[0][0]:
        yield "keys.json holds another key than leaf 0 names"
    elif genesis.content.get("origin") != bundle.origin:
        yield "the manifest names another log than leaf 0"


def checkpoints_are_signed(bundle: Bundle) -> Problems:
    """A2: every checkpoint is this log's and carries the log's signature."""
    if not bundle.heads:
        yield "there is no checkpoint"
    for name, note, head in bundle.heads:
        if head.origin != bundle.origin:
            yield f"{name}: is a checkpoint of {head.origin}"
        if not any(note.signed_by(key) for _, key in bundle.keys) or len(note.signatures) != 1:
            yield f"{name}: is not signed by the log's key alone"


def approvals_are_of_two(bundle: Bundle) -> Problems:
    """A5: every publication was approved by at least two different people."""
    for seq, content in _opened(bundle, "publish"):
        approvals = content.get("approvals")
        named = approvals if isinstance(approvals, list) else []
        if len({str(each) for each in named}) < 2:
            yield f"leaf {seq}: the publication names fewer than two different approvers"


def files_match_manifest(bundle: Bundle) -> Problems:
    """I1: the manifest lists exactly the files that are there, each with its hash."""
    present = {name for name in bundle.files if name != "manifest.json"}
    for name in sorted(present ^ set(bundle.hashes)):
        yield f"{name}: {'not listed' if name in present else 'missing'}"
    for name in sorted(present & set(bundle.hashes)):
        if hashlib.sha256(bundle.files[name]).hexdigest() != bundle.hashes[name]:
            yield f"{name}: is not the file that the manifest lists"


def root_is_last_checkpoint(bundle: Bundle) -> Problems:
    """I2: the leaves make exactly the tree of the last checkpoint."""
    if bundle.heads and bundle.heads[-1][2].size != len(bundle.leaf_lines):
        yield f"{len(bundle.leaf_lines)} leaves, but the last checkpoint counts {bundle.heads[-1][2].size}"
    elif bundle.heads and bundle.heads[-1][2].root != _roots(bundle)[len(bundle.leaf_lines)]:
        yield "the leaves make another root than the last checkpoint states"


def checkpoints_are_prefixes(bundle: Bundle) -> Problems:
    """I3: every checkpoint is the tree of that many first leaves."""
    roots = _roots(bundle)
    for name, _, head in bundle.heads:
        if roots.get(head.size) != head.root:
            yield f"{name}: is not the tree of the first {head.size} leaves"
        if name != f"checkpoints/{head.size:010}.txt":
            yield f"{name}: is not named after its size"


def files_are_canonical(bundle: Bundle) -> Problems:
    """I4: every file has the form that this bundle format gives it."""
    yield from bundle.malformed


def leaves_are_in_place(bundle: Bundle) -> Problems:
    """I5: every leaf stands at the place it names."""
    for place, leaf in enumerate(bundle.leaves):
        if leaf and leaf["seq"] != place:
            yield f"leaf {place}: names place {leaf['seq']}"


def milestones_are_in_order(bundle: Bundle) -> Problems:
    """C1: milestones come in an order in which a competition can be held."""
    for place, reason in order_problems(str(leaf.get("type")) for leaf in bundle.leaves):
        yield f"leaf {place}: {reason}"


def nothing_is_doubled(bundle: Bundle) -> Problems:
    """C5: no commitment, run of a vacancy or publication number appears twice."""
    commits = Counter(leaf.get("commit") for leaf in bundle.leaves if leaf)
    runs = Counter(
        f"{content.get('run')} of {content.get('vacancy')}" for _, content in _opened(bundle, "result")
    )
    numbers = Counter(content.get("number") for _, content in _opened(bundle, "publish"))
    for kind, counts in (("commitment", commits), ("run", runs), ("publication", numbers)):
        for value, count in counts.items():
            if count > 1:
                yield f"{kind} {value} appears {count} times"


def publications_follow(bundle: Bundle) -> Problems:
    """C6: publications are numbered without a gap, and each that supersedes another names an earlier one."""
    kinds = {each.number: each.kind for each in bundle.publications}
    for place, publication in enumerate(bundle.publications, start=1):
        if publication.number != place:
            yield f"publication {place} is missing before publication {publication.number}"
        earlier = publication.supersedes
        if earlier is not None and (earlier >= publication.number or earlier not in kinds):
            yield f"publication {publication.number} supersedes {earlier}, which is not an earlier one"
        elif earlier is not None and kinds[earlier] != publication.kind:
            yield f"publication {publication.number} supersedes {earlier}, which is of another kind"


def papers_were_committed(bundle: Bundle) -> Problems:
    """K1: every revealed paper is the one revealed in the log, and its seeds and forms the committed ones."""
    told = {
        kind: {str(content.get("paper")): content for _, content in _opened(bundle, kind)}
        for kind in ("paper-commit", "key-commit", "key-reveal")
    }
    shown = {str(paper.get("paper")): paper for paper in bundle.papers}
    for name in sorted(set(shown) ^ {name for name in told["key-reveal"] if name != "None"}):
        yield f"paper {name}: the log and the bundle differ"
    for name, paper in shown.items():
        forms = paper["forms"]
        committed = told["paper-commit"].get(name, {})
        if told["key-reveal"].get(name, {}).get("revealed") != sha256_of(paper):
            yield f"paper {name}: is not the one that was revealed"
        if committed.get("orders") != {form["code"]: order_commitment(form["seed"]) for form in forms}:
            yield f"paper {name}: a seed is not the one bound at the draw"
        if committed.get("commitments") != {form["code"]: form["commitment"] for form in forms}:
            yield f"paper {name}: a form is not the one committed to"
        keys = {form["code"]: form["key_commitment"] for form in forms}
        if told["key-commit"].get(name, {}).get("commitments") != keys:
            yield f"paper {name}: a key is not the one committed to"


def rule_sets_were_committed(bundle: Bundle) -> Problems:
    """K3: every rule set in use was committed to before anything was opened, marked or computed."""
    committed = [str(content.get("ruleset")) for _, content in _opened(bundle, "config")]
    for sha256 in bundle.rulesets:
        if sha256 not in committed:
            yield f"the rule set {sha256} was never committed to"
    for sha256 in committed:
        if sha256 not in bundle.rulesets:
            yield f"the committed rule set {sha256} is not in the bundle"
    in_force = committed[-1] if committed else None
    for run in bundle.runs:
        if run.output.get("ruleset") != in_force:
            yield f"{run.name}: was not computed under the rule set last committed to"


def openings_open(bundle: Bundle) -> Problems:
    """K6: every opening opens its leaf, and every leaf that must be open is."""
    for seq, opening in sorted(bundle.openings.items()):
        leaf = bundle.leaves[seq] if seq < len(bundle.leaves) else {}
        try:
            commit = commitment(bytes.fromhex(opening.salt), opening.content)
        except CanonicalError as error:
            yield f"opening {seq}: {error}"
            continue
        if commit != leaf.get("commit"):
            yield f"opening {seq}: does not open leaf {seq}"
    for place, leaf in enumerate(bundle.leaves):
        if leaf.get("type") in OPENED and place not in bundle.openings:
            yield f"leaf {place}: {leaf.get('type')} is not opened"


def runs_are_logged(bundle: Bundle) -> Problems:
    """K7: the runs and publications of the bundle are those whose hashes are in the log, and all of them."""
    logged = {_run_facts(content) for _, content in _opened(bundle, "result")}
    present = {(run.vacancy, run.run, sha256_of(run.input), sha256_of(run.output)) for run in bundle.runs}
    for vacancy, run, *_ in sorted(logged ^ present):
        yield f"run {run} of {vacancy}: the log and the bundle differ"
    published = {(str(c.get("number")), str(c.get("publication"))) for _, c in _opened(bundle, "publish")}
    found = {(str(each.number), sha256_of(each.content)) for each in bundle.publications}
    for number in sorted({number for number, _ in published ^ found}):
        yield f"publication {number}: the log and the bundle differ"


def _run_facts(content: dict[str, Any]) -> tuple[str, str, str, str]:
    vacancy, run, entered, result = (str(content.get(key)) for key in ("vacancy", "run", "input", "output"))
    return vacancy, run, entered, result


def _opened(bundle: Bundle, kind: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for place, leaf in enumerate(bundle.leaves):
        if leaf.get("type") == kind and place in bundle.openings:
            yield place, bundle.openings[place].content


def _roots(bundle: Bundle) -> dict[int, bytes]:
    """The root at every size that a checkpoint states, and at the last."""
    wanted = {head.size for _, _, head in bundle.heads} | {len(bundle.leaf_lines)}
    frontier, roots = Frontier(), {}
    for size in range(len(bundle.leaf_lines) + 1):
        if size:
            frontier = frontier.append(leaf_hash(bundle.leaf_lines[size - 1]))
        if size in wanted:
            roots[size] = frontier.root()
    return roots


def continues_bundle(bundle: Bundle, previous: Bundle) -> Problems:
    """D1: the log of an earlier bundle is the beginning of this one."""
    if previous.origin != bundle.origin:
        yield f"the earlier bundle is of the log {previous.origin}"
    for place, line in enumerate(previous.leaf_lines):
        if place >= len(bundle.leaf_lines) or bundle.leaf_lines[place] != line:
            yield f"leaf {place}: differs from the earlier bundle"
            return


def continues_checkpoint(bundle: Bundle, text: str) -> Problems:
    """D1: an earlier checkpoint, kept by somebody, is of this log and is its beginning."""
    try:
        note = parse_note(text)
        head = parse_head(note.text)
    except NoteError as error:
        yield f"the earlier checkpoint cannot be read: {error}"
        return
    if head.origin != bundle.origin or not any(note.signed_by(key) for _, key in bundle.keys):
        yield "the earlier checkpoint is not this log's"
    frontier = Frontier()
    for line in bundle.leaf_lines[: head.size]:
        frontier = frontier.append(leaf_hash(line))
    if head.size > len(bundle.leaf_lines) or frontier.root() != head.root:
        yield f"the first {head.size} leaves are not those of the earlier checkpoint"


CHECKS: tuple[tuple[str, Callable[[Bundle], Problems]], ...] = (
    ("A1", keys_match_genesis),
    ("A2", checkpoints_are_signed),
    ("A5", approvals_are_of_two),
    ("I1", files_match_manifest),
    ("I2", root_is_last_checkpoint),
    ("I3", checkpoints_are_prefixes),
    ("I4", files_are_canonical),
    ("I5", leaves_are_in_place),
    ("C1", milestones_are_in_order),
    ("C5", nothing_is_doubled),
    ("C6", publications_follow),
    ("K1", papers_were_committed),
    ("K3", rule_sets_were_committed),
    ("K6", openings_open),
    ("K7", runs_are_logged),
)
RESULT_CHECKS: tuple[tuple[str, Callable[[Bundle, Recomputed], Problems]], ...] = (
    ("R1", marks_recompute),
    ("R2", steps_recompute),
    ("R3", ties_recompute),
    ("R4", rankings_recompute),
    ("R5", publications_state_runs),
)


def run_checks(bundle: Bundle) -> list[CheckResult]:
    """Every check, in the order of its number, with what does not hold."""
    results = [named_result(code, check.__doc__ or "", list(check(bundle))) for code, check in CHECKS]
    recomputed = recompute(bundle)
    for code, again in RESULT_CHECKS:
        results.append(named_result(code, again.__doc__ or "", list(again(bundle, recomputed))))
    return results


def named_result(code: str, doc: str, problems: list[str]) -> CheckResult:
    """A check's result; its title is the sentence that the check was written to decide."""
    title = doc.partition(": ")[2].partition("\n")[0].rstrip(".")
    return CheckResult(code=code, title=title, status=FAILS if problems else HOLDS, problems=tuple(problems))
