"""Notable cases and massacres in words: texts bound to a record or an incident, filled from its own fields."""

import pandas as pd

from analysis.places import TEXTS
from analysis.records.contract import coded_fields, read_contract
from analysis.records.counted import counted
from analysis.secrets import pseudonym_secret
from analysis.sections.narrative import Story
from analysis.sections.templates import plain
from analysis.texts import language_of
from analysis.toll.definitions import incident_code
from analysis.toll.pseudonyms import TOLD, agrees, record_pseudonym
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

    A text may use the record's fields, never its name. Which cases an edition tells, data/editions.yml says (METHOD
    M29): of those that the family agrees to, everything that a text may use, for that is what they agreed to.
    """
    people = counted(records.reported).set_index("record_id")
    told = {"all": people, "consented": people[people["consents"].map(agrees)], "none": people.iloc[:0]}
    people, written = told[story.shows.cases], _written(story)
    texts = [
        f"- {story.text(f'cases/{written[one]}', case=_told(people.loc[one], story), record_id=_named(one, story))}"
        for one in sorted(written.keys() & set(people.index), key=written.__getitem__)
    ]
    return story.text("torture_cases", cases=texts) if texts else ""


def _written(story: Story) -> dict[str, str]:
    """The name of each written case by the id that its record has in the edition."""
    folder = TEXTS / language_of(story.language) / story.profile / "cases"
    names = [path.stem for path in folder.glob("*.md")]
    if not story.shows.is_nameless or story.shows.cases == "none":
        return {name: name for name in names}
    secret = pseudonym_secret()
    return {record_pseudonym(name, secret): name for name in names}


def _named(record_id: str, story: Story) -> str:
    """The record's id, for a text to name; '' in an edition that names none."""
    return "" if story.shows.record_ids == "none" else record_id


def massacre_texts(story: Story, records: ReportRecords) -> str:
    """One paragraph a massacre of the month: its own text where there is one, else what its records say."""
    month = str(story.month)
    frame = records.counted
    dead = frame[frame["massacre_month"] == month]
    incidents = sorted(dead["incident_id"].unique())
    texts = [_massacre(each, dead[dead["incident_id"] == each], story) for each in incidents]
    return story.text("massacre_list", massacres=texts) if texts else ""


def _massacre(incident_id: str, dead: pd.DataFrame, story: Story) -> str:
    code = incident_code(incident_id)
    stem = f"massacres.month.incident.{code}"
    first = dead.sort_values("record_id").iloc[0]
    # Its dead may be attributed to several: it is told under the one that the tables list it under (METHOD M14).
    listed_under = {"party": first["massacre_party"], "bucket": first["massacre_bucket"]}
    case = _case(pd.Series({**first, **listed_under}), story)
    if story.shows.free_text:
        own = story.own_text(f"incidents/{code}", stem=stem, incident_id=incident_id, case=case)
    else:
        own = ""  # what people wrote of an incident
    return own or story.text("massacre", stem=stem, incident_id=incident_id, case=case)


def case_fields() -> list[str]:
    """What a text may ask of a case: `case.party`, `case.place`, `case.arrest` …"""
    return [*coded_fields(), *PLACES, *DATES]


def _case(record: "pd.Series[object]", story: Story) -> dict[str, str]:
    """The same, without what the edition does not show of people who were not asked (METHOD M29)."""
    contract, shows = read_contract(), story.shows
    may = {field for field, level in contract["shown"].items() if level in shows.fields}
    may -= set() if shows.free_text else set(PLACES)
    return {name: text if DATES.get(name, name) in may else "" for name, text in _told(record, story).items()}


def _told(record: "pd.Series[object]", story: Story) -> dict[str, str]:
    """What a text may say of a person: dates as exactly as they are known, codes in words; '' where not recorded."""
    told = dict.fromkeys(case_fields(), "")
    told |= {field: _words(codelist, record[field], story) for field, codelist in coded_fields().items()
             if isinstance(record[field], str)}  # fmt: skip
    places = {field: record.get(f"{TOLD}{field}", record[field]) for field in PLACES}
    told |= {field: plain(place) for field, place in places.items() if isinstance(place, str)}
    return told | {name: _date(record[field], record[f"{field}_precision"], story) for name, field in DATES.items()}


def _words(codelist: str, code: object, story: Story) -> str:
    return story.name(codelist, str(code))


def _date(when: object, precision: object, story: Story) -> str:
    """A date; '' where it, or how exactly it is known, is not recorded or unknown."""
    untold = pd.isna(when) or pd.isna(precision) or precision == "unknown"
    return "" if untold else story.date(when, str(precision))
