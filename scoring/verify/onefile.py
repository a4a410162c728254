# SPDX-License-Identifier: Apache-2.0
"""The one-file verifier: the modules that decide, put into one script that needs Python and nothing else.

Modules are concatenated as they are. Their imports of each other are dropped, imports of the standard library
move to the top, module docstrings become headings. This works because no two of them define the same name.
"""

from __future__ import annotations

import ast
from functools import cache
from importlib import resources

MODULES = (
    "scoring.verify.canonical",
    "scoring.verify.merkle",
    "scoring.verify.ed25519",
    "scoring.verify.checkpoint",
    "scoring.verify.leaves",
    "scoring.verify.report",
    "scoring.verify.container",
    "scoring.reading",
    "scoring.rounding",
    "scoring.ruleset.settings",
    "scoring.ruleset.conduct",
    "scoring.ruleset.parts",
    "scoring.ruleset.document",
    "scoring.explanation",
    "scoring.marks.model",
    "scoring.marks.material",
    "scoring.marks.decisions",
    "scoring.marks.document",
    "scoring.reconcile",
    "scoring.panel",
    "scoring.composite",
    "scoring.standing",
    "scoring.places",
    "scoring.ranking",
    "scoring.verify.orders",
    "scoring.verify.shapes",
    "scoring.verify.recomputing",
    "scoring.verify.checks",
    "scoring.verify.checking",
    "scoring.verify.receipt",
)
RECEIPT_MODULES = (
    "scoring.verify.canonical",
    "scoring.verify.ed25519",
    "scoring.verify.orders",
    "scoring.verify.receipt",
)
HEAD = '''#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Verifies a bundle of exam-portal with Python 3.11 or later and nothing else, without a network.

    python verify.py BUNDLE.zip [--previous BUNDLE.zip|CHECKPOINT.txt]
    python verify.py receipt RECEIPT.txt|RECEIPT.pdf --key HEX [--journal JOURNAL.json [--paper PAPER.json]]

Prints numbered checks; exit status 0: everything holds, 1: a check failed, 2: nothing to check.
This file is put together from the modules that the portal itself computes with; spec.md says what they check.
"""

from __future__ import annotations

'''
TAIL = """

if __name__ == "__main__":
    if sys.argv[1:2] == ["receipt"]:
        sys.exit(receipt_command(sys.argv[2:]))
    sys.exit(verify_command(sys.argv[1:]))
"""
RECEIPT_HEAD = '''#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks a receipt of exam-portal with Python 3.11 or later and nothing else, without a network.

    python check-receipt.py RECEIPT.txt|RECEIPT.pdf [--journal JOURNAL.json [--paper PAPER.json]] [--key HEX]

RECEIPT.txt holds the text of the QR code. The journal is the candidate's own, from the page of the receipt.
PAPER.json is the paper as its officers revealed it after the last sitting: it gives the order you met.
KEY below is the public key of the installation that gave this file: compare it with the one that is published
elsewhere, or name that one with --key.
Exit status 0: everything holds, 1: something does not, 2: nothing to check.
"""

from __future__ import annotations

'''
RECEIPT_TAIL = """

KEY = "{key}"

if __name__ == "__main__":
    sys.exit(receipt_command(sys.argv[1:], KEY))
"""


@cache
def build() -> str:
    """The script, the same every time."""
    return _joined(HEAD, MODULES, TAIL)


@cache
def build_receipt_check(public_key: bytes) -> str:
    """The small script with which a candidate checks a receipt of the installation with this key."""
    return _joined(RECEIPT_HEAD, RECEIPT_MODULES, RECEIPT_TAIL.format(key=public_key.hex()))


def _joined(head: str, modules: tuple[str, ...], tail: str) -> str:
    imports: dict[str, set[str]] = {}
    bodies = [_body(name, imports) for name in modules]
    return head + _import_lines(imports) + "".join(bodies) + tail


def _body(name: str, imports: dict[str, set[str]]) -> str:
    """The module without its imports and docstring, under a heading; its outside imports are collected."""
    source = _source(name)
    tree = ast.parse(source)
    lines = source.splitlines()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            _collect(node, imports)
            _blank(lines, node)
    _blank(lines, tree.body[0])
    text = "\n".join(line for line in lines if not line.startswith("# SPDX")).strip("\n")
    heading = (ast.get_docstring(tree) or name).partition("\n")[0]
    return f"\n\n# ---- {name}: {heading}\n\n{text}\n"


def _collect(node: ast.Import | ast.ImportFrom, imports: dict[str, set[str]]) -> None:
    """The names that the script must import, by module: those of the standard library; "" for the module."""
    if isinstance(node, ast.Import):
        for name in node.names:
            imports.setdefault(name.name, set()).add("")
    elif node.module and node.module.split(".")[0] not in {"scoring", "__future__"}:
        imports.setdefault(node.module, set()).update(name.name for name in node.names)


def _import_lines(imports: dict[str, set[str]]) -> str:
    modules = sorted(imports)
    plain = [f"import {module}\n" for module in modules if "" in imports[module]]
    named = [
        f"from {module} import {', '.join(sorted(imports[module] - {''}))}\n"
        for module in modules
        if imports[module] - {""}
    ]
    return "".join(plain + named)


def _source(name: str) -> str:
    package, _, module = name.rpartition(".")
    return (resources.files(package) / f"{module}.py").read_text(encoding="utf-8")


def _blank(lines: list[str], node: ast.stmt) -> None:
    for number in range(node.lineno - 1, node.end_lineno or node.lineno):
        lines[number] = ""
