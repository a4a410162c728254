# SPDX-License-Identifier: Apache-2.0
"""Small mistakes in functions, one at a time: what a hand might have written wrongly."""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

Function = ast.FunctionDef | ast.AsyncFunctionDef
ORDERS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One mistake: where it stands, what it makes of what, and the code of its function with it."""

    module: str
    function: str
    line: int
    key: str
    code: CodeType


def of_module(root: Path, path: Path) -> Iterator[Mutant]:
    """Every mutant of the functions of a module; of two alike in one function the key tells them apart."""
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    module = path.relative_to(root).with_suffix("").as_posix()
    seen: Counter[str] = Counter()
    for name, function in _functions(tree, ""):
        for before, after in _mistakes(function):
            words = f"{_words(before)} -> {_words(after)}"
            seen[f"{name} {words}"] += 1
            number = seen[f"{name} {words}"]
            code = _compiled(function, path, before, after, name)
            if code is not None:
                key = f"{module} {name}: {words}" + (f" #{number}" if number > 1 else "")
                yield Mutant(module=module, function=name, line=_line(before), key=key, code=code)


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[str, Function]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function):
            yield prefix + child.name, child
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{prefix}{child.name}.")


def _mistakes(function: Function) -> Iterator[tuple[ast.AST, ast.AST]]:
    silent = _silent(function)
    for statement in function.body:
        for node in ast.walk(statement):
            if id(node) not in silent:
                yield from ((node, changed) for changed in _changed(node))


def _silent(function: Function) -> set[int]:
    """What is written down and never executed: docstrings, and types of local names."""
    silent: set[int] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            silent.add(id(node.value))
        elif isinstance(node, ast.AnnAssign):
            silent |= {id(each) for each in ast.walk(node.annotation)}
        elif isinstance(node, Function):
            types = [node.args, *([node.returns] if node.returns else [])]
            silent |= {id(each) for one in types for each in ast.walk(one)}
    return silent


def _changed(node: ast.AST) -> Iterator[ast.AST]:
    """What the node might have been by mistake."""
    for kind, changes in CHANGES:
        if isinstance(node, kind):
            yield from changes(node)


def _joined(node: ast.BoolOp) -> Iterator[ast.AST]:
    """The other word between the conditions, and each condition forgotten."""
    yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    for index in range(len(node.values)):
        left = [value for place, value in enumerate(node.values) if place != index]
        yield left[0] if len(left) == 1 else _with(node, values=left)


def _unsigned(node: ast.UnaryOp) -> Iterator[ast.AST]:
    yield node.operand


def _reckoned(node: ast.BinOp | ast.AugAssign) -> Iterator[ast.AST]:
    if type(node.op) in OPERATORS:
        yield _with(node, op=OPERATORS[type(node.op)]())


def _turned(node: ast.If | ast.IfExp | ast.While) -> Iterator[ast.AST]:
    yield _with(node, test=_negated(node.test))


def _filtered(node: ast.comprehension) -> Iterator[ast.AST]:
    for index in range(len(node.ifs)):
        yield _with(node, ifs=[each for place, each in enumerate(node.ifs) if place != index])


def _returned(node: ast.Return) -> Iterator[ast.AST]:
    if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
        yield _with(node, value=ast.Constant(None))


def _forgotten(node: ast.Expr) -> Iterator[ast.AST]:
    if isinstance(node.value, ast.Call | ast.YieldFrom | ast.Yield):
        yield ast.Pass()


def _left(node: ast.Break | ast.Continue) -> Iterator[ast.AST]:
    yield ast.Continue() if isinstance(node, ast.Break) else ast.Break()


def _compared(node: ast.Compare) -> Iterator[ast.AST]:
    for index, operator in enumerate(node.ops):
        for other in ORDERS[type(operator)]:
            yield _with(node, ops=[*node.ops[:index], other(), *node.ops[index + 1 :]])


def _called(node: ast.Call) -> Iterator[ast.AST]:
    """A keyword forgotten, where the function may do without; two names that bound something exchanged."""
    swaps = {"min": "max", "max": "min", "any": "all", "all": "any", "bisect_left": "bisect_right"}
    swaps["bisect_right"] = "bisect_left"
    if isinstance(node.func, ast.Name) and node.func.id in swaps:
        yield _with(node, func=ast.Name(swaps[node.func.id], ast.Load()))
    for index, keyword in enumerate(node.keywords):
        if keyword.arg in {"default", "least", "most", "reverse", "required", "choices", "strict"}:
            yield _with(node, keywords=[each for place, each in enumerate(node.keywords) if place != index])


def _constants(node: ast.Constant) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int):
        yield ast.Constant(node.value + 1)
    elif isinstance(node.value, str):
        yield ast.Constant(f"{node.value}?")


def _negated(test: ast.expr) -> ast.expr:
    return test.operand if isinstance(test, ast.UnaryOp) else ast.UnaryOp(ast.Not(), test)


CHANGES: tuple[tuple[Any, Callable[[Any], Iterator[ast.AST]]], ...] = (
    (ast.Compare, _compared),
    (ast.BoolOp, _joined),
    (ast.UnaryOp, _unsigned),
    ((ast.BinOp, ast.AugAssign), _reckoned),
    ((ast.If, ast.IfExp, ast.While), _turned),
    (ast.comprehension, _filtered),
    (ast.Constant, _constants),
    (ast.Return, _returned),
    (ast.Expr, _forgotten),
    (ast.Call, _called),
    ((ast.Break, ast.Continue), _left),
)


def _with(node: ast.AST, **fields: object) -> ast.AST:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _words(node: ast.AST) -> str:
    if isinstance(node, ast.comprehension):
        return "for … if " + " if ".join(ast.unparse(each) for each in node.ifs) if node.ifs else "for …"
    if isinstance(node, ast.If | ast.While):
        return f"{type(node).__name__.lower()} {ast.unparse(node.test)}"
    return " ".join(ast.unparse(node).split())


def _line(node: ast.AST) -> int:
    return getattr(node, "lineno", getattr(getattr(node, "target", None), "lineno", 0))


class _Replacing(ast.NodeTransformer):
    """Puts one node in place of another."""

    def __init__(self, before: ast.AST, after: ast.AST) -> None:
        self.before, self.after = before, after

    def visit(self, node: ast.AST) -> ast.AST:
        """The other node at its place, every node elsewhere."""
        return self.after if node is self.before else self.generic_visit(node)


def _compiled(function: Function, path: Path, before: ast.AST, after: ast.AST, name: str) -> CodeType | None:
    """The code of the function with the mistake; None where it is no Python."""
    marker = copy.copy(before)
    copied = copy.deepcopy(function, {id(before): marker})
    _Replacing(marker, ast.copy_location(copy.deepcopy(after), before)).visit(copied)
    copied.decorator_list = []
    body: ast.stmt = copied
    for owner in reversed(name.split(".")[:-1]):
        body = ast.ClassDef(name=owner, bases=[], keywords=[], body=[body], decorator_list=[])
    module = ast.Module(body=[*ast.parse("from __future__ import annotations").body, body], type_ignores=[])
    try:
        return _find(compile(ast.fix_missing_locations(module), str(path), "exec"), name)
    except (SyntaxError, ValueError, TypeError):
        return None


def _find(code: CodeType, name: str) -> CodeType | None:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            if constant.co_qualname == name:
                return constant
            if found := _find(constant, name):
                return found
    return None
