"""What a revision shows: cover, waterfall and tables; and the notice of the monthly report."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from analysis.codelists import NOT_RECORDED
from analysis.method import method
from analysis.month import Month
from analysis.profiles import country_words
from analysis.records.contract import coded_fields
from analysis.sections.blocks import Cell, Column, Cover, Figure, Headline, Row, Table, claim_anchor
from analysis.sections.narrative import Story
from analysis.sections.revision_sentences import Untrue, claims_behind
from analysis.sections.tables import cell, label
from analysis.sections.wording import digits, direction, listed, month_name, percent_sign
from analysis.texts import read_words
from analysis.toll.claims import Claim, Ledger, digest
from analysis.toll.revisions import TOTALS, Shift, Step, revision_stem
from analysis.toll.two_vintages import Moved, TwoVintages


def revision_cover(story: Story, two: TwoVintages) -> Cover:
    """The first page: total before and total now, and the two vintages they come from."""
    language, ledger, stem = story.language, story.ledger, revision_stem(two.months)
    words, labels = read_words(language, "revisions")["cover"], read_words(language, "cover")["labels"]
    totals = {name: digits(ledger.count(f"{stem}.{name}"), language) for name in TOTALS}
    title = words["title_moved" if ledger.value(f"{stem}.difference") else "title_same"]
    said = {"month": month_name(story.month, language), **totals}
    vintages = {"before": two.before, "after": two.after}
    told = {name: words["vintage"].format(version=one.version, file=one.source_file) for name, one in vintages.items()}
    told |= {"month": said["month"], "method": words["method"].format(version=method()["version"])}
    return Cover(
        title=title.format(**said),
        subtitle=words["subtitle"],
        kicker=words["kicker"].format(**said),
        headlines=tuple(Headline(totals[name], words["headlines"][name], f"{stem}.{name}") for name in TOTALS),
        notices=(),
        facts=tuple((words["facts"][name], told[name]) for name in words["facts"]),
        labels=labels,
        language=language,
        direction=direction(language),
        report_date=_day(two, story.month).isoformat(),
    )


def _day(two: TwoVintages, month: Month) -> date:
    """The day of the revision: that of the later extract where it is recorded, else the month's report's."""
    drawn = two.after.extract_date
    return date.fromisoformat(drawn) if drawn else month.shift(1).first


def changed_text(story: Story) -> str:
    """What the toll was and is, in words."""
    return story.text("revisions", stem="revision.month")


def waterfall_figure(story: Story, steps: Sequence[Step], months: Sequence[Month]) -> Figure:
    """The way from the total before to the total now."""
    # Where nothing is drawn, the libraries that draw need not be read.
    from analysis.sections.charts import draw_waterfall
    from analysis.sections.mirroring import in_script_of
    from analysis.sections.style import svg_of

    words = _words(story)
    said, rows = words["figure"], _step_rows(story, steps, months)
    table = pd.DataFrame(
        {"code": [step.reason for step in steps], "label": [step.words for step in steps],
         "deaths": [step.change for step in steps]}
    )  # fmt: skip
    shown = [f"{row.cells[0].text} {row.cells[1].text}" for row in rows]
    caption = said["caption"].format(month=month_name(story.month, story.language))
    numbers = Table(said["name"], caption, _columns(words, "reason", "change"),
                    tuple(replace(row, cells=row.cells[:2]) for row in rows))  # fmt: skip
    alt = f"{said['alt']}: {listed(shown, story.language)}."
    return Figure(
        said["name"], caption, alt, svg_of(in_script_of(draw_waterfall(table), story.language)), numbers, said["note"]
    )


def steps_table(story: Story, steps: Sequence[Step], months: Sequence[Month]) -> Table:
    """Total before, each reason with its records, total now."""
    counts = [Cell("", "") if step.reason in TOTALS else _count(story, step) for step in steps]
    bars = _step_rows(story, steps, months)
    rows = [replace(row, cells=(*row.cells, count)) for row, count in zip(bars, counts, strict=True)]
    return _table(story, "revision-steps", ("reason", "change", "records"), rows)


def _count(story: Story, step: Step) -> Cell:
    return Cell(digits(len(step.record_ids), story.language), len(step.record_ids))


def _step_rows(story: Story, steps: Sequence[Step], months: Sequence[Month]) -> list[Row]:
    stem = revision_stem(months)
    rows = []
    for step in steps:
        total = step.reason in TOTALS
        claim = f"{stem}.{step.reason}" if total else f"{stem}.reason.{step.reason}"
        sign = "+" if step.change > 0 and not total else ""
        shown = Cell(f"{sign}{digits(step.change, story.language)}", step.change, claim)
        rows.append(Row((Cell(step.words, step.reason), shown), total=total))
    return rows


def shifts_table(story: Story, moved: Sequence[Shift], months: Sequence[Month]) -> Table:
    """Records in the toll at both vintages that moved inside it, by field and pair."""
    words, stem = _words(story), revision_stem(months)
    rows = [
        Row((Cell(words["fields"][one.field], one.field), *(Cell(_label(story, one.field, code), code)
             for code in (one.was, one.now)), cell(story, f"{stem}.{one.field}.{one.was}.{one.now}")))
        for one in moved
    ]  # fmt: skip
    return _table(story, "revision-shifts", ("field", "was", "now", "count"), rows)


def records_table(story: Story, steps: Sequence[Step], moved: Sequence[Shift], decided: Collection[str] = ()) -> Table:
    """Every record of every step and shift, by its id alone; beside them those that people `decided` about."""
    fields = _words(story)["fields"]
    shifted = [(f"{fields[one.field]}: {_arrow(story, one)}", one.record_ids) for one in moved]
    changed = [(step.words, step.record_ids) for step in steps if step.reason not in TOTALS]
    rows = [
        Row((Cell(what), _ids(story, ids), _ids(story, [one for one in ids if one in decided])))
        for what, ids in [*changed, *shifted]
    ]
    return _table(story, "revision-records", ("reason", "records", "decided"), rows, texts=("records",))


def _ids(story: Story, ids: Sequence[str]) -> Cell:
    return Cell(listed(ids, story.language), " ".join(ids))


def _arrow(story: Story, one: Shift) -> str:
    return " \u2192 ".join(_label(story, one.field, code) for code in (one.was, one.now))


def changed_claims_table(story: Story, untrue: Sequence[Untrue]) -> Table:
    """The claims behind the changed sentences, at the earlier and at the later vintage."""
    claims = [claim for claim in claims_behind(untrue) if _differs(story.ledger, claim)]
    rows = [Row((Cell(claim), cell(story, f"before.{claim}"), cell(story, f"now.{claim}"))) for claim in claims]
    return _table(story, "revision-claims", ("claim", "before", "after"), rows)


def _differs(ledger: Ledger, claim: str) -> bool:
    values = [ledger.value(one) if one in ledger else None for one in (f"before.{claim}", f"now.{claim}")]
    return values[0] != values[1]


def claims_table(story: Story) -> Table:
    """Every claim of the revision, a row each: where its numbers lead."""
    rows = []
    for claim in story.ledger.values():
        shown = claim.value if isinstance(claim.value, str) else digits(claim.value, story.language)
        records = Cell("", "") if claim.records is None else Cell(digits(claim.records, story.language), claim.records)
        value = Cell(f"{shown}{percent_sign(story.language) if claim.unit == 'percent' else ''}", claim.value)
        cells = (Cell(claim.id), value, Cell(claim.where), Cell(claim.rule), records)
        rows.append(Row(cells, anchor=claim_anchor(claim.id)))
    return _table(story, "claims-revisions", ("claim", "value", "definition", "rule", "counted"), rows)


def _words(story: Story) -> dict[str, Any]:
    """The words of revisions, the country's own for its regions among them."""
    return country_words(story.language, "revisions", story.profile)


def _label(story: Story, field: str, code: str) -> str:
    if code == NOT_RECORDED:
        return label(story, field, code)
    if field == "month":
        return month_name(Month.parse(code), story.language)
    if field == "torture":
        return str(_words(story)["torture"][code])
    codelist = coded_fields()[field]
    return label(story, codelist, code) if code in story.codelist(codelist).codes else code


NUMBERS = frozenset({"change", "records", "count", "before", "after", "value", "counted"})


def _columns(words: dict[str, dict[str, str]], *keys: str, texts: Collection[str] = ()) -> tuple[Column, ...]:
    return tuple(
        Column(key, words["columns"][key], "number" if key in NUMBERS and key not in texts else "text") for key in keys
    )


def _table(story: Story, name: str, keys: Sequence[str], rows: Sequence[Row], *, texts: Collection[str] = ()) -> Table:
    words = _words(story)
    said = words["tables"][name]
    nothing = Row((Cell(words["rows"]["nothing"]), *(Cell("", "") for _ in keys[1:])))
    caption = said["caption"].format(month=month_name(story.month, story.language))
    return Table(name, caption, _columns(words, *keys, texts=texts), tuple(rows) or (nothing,), said.get("note", ""))


def moved_text(story: Story, moved: Iterable[Moved]) -> str:
    """One line for each month published before whose toll has moved since; '' where none has.

    In    analysis.toll.two_vintages.read_moved of the months of the year so far without the reporting month; what that
          costs is said there.
    """
    template = read_words(story.language, "revisions")["notice"]
    lines = [
        template.format(
            month=month_name(one.month, story.language),
            **{name: story.figure(f"{_moved_stem(one)}.{name}") for name in ("before", "now", "vintage")},
        )
        for one in moved
    ]
    return "\n\n".join(lines) + "\n" if lines else ""


def moved_claims(moved: Iterable[Moved], *, language: str = "en") -> list[Claim]:
    """The claims of `moved_text`."""
    return [claim for one in moved for claim in _claims_of_moved(one, _moved_stem(one), language)]


def _moved_stem(moved: Moved) -> str:
    return f"revision.ytd.month.{moved.month}"


def _claims_of_moved(moved: Moved, stem: str, language: str) -> list[Claim]:
    """The toll then, the toll now, and the vintage that had the other toll."""
    words = read_words(language, "revisions")["claims"]
    return [
        *(Claim(f"{stem}.{name}", len(ids), "people", "M1 M3 M5", words["total"].format(
            period=moved.month, vintage=moved.vintage if name == "before" else "of this report"), len(ids), digest(ids))
          for name, ids in (("before", moved.was), ("now", moved.now))),
        Claim(f"{stem}.vintage", moved.vintage, "version", "M23", words["vintage"], basis="method"),
    ]  # fmt: skip
