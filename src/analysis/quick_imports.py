"""Importing a package without others that it imports and that nothing of ours uses: they are most of the time it takes.

A package that is imported already is left as it is. A thread that imports one meanwhile would not find it.
"""

import importlib
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from types import ModuleType
from typing import Any


class _Later(ModuleType):
    """Stands in for a module, and imports it when somebody asks for anything in it."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # an import statement looks whether it is a package
            raise AttributeError(name)
        return getattr(importlib.import_module(self.__name__), name)


def hidden(*names: str) -> AbstractContextManager[None]:
    """Within it, packages look as if they were not installed: for one that does without them then."""
    return _replaced(dict.fromkeys(names))


def later(*names: str) -> AbstractContextManager[None]:
    """Within it, an import of these modules is put off until one is used: for one that cannot do without them."""
    stand_ins = {name: _Later(name) for name in names}
    for name in names:
        package, _, module = name.rpartition(".")
        if package:
            setattr(stand_ins.setdefault(package, _Later(package)), module, stand_ins[name])
    return _replaced(stand_ins)


@contextmanager
def _replaced(modules: dict[str, Any]) -> Iterator[None]:
    put = {name: module for name, module in modules.items() if name not in sys.modules}
    sys.modules.update(put)
    try:
        yield
    finally:
        for name in put:
            del sys.modules[name]
