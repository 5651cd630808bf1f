"""A small report of November 2020 with invented numbers: one of each thing that the check of the numbers looks at."""

from functools import cache

import pandas as pd
from invented_records import MONTH, month_records, records
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

from analysis.rendering.document import Document, read_document
from analysis.rendering.show import Bundle, claims_bundle, cover_bundle, figure_bundle, prose_bundle, table_bundle
from analysis.sections.blocks import Cell, Column, Cover, Figure, Headline, Row, Table
from analysis.sections.charts import draw_months
from analysis.sections.claim_list import claim_tables
from analysis.sections.narrative import Story
from analysis.sections.style import svg_of
from analysis.sections.tables import cell
from analysis.toll.claims import Claim, Ledger
from analysis.toll.report_records import ReportRecords

# 12 dead of November and 30 of October; 12 less 30 is -18, and 18 of 30 are 60 percent; 7 and 5 are 12.
COUNTS = {
    "civilians.month": 12,
    "civilians.month.children": 3,
    "civilians.month.women": 2,
    "civilians.month.party.syrian_regime": 7,
    "civilians.month.party.russia": 5,
    "civilians.previous_month": 30,
    "civilians.ytd.month.2020-10": 30,
    "civilians.ytd.month.2020-11": 12,
    "torture.month": 0,
    "records.month.read": 12,
    "records.month.counted": 12,
}
MADE_FROM_OTHERS = (
    Claim("civilians.month.change.previous_month", -18, "people", "M16", "less", basis="claims",
          of=("civilians.month", "civilians.previous_month")),
    Claim("civilians.month.change.previous_month.percent", -60.0, "percent", "M16", "less, in percent", basis="claims",
          of=("civilians.month", "civilians.previous_month")),
    Claim("civilians.month.rank_of_year", 2, "rank", "M16", "rank", basis="claims",
          of=("civilians.ytd.month.2020-10", "civilians.ytd.month.2020-11")),
    Claim("published.civilians.month.party.russia.share", 42, "percent", "M7", "as published", basis="published"),
)  # fmt: skip
TOLL = """## The toll

In {{ month }}, parties to the conflict killed {{ toll("civilians.month") }}.[^minimum] The toll
{{ trend("civilians.month.change.previous_month") }}: {{ change("civilians.month.change.previous_month") }}. It is the
{{ place("civilians.month.rank_of_year") }} of the year, and a child is younger than {{ fixed("majority") }}.

{{ first }} Medical personnel: {{ number("torture.month") }}.

### To {{ name("parties", "russia", "short") }}

[^minimum]: Counted since {{ fixed("uprising") }}: {{ number("civilians.month.women") }} of them women.
"""


def claims() -> list[Claim]:
    counted = [Claim(name, value, "people", "M1", f"what {name.replace('.', ' ')} counts", value, "ab" * 32)
               for name, value in COUNTS.items()]  # fmt: skip
    return [*counted, *MADE_FROM_OTHERS]


def small_records() -> ReportRecords:
    return month_records(records({}, {}))


@cache
def chart() -> Figure:
    months = {"2020-10": "Oct", "2020-11": "Nov"}
    deaths = [COUNTS[f"civilians.ytd.month.{month}"] for month in months]
    drawing = draw_months(pd.DataFrame({"month": list(months), "label": months.values(), "deaths": deaths}))
    rows = tuple(Row((Cell(label), Cell(str(number), number, f"civilians.ytd.month.{month}")))
                 for (month, label), number in zip(months.items(), deaths, strict=True))  # fmt: skip
    columns = (Column("label", "Month"), Column("deaths", "Civilians killed", "number"))
    alt = "Bar chart of the months: Oct 30 and Nov 12."
    return Figure("months", "Civilians killed, 2020", alt, svg_of(drawing), Table("months", "Numbers", columns, rows))


def table(story: Story) -> Table:
    codes = {"Syrian regime forces": "syrian_regime", "Russian forces": "russia"}
    rows = [Row((Cell(label), cell(story, f"civilians.month.party.{code}"))) for label, code in codes.items()]
    rows.append(Row((Cell("Total"), cell(story, "civilians.month")), total=True))
    rows.append(Row((Cell("Published share"), cell(story, "published.civilians.month.party.russia.share"))))
    columns = (Column("party", "Party"), Column("deaths", "Civilians killed", "number"))
    return Table("parties", "Civilians killed, November 2020", columns, tuple(rows), "Who is not named is left out.")


def small_cover() -> Cover:
    return Cover(
        title="12 civilians killed in Syria in November 2020, three children and two women among them",
        subtitle="Every figure is a minimum.",
        kicker="Monthly report · November 2020",
        headlines=tuple(
            Headline(str(COUNTS[claim]), label, claim)
            for claim, label in (("civilians.month", "civilians killed"), ("civilians.month.children", "children"),
                                 ("civilians.month.women", "adult women"))
        ),
        notices=(),
        facts=(("Reporting month", "November 2020"), ("Published", "1 December 2020"),
               ("Records", "12 documented in the month, 12 counted; vintage 0 of the records table")),
        labels={"page": "{page} of {pages}"},
        report_date="2020-12-01",
    )  # fmt: skip


def small_notebook(
    cover: Cover | None = None,
    toll: str = "",
    figure: Figure | None = None,
    made: Table | None = None,
    more: tuple[Claim, ...] = (),
) -> NotebookNode:
    """The executed notebook of the small report, with a part of it put in another's place."""
    ledger = Ledger([*claims(), *more])
    story = Story(ledger, MONTH)
    prose = toll or story.fill(TOLL, "small.md", first="1.")
    return _notebook(
        [cover_bundle(cover or small_cover()), claims_bundle(ledger)],
        [prose_bundle(prose), figure_bundle(figure or chart()), table_bundle(made or table(story))],
        [prose_bundle("## Where each number comes from\n\nTo each its row."), *map(table_bundle, claim_tables(story))],
    )


def small_report(**other: object) -> Document:
    return read_document(small_notebook(**other))  # type: ignore[arg-type]


def toll_text() -> str:
    return Story(Ledger(claims()), MONTH).fill(TOLL, "small.md", first="1.")


def _notebook(*shown: list[Bundle]) -> NotebookNode:
    cells = [
        new_code_cell(f"show({nth})", execution_count=1, id=f"cell-{nth}",
                      outputs=[new_output("display_data", data=bundle) for bundle in bundles])
        for nth, bundles in enumerate(shown, 1)
    ]  # fmt: skip
    return new_notebook(cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
