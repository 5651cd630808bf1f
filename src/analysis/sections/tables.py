"""The report's tables, made from claims: each number in a cell leads to the row of its claim."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.codelists import NOT_RECORDED
from analysis.profiles import country_words
from analysis.sections.blocks import Cell, Column, Row, Table
from analysis.sections.narrative import Story
from analysis.sections.wording import digits, percent_sign, shown_value, tenths
from analysis.texts import read_words
from analysis.toll.claims import RANGE, Ledger
from analysis.toll.comparisons import breakdown
from analysis.toll.counting import require_sum
from analysis.toll.definitions import OCCUPATIONS
from analysis.toll.reconciliation import reconcile
from analysis.toll.report_records import ReportRecords, published_figures


@dataclass(frozen=True)
class Measure:
    """One column of numbers: the claims `<stem>.<code>[.<part>]`; `total` is the claim they add up to, if they do."""

    key: str
    stem: str
    part: str = ""
    total: str = ""


def cell(story: Story, claim_id: str) -> Cell:
    """A number in a table, led to its claim; an empty cell where nobody claims it. Shares show one decimal."""
    if claim_id not in story.ledger:
        return Cell("", "")
    claim = story.ledger[claim_id]
    if isinstance(claim.value, str):
        shown = shown_value(claim.value, story.language, is_range=claim.unit == RANGE)
        return Cell(shown, claim.value if claim.unit == RANGE else None, claim_id)
    shown = digits(claim.value, story.language)
    if claim.unit == "percent":  # as it was published, or with one decimal
        sign = percent_sign(story.language)
        shown = f"{shown}{sign}" if claim.basis == "published" else tenths(claim.value, story.language)
    return Cell(shown, claim.value, claim_id)


def breakdown_table(
    story: Story, name: str, codelist: str, measures: Sequence[Measure], *, zeros: bool = True, group: str = ""
) -> Table:
    """A toll by the codes of one list, one column a measure, the total last; "not recorded" is always shown.

    `zeros` keeps the codes without any death. Raises TotalsDisagree if a column does not add up.
    """
    for measure in measures:
        _require_total(story.ledger, measure)
    dimension = measures[0].stem.rpartition(".")[2]
    codes = [claim.id.rpartition(".")[2] for claim in breakdown(story.ledger, measures[0].stem)]
    rows = [
        Row((Cell(label(story, codelist, code), code), *(_at(story, one, code) for one in measures)))
        for code in codes
        if code == NOT_RECORDED or any(_shown(story, one, code) for one in measures) or (zeros and code != "unknown")
    ]
    columns = [(dimension, "text"), *((measure.key, "number") for measure in measures)]
    total = _total(story, measures)
    return table_in_words(story, name, columns, [*rows, *total], group=group)


def label(story: Story, codelist: str, code: str) -> str:
    """The words for a code at the head of a row."""
    if code == NOT_RECORDED:
        return str(read_words(story.language, "captions")["rows"][NOT_RECORDED])
    words = story.codelist(codelist).label(code, story.language)
    return words[:1].upper() + words[1:]


def _id(measure: Measure, code: str) -> str:
    return ".".join(part for part in (measure.stem, code, measure.part) if part)


def _at(story: Story, measure: Measure, code: str) -> Cell:
    return cell(story, _id(measure, code))


def _shown(story: Story, measure: Measure, code: str) -> bool:
    claim = _id(measure, code)
    return claim in story.ledger and story.ledger.value(claim) != 0


def _total(story: Story, measures: Sequence[Measure]) -> list[Row]:
    if not any(measure.total for measure in measures):
        return []
    cells = [cell(story, measure.total) if measure.total else Cell("", "") for measure in measures]
    return [Row((total_cell(story), *cells), total=True)]


def total_cell(story: Story) -> Cell:
    """The head of the row that adds up a table."""
    return Cell(read_words(story.language, "captions")["rows"]["total"], "total")


def _require_total(ledger: Ledger, measure: Measure) -> None:
    if measure.total:
        suffix = f".{measure.part}" if measure.part else ""
        parts = [ledger[claim.id + suffix] for claim in breakdown(ledger, measure.stem)]
        require_sum(ledger[measure.total], parts)


def table_in_words(
    story: Story,
    name: str,
    columns: Iterable[tuple[str, str]],
    rows: Iterable[Row],
    *,
    kind: str = "",
    group: str = "",
) -> Table:
    """A table with caption, headings and note from captions.yml; `kind` names its entry where that is not its name."""
    words = country_words(story.language, "captions", story.profile)
    said = words["tables"][kind or name]
    heads = words["columns"]
    return Table(
        name=story.named(name),
        caption=said["caption"].format(month=story.period, group=group),
        columns=tuple(Column(key, heads[key], "number" if kind == "number" else "text") for key, kind in columns),
        rows=tuple(rows),
        note=said.get("note", ""),
    )


def party_table(story: Story) -> Table:
    """Deaths by party: the month with its children and women, and the year so far (METHOD M9)."""
    stem = "civilians.month.party"
    measures = [
        Measure("deaths", stem, total="civilians.month"),
        Measure("children", stem, "children", "civilians.month.children"),
        Measure("women", stem, "women", "civilians.month.women"),
        Measure("ytd", "civilians.ytd.party", total="civilians.ytd"),
    ]
    return breakdown_table(story, "toll-by-party", "parties", measures)


def other_table(story: Story) -> Table:
    """Deaths by other parties, by kind (METHOD M11)."""
    stem, total = "civilians.month.other", "civilians.month.party.other"
    measures = [
        Measure("deaths", stem, total=total),
        Measure("children", stem, "children", f"{total}.children"),
        Measure("women", stem, "women", f"{total}.women"),
        Measure("ytd", "civilians.ytd.other", total="civilians.ytd.party.other"),
    ]
    return breakdown_table(story, "toll-by-other", "buckets", measures, zeros=False)


def governorate_table(story: Story) -> Table:
    """Deaths by governorate of death, with shares (METHOD M8)."""
    stem = "civilians.month.governorate"
    measures = [
        Measure("deaths", stem, total="civilians.month"),
        Measure("share", stem, "share"),
        Measure("ytd", "civilians.ytd.governorate", total="civilians.ytd"),
    ]
    return breakdown_table(story, "toll-by-governorate", "governorates", measures)


def torture_table(story: Story) -> Table:
    """Deaths due to torture by party, the month and the year so far with shares (METHOD M13)."""
    measures = [
        Measure("torture", "torture.month.party", total="torture.month"),
        Measure("torture_ytd", "torture.ytd.party", total="torture.ytd"),
        Measure("torture_share", "torture.ytd.party", "share"),
    ]
    return breakdown_table(story, "torture-by-party", "parties", measures, zeros=False)


def occupation_table(story: Story) -> Table:
    """Medical, media, civil defence and relief workers killed; zeros stand (METHOD M15)."""
    rows = [
        Row(
            (
                Cell(label(story, "occupations", code), code),
                *(cell(story, f"{code}.{period}") for period in ("month", "ytd")),
            )
        )
        for code in OCCUPATIONS
    ]
    columns = [("occupation", "text"), ("deaths", "number"), ("ytd", "number")]
    return table_in_words(story, "occupations", columns, rows)


def massacre_table(story: Story) -> Table:
    """Massacres by party, number and people killed (METHOD M14)."""
    measures = [
        Measure("massacres", "massacres.month.party", total="massacres.month"),
        Measure("massacre_deaths", "massacres.month.party", "deaths", "massacres.month.deaths"),
        Measure("children", "massacres.month.party", "children", "massacres.month.children"),
        Measure("women", "massacres.month.party", "women", "massacres.month.women"),
        Measure("massacres_ytd", "massacres.ytd.party", total="massacres.ytd"),
    ]
    return breakdown_table(story, "massacres", "parties", measures, zeros=False)


def records_table(story: Story) -> Table:
    """The way from records read, less each exclusion by name, to records counted (METHOD M21)."""
    steps = read_words(story.language, "captions")["steps"]
    rows = [
        Row((Cell(words, step), cell(story, story.claim_id(f"records.this.{step}"))), total=step == "counted")
        for step, words in steps.items()
    ]
    columns = [("step", "text"), ("records", "number")]
    return table_in_words(story, "records-counted", columns, rows)


def nothing(story: Story, columns: Sequence[tuple[str, str]]) -> Row:
    """The one row of a table that has nothing to show."""
    words = read_words(story.language, "captions")["rows"]["nothing"]
    return Row((Cell(words), *(Cell("", "") for _ in columns[1:])))


def reconciliation_table(story: Story, records: ReportRecords) -> Table:
    """Each published figure beside ours, those that differ first (METHOD M7)."""
    verdicts = reconcile(story.ledger, records.when, published_figures(records), story.language)
    words = read_words(story.language, "captions")["verdicts"]
    rows = [
        Row(
            (
                Cell(verdict.claim),
                cell(story, f"published.{verdict.claim}"),
                cell(story, verdict.claim),
                Cell(words[verdict.result], verdict.result),
                Cell(verdict.note),
            )
        )
        for verdict in verdicts
    ]
    columns = [
        ("claim", "text"),
        ("published", "number"),
        ("computed", "number"),
        ("verdict", "text"),
        ("note", "text"),
    ]
    return table_in_words(story, "reconciliation", columns, rows)
