"""A template read without being filled: its nodes in order, and the texts that an expression can be at each."""

from collections.abc import Iterator, Mapping
from itertools import product

from jinja2 import nodes

ANY = "*"  # what depends on the records, or on what a text puts in
Values = Mapping[str, tuple[str, ...]]


def visit(node: nodes.Node, known: dict[str, tuple[str, ...]]) -> Iterator[tuple[nodes.Node, Values]]:
    """Every node of a template in its order, with the values that names can have there."""
    yield node, known
    match node:
        case nodes.Assign(target=target, node=value):
            yield from visit(value, known)
            named = (one.name for one in (target, *target.find_all(nodes.Name)) if isinstance(one, nodes.Name))
            known |= dict.fromkeys(named, values(value, known) if isinstance(target, nodes.Name) else (ANY,))
        case nodes.Name(name=name, ctx="store" | "param") | nodes.Macro(name=name):
            known[name] = (ANY,)
            for part in node.iter_child_nodes():
                yield from visit(part, known)
        case nodes.For():
            yield from visit(node.iter, known)
            inner = known | {"loop": (ANY,)} | _bound(node.target, node.iter, known)
            for part in filter(None, (node.test, *node.body)):
                yield from visit(part, inner)
            for part in node.else_:
                yield from visit(part, known)
        case nodes.If():
            yield from visit(node.test, known)
            branches = [(branch, dict(known)) for branch in (node.body, node.elif_, node.else_)]
            for branch, inner in branches:
                for part in branch:
                    yield from visit(part, inner)
            for name in {name for _, inner in branches for name in inner}:
                known[name] = tuple(dict.fromkeys(one for _, inner in branches for one in inner.get(name, ())))
        case _:
            for part in node.iter_child_nodes():
                yield from visit(part, known)


def _bound(target: nodes.Node, items: nodes.Node, known: Values) -> dict[str, tuple[str, ...]]:
    """What the names of a loop go through, where its items are written out in the template."""
    written = items.items if isinstance(items, nodes.List | nodes.Tuple) else []
    if isinstance(target, nodes.Name):
        return {target.name: tuple(one for item in written for one in values(item, known)) or (ANY,)}
    names = [one.name for one in target.find_all(nodes.Name)]
    rows = [item.items for item in written if isinstance(item, nodes.Tuple | nodes.List)]
    columns = {
        name: tuple(one for row in rows for item in row[nth : nth + 1] for one in values(item, known))
        for nth, name in enumerate(names)
    }
    return {name: found or (ANY,) for name, found in columns.items()}


def values(node: nodes.Node | None, known: Values) -> tuple[str, ...]:
    """The texts that an expression can be, with `*` for what is not written in the template."""
    match node:
        case nodes.Const(value=str(text)):
            return (text,)
        case nodes.Name(name=name):
            return known.get(name, (ANY,))
        case nodes.Concat(nodes=parts):
            return tuple("".join(each) for each in product(*(values(part, known) for part in parts)))
        case nodes.Add(left=left, right=right):
            return tuple("".join(each) for each in product(values(left, known), values(right, known)))
        case nodes.CondExpr(expr1=first, expr2=second):
            return tuple(dict.fromkeys([*values(first, known), *values(second, known)]))
        case _:
            return (ANY,)
