"""Code lists: parties, governorates, causes and the like, read from data/codelists/*.csv.

A code list says which codes exist, in which order, with which labels and from when to when. A value in no list stops.
"""

from dataclasses import dataclass
from functools import cache

import pandas as pd

from analysis.errors import UnknownCode
from analysis.month import Month
from analysis.places import DATA

NOT_RECORDED = "not_recorded"


@dataclass(frozen=True)
class CodeList:
    """One list: `table` has one row a code, in list order, indexed by code, all values text ('' where blank)."""

    name: str
    table: pd.DataFrame

    @property
    def codes(self) -> list[str]:
        return list(self.table.index)

    def label(self, code: str, language: str = "en", *, form: str = "label") -> str:
        """The words for a code; `form` is the column without its language ("label", "short" …).

        Raises UnknownCode.
        """
        if code not in self.table.index:
            raise UnknownCode(
                f"The code {code!r} is not in data/codelists/{self.name}.csv. Add it there, or correct the record."
            )
        return str(self.table.at[code, f"{form}_{language}"])

    def attribute(self, column: str) -> dict[str, str]:
        """One column of the list by code, blanks left out."""
        return {code: value for code, value in self.table[column].items() if value}

    def valid(self, month: Month) -> list[str]:
        """The codes in force in a month, in list order (METHOD M9)."""
        first, last = month.first.isoformat(), month.last.isoformat()
        table = self.table
        ended = (table["valid_to"] != "") & (table["valid_to"] < first)
        return list(table.index[~ended & (table["valid_from"] <= last)])


@cache
def read_codelist(name: str) -> CodeList:
    """Read data/codelists/<name>.csv, in its own order."""
    table = pd.read_csv(DATA / "codelists" / f"{name}.csv", dtype=str, keep_default_na=False, index_col="code")
    return CodeList(name, table.sort_values("order", key=lambda column: column.astype(int), kind="stable"))
