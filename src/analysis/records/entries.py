"""What people decided, as data: the entries of a YAML list, each with its line, and when one of them holds."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from analysis.errors import BadRecords


def read_entries(path: Path, keys: Sequence[str], *, optional: Sequence[str] = ()) -> list[tuple[int, dict[str, Any]]]:
    """The entries of a YAML list with the line of each; all of `keys` are there. Raises BadRecords, with the line."""
    try:
        text = path.read_text(encoding="utf-8")
        # The base loader leaves every value the text that it is: `no` is no false, and a day that is none has a line.
        tree, said = yaml.compose(text, Loader=yaml.BaseLoader), yaml.load(text, Loader=yaml.BaseLoader)
    except (OSError, UnicodeDecodeError):
        raise BadRecords(f"{path} cannot be read. It has to be a text in UTF-8; an empty list is written [].") from None
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise BadRecords(f"{path}{where}: this is not YAML. Correct it there.") from None
    if said is None or said == "":
        return []
    if not isinstance(said, list) or not isinstance(tree, yaml.SequenceNode):
        raise BadRecords(f"{path} is not a list of entries. Begin each entry with '- '.")
    lines = [node.start_mark.line + 1 for node in tree.value]
    faults = []
    for line, entry in zip(lines, said, strict=True):
        found = set(entry) if isinstance(entry, dict) else set()
        missing, unknown = sorted(set(keys) - found), sorted(str(one) for one in found - {*keys, *optional})
        faults += [f"line {line}: it does not say {', '.join(missing)}"] if missing else []
        faults += [f"line {line}: nothing is known of {', '.join(unknown)}"] if unknown else []
    refuse(path, faults)
    return list(zip(lines, said, strict=True))


def refuse(path: Path, faults: Sequence[str]) -> None:
    """Raise BadRecords if a file of decisions has faults: the first three of them."""
    if faults:
        more = f" and {len(faults) - 3} more" if len(faults) > 3 else ""
        raise BadRecords(f"{path} has {len(faults)} faults: {'; '.join(faults[:3])}{more}. Correct them there.")


def is_day(value: object) -> bool:
    """Whether a text is a day, YYYY-MM-DD."""
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def said(value: object) -> bool:
    """Whether something is said in an entry."""
    return isinstance(value, str) and bool(value.strip())


def holds(decided: date, superseded: date | None) -> bool:
    """Whether a vintage is read with what was decided on a day: while it was the newest, not from the day on which the
    next one came (`superseded`, None for the newest)."""
    return superseded is None or decided < superseded
