"""A small invented report, as cells with the outputs that analysis.rendering.show would have left in them."""

from collections.abc import Sequence
from dataclasses import replace

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis.rendering.show import (
    Bundle,
    claims_bundle,
    cover_bundle,
    figure_bundle,
    prose_bundle,
    table_bundle,
)
from analysis.sections.blocks import Cell, Column, Cover, Figure, Headline, Row, Table, claim_anchor
from analysis.toll.claims import Claim, Ledger

COVER = Cover(
    title="31 people killed in Rivermouth in March 2031, among them 4 children",
    subtitle="Most were killed by landmines left behind in fields; the toll of the year so far is the lowest of four.",
    kicker="Monthly report · March 2031",
    headlines=(
        Headline("31", "civilians killed", "civilians.month"),
        Headline("4", "of them children", "civilians.month.children"),
        Headline("5", "of them women", "civilians.month.women"),
        Headline("0", "died of torture", "torture.month"),
    ),
    notices=(
        "The records are invented: nobody in this report has lived.",
        "The figures are a minimum. Who could not be documented is not in them.",
    ),
    facts=(
        ("Documented in", "March 2031"),
        ("Records", "vintage 3, read from data/records"),
        ("SHA-256 of the extract", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
    ),
    labels={},
    report_date="2031-04-01",
)

BACKGROUND = """## Background

In March 2031 the documenters recorded [31](#claim-civilians.month) deaths in *Rivermouth*,
[four](#claim-civilians.month.children) of them of children.[^minimum] **Every figure is a minimum.** Prices of $5,
#tags, @names, a & b and under_scores are only words here, and so is <b>this</b>.

### What is counted

- Civilians only, by the month in which the death was documented.
- Verified records only; see [the method](https://example.org/method).

1. First the records are read.
2. Then they are counted.[^minimum]

> What is not counted is said as well.

[^minimum]: A *minimum*: see [the method](https://example.org/method_of_counting) on what stays outside.
"""

TOLL = """## The toll

The toll is [31](#claim-civilians.month), of which the mines took [12](#claim-landmines.month).[^mines]

### By party

[^mines]: Mines are rarely traceable to those who laid them.
"""


def made_claims() -> list[Claim]:
    """Ten claims with the figures that the texts use, and thirty more so that their table runs over a page."""
    values = {
        "civilians.month": 31,
        "civilians.month.children": 4,
        "civilians.month.women": 5,
        "torture.month": 0,
        "landmines.month": 12,
        "civilians.month.party.red_river_front": 11,
        "civilians.month.party.harbour_guard": 7,
        "civilians.month.party.other": 13,
        "landmines.month.children": 2,
    }
    values |= {f"civilians.month.governorate.district_{number}.children": number % 4 for number in range(30)}
    where = (
        "Verified deaths of civilians that were documented in March 2031 and happened in the place that the id names"
    )
    return [
        Claim(name, value, "people", "M7", where, records=value, digest="ab" * 32) for name, value in values.items()
    ]


def parties() -> Table:
    rows = [("Red River Front", 11), ("Harbour Guard", 7), ("Other parties", 13)]
    names = ["red_river_front", "harbour_guard", "other"]
    counted = [
        Row((Cell(label), Cell(str(deaths), deaths, f"civilians.month.party.{name}"), Cell(f"{deaths / 31:.0%}")))
        for (label, deaths), name in zip(rows, names, strict=True)
    ]
    total = Row((Cell("All parties"), Cell("31", 31, "civilians.month"), Cell("100%", 1.0)), total=True)
    columns = (Column("party", "Party"), Column("deaths", "Deaths", "number"), Column("share", "Share", "number"))
    return Table("parties", "Deaths by party, March 2031", columns, (*counted, total), "Shares are of the toll of 31.")


def chart(name: str, caption: str) -> Figure:
    bars = "".join(f'<rect x="60" y="{place * 26 + 8}" width="{90 * place + 60}" height="16"/>' for place in range(4))
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 454 120" width="454pt" height="120pt">'
        f'<g fill="#7a1f1f">{bars}</g></svg>\n'
    )
    numbers = replace(parties(), name=name, caption=f"{caption}: the numbers", note="")
    alt = "Four bars, each longer than the one above it; the longest stands for other parties."
    return Figure(name, caption, alt, svg, numbers, "People; not recorded is drawn as well.")


def ledger_table(claims: Sequence[Claim]) -> Table:
    columns = (
        Column("id", "Claim"),
        Column("value", "Value", "number"),
        Column("where", "What it counts"),
        Column("rule", "Rule"),
        Column("records", "Records", "number"),
    )
    rows = tuple(
        Row(
            (Cell(one.id), Cell(str(one.value)), Cell(one.where), Cell(one.rule), Cell(str(one.records), one.records)),
            anchor=claim_anchor(one.id),
        )
        for one in claims
    )
    return Table("claims", "Every number of this report", columns, rows)


def cell(source: str, *bundles: Bundle) -> NotebookNode:
    """An executed code cell that has shown some blocks."""
    outputs = [new_output("display_data", data=bundle) for bundle in bundles]
    return new_code_cell(source, execution_count=1, outputs=outputs)


def notebook(*cells: NotebookNode) -> NotebookNode:
    """A notebook of these cells, named cell-1, cell-2 …: nothing in it differs from run to run."""
    for number, one in enumerate(cells, start=1):
        one.id = f"cell-{number}"
    return new_notebook(cells=list(cells), metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})


def invented_notebook(cover: Cover = COVER) -> NotebookNode:
    claims = made_claims()
    return notebook(
        new_markdown_cell("# The monthly report\n\nHow to run it."),
        cell("month = '2031-03'"),
        cell("show_cover(make_cover())", cover_bundle(cover)),
        cell("show_prose(write('background'))", prose_bundle(BACKGROUND)),
        new_markdown_cell("Counted by the rule M7."),
        cell(
            "show_prose(write('toll'))\nshow_table(parties)\nshow_figure(draw_parties(parties))",
            prose_bundle(TOLL),
            table_bundle(parties()),
            figure_bundle(chart("parties_chart", "Deaths by party")),
            figure_bundle(chart("months", "Deaths by month of the year so far")),
        ),
        cell(
            "show_prose('## Where each number comes from')\nshow_table(list_claims(ledger))",
            prose_bundle("## Where each number comes from\n\nEvery number links to its row."),
            table_bundle(ledger_table(claims)),
            claims_bundle(Ledger(claims)),
        ),
    )
