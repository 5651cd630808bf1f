"""Notable cases and massacres in words: texts bound to a record or an incident, filled from its own fields."""

import pandas as pd

from analysis.places import TEXTS
from analysis.records.contract import coded_fields
from analysis.records.counted import counted
from analysis.sections.narrative import Story, plain
from analysis.texts import language_of
from analysis.toll.counting import mark_massacres
from analysis.toll.report_records import ReportRecords

DATES = {
    "arrest": "date_of_arrest",
    "notice": "date_of_notice",
    "documented": "date_documented",
    "death": "date_of_death",
    "incident": "date_of_incident",
}
PLACES = ("place", "place_of_custody")


def notable_cases(story: Story, records: ReportRecords) -> str:
    """The texts notebooks/texts/<language>/<profile>/cases/<record_id>.md of people counted in the month, by record id.

    A text may use the record's fields, never its name.
    """
    people = counted(records.reported).set_index("record_id")
    written = {path.stem for path in (TEXTS / language_of(story.language) / story.profile / "cases").glob("*.md")}
    texts = [
        f"- {story.text(f'cases/{record_id}', case=_case(people.loc[record_id], story), record_id=record_id)}"
        for record_id in sorted(written & set(people.index))
    ]
    return story.text("torture_cases", cases=texts) if texts else ""


def massacre_texts(story: Story, records: ReportRecords) -> str:
    """One paragraph a massacre of the month: its own text where there is one, else what its records say."""
    month = str(story.month)
    frame = mark_massacres(counted(records.window))
    dead = frame[frame["massacre_month"] == month]
    incidents = sorted(dead["incident_id"].unique())
    texts = [_massacre(each, dead[dead["incident_id"] == each], story) for each in incidents]
    return story.text("massacre_list", massacres=texts) if texts else ""


def _massacre(incident_id: str, dead: pd.DataFrame, story: Story) -> str:
    stem = f"massacres.month.incident.{incident_id}"
    first = dead.sort_values("record_id").iloc[0]
    # Its dead may be attributed to several: it is told under the one that the tables list it under (METHOD M14).
    listed_under = {"party": first["massacre_party"], "bucket": first["massacre_bucket"]}
    case = _case(pd.Series({**first, **listed_under}), story)
    own = story.own_text(f"incidents/{incident_id}", stem=stem, incident_id=incident_id, case=case)
    return own or story.text("massacre", stem=stem, incident_id=incident_id, case=case)


def case_fields() -> list[str]:
    """What a text may ask of a case: `case.party`, `case.place`, `case.arrest` …"""
    return [*coded_fields(), *PLACES, *DATES]


def _case(record: "pd.Series[object]", story: Story) -> dict[str, str]:
    """What a text may say of a person: dates as exactly as they are known, codes in words; '' where not recorded."""
    told = dict.fromkeys(case_fields(), "")
    told |= {field: _words(codelist, record[field], story) for field, codelist in coded_fields().items()
             if isinstance(record[field], str)}  # fmt: skip
    told |= {field: plain(str(record[field])) for field in PLACES if isinstance(record[field], str)}
    return told | {name: _date(record[field], record[f"{field}_precision"], story) for name, field in DATES.items()}


def _words(codelist: str, code: object, story: Story) -> str:
    return story.name(codelist, str(code))


def _date(when: object, precision: object, story: Story) -> str:
    """A date; '' where it, or how exactly it is known, is not recorded or unknown."""
    untold = pd.isna(when) or pd.isna(precision) or precision == "unknown"
    return "" if untold else story.date(when, str(precision))
