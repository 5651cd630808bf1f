"""Code lists: causes and the like from data/codelists, parties, governorates and buckets from data/profiles/<country>.

A code list says which codes exist, in which order, with which labels and from when to when. A value in no list stops.
"""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pandas as pd

from analysis.errors import UnknownCode
from analysis.month import Month
from analysis.places import DATA, named
from analysis.texts import language_of

NOT_RECORDED = "not_recorded"
SYRIA = "syria"
PROFILES = DATA / "profiles"


@dataclass(frozen=True)
class CodeList:
    """One list: `table` has one row a code, in list order, indexed by code, all values text ('' where blank).

    `aliases` are the other spellings met in sources, each with the code it stands for; `file` is where the list stands.
    """

    name: str
    table: pd.DataFrame
    aliases: dict[str, str] = field(default_factory=dict)
    file: str = ""

    @property
    def codes(self) -> list[str]:
        return list(self.table.index)

    def label(self, code: str, language: str = "en", *, form: str = "label") -> str:
        """The words for a code; `form` is the column without its language ("label", "short" …).

        Raises UnknownCode.
        """
        if code not in self.table.index:
            raise UnknownCode(f"The code {code!r} is not in {self.file}. Add it there, or correct the record.")
        column = f"{form}_{language_of(language)}"
        if column not in self.table.columns:
            raise UnknownCode(f"{self.file} has no column {column}. Add it, with the words for each code.")
        return str(self.table.at[code, column])

    def attribute(self, column: str) -> dict[str, str]:
        """One column of the list by code, blanks left out."""
        return {code: value for code, value in self.table[column].items() if value}

    def valid(self, month: Month) -> list[str]:
        """The codes in force in a month, in list order (METHOD M9)."""
        first, last = month.first.isoformat(), month.last.isoformat()
        spans = zip(self.codes, self.table["valid_from"], self.table["valid_to"], strict=True)
        return [code for code, begun, ended in spans if begun <= last and (not ended or ended >= first)]


@cache
def read_codelist(name: str, profile: str = SYRIA) -> CodeList:
    """Read a code list in its own order, with the aliases beside it: the country's own, else the common one."""
    own, common = PROFILES / profile / "codelists", DATA / "codelists"
    folder = own if (own / f"{name}.csv").is_file() else common
    table = pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False, index_col="code")
    ordered = table.sort_values("order", key=lambda column: column.astype(int), kind="stable")
    return CodeList(name, ordered, _read_aliases(folder / f"{name}.aliases.csv"), named(folder / f"{name}.csv"))


@cache
def age_group_of(age: float) -> str | None:
    """The age group that an age falls in, by the list's youngest and oldest; None without an age (METHOD M2)."""
    return next((code for code, youngest, oldest in _age_spans() if youngest <= age < oldest + 1), None)


@cache
def _age_spans() -> list[tuple[str, float, float]]:
    """The youngest and the oldest of each age group that has a youngest."""
    table = read_codelist("age_groups").table
    spans = zip(table.index, table["youngest"], table["oldest"], strict=True)
    return [(str(code), float(youngest), float(oldest or "inf")) for code, youngest, oldest in spans if youngest]


def _read_aliases(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    return dict(zip(table["seen"], table["code"], strict=True))
