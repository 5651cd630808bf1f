"""A notebook's parameters: papermill only warns of a misspelt name, so the notebook itself refuses it."""

import ast
from collections.abc import Iterable, Sequence

from analysis.errors import BadParameter


def check_parameters(cells: Sequence[str]) -> None:
    """Refuse a parameter that papermill injected and the notebook does not have.

    In    the sources of the cells run so far (`In`): the `parameters` cell, then perhaps the injected one.
    Raises BadParameter.
    """
    sources = [cell for cell in cells if cell.strip()]
    injected = [source for source in sources if source.lstrip().startswith("# Parameters\n")]
    declared = _names(next((source for source in sources if source not in injected), ""))
    unknown = [name for source in injected for name in _names(source) if name not in declared]
    if unknown:
        raise BadParameter(
            f"The notebook has no parameter {_listed(unknown)}. Its parameters are {_listed(declared)}: "
            "correct the name after -p."
        )


def _names(source: str) -> list[str]:
    names = []
    for statement in ast.parse(source).body:
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        names += [target.id for target in targets if isinstance(target, ast.Name)]
    return names


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
