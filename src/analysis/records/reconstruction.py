"""The reconstruction of 2020: one record per published death, made from data/published/ by the rules R0 to R14.

The rules are written out in data/reconstruction/README.md; a field that one of them filled is named in `allocated`.
Every step takes the records made so far and returns them with one more thing said about some of them; how many
there are of a kind is the allocation's work.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.codelists import read_codelist
from analysis.errors import TotalsDisagree
from analysis.places import DATA
from analysis.records.allocation import (
    FIRST_HALF,
    HALF,
    LISTED,
    MONTHS,
    OTHER,
    REGIME,
    YEAR,
    Figures,
    binding_figures,
    dotted,
    governorate_tolls,
    landmine_tolls,
    party_tolls,
    spread,
    torture_tolls,
)
from analysis.records.contract import read_contract

FOLDER = DATA / "reconstruction"
CAUSE_OF_BUCKET = {"landmines": "landmine", "unknown_gunfire": "shooting", "unidentified_bombings": "explosion"}
PARTS = ("", "children", "women")
SAID = ["age_group", "sex", "torture", "incident_id", "occupation", "cause"]


@dataclass(frozen=True)
class Group:
    """The deaths of one month, party and bucket, as far as buckets are published."""

    month: str
    party: str
    bucket: str
    deaths: int
    children: int
    women: int

    def people(self) -> list[tuple[str, str]]:
        """Age group and sex of each: no publication gives a child's sex, or either for the rest (METHOD M2)."""
        rest = self.deaths - self.children - self.women
        return [("child", "")] * self.children + [("adult", "female")] * self.women + [("", "")] * rest


def groups(figures: Figures) -> list[Group]:
    """The published deaths in the order of months, parties and, where all of a month's are published, buckets."""
    tables = [party_tolls(figures, part) for part in PARTS]
    made = []
    for month in MONTHS:
        for party in tables[0].index[tables[0][month] > 0]:
            whole = Group(month, party, "", *(int(table.at[party, month]) for table in tables))
            buckets = _buckets(figures, month) if party == OTHER else []
            made += buckets if sum(one.deaths for one in buckets) == whole.deaths else [whole]
    return made


def _buckets(figures: Figures, month: str) -> list[Group]:
    claims = {code: f"civilians.month.other.{code}" for code in read_codelist("buckets").codes}
    counts = {code: [figures.count(month, dotted(claim, part)) for part in PARTS] for code, claim in claims.items()}
    return [Group(month, OTHER, code, *count) for code, count in counts.items() if count[0]]


def expand(figures: Figures) -> pd.DataFrame:
    """One record per published death, in the order of `groups`, all other fields blank."""
    by_rule = set(MONTHS) - set(FIRST_HALF) - set(figures.published(f"civilians.month.party.{OTHER}"))
    blank = dict.fromkeys(read_contract().index, "")
    made = []
    for group in groups(figures):
        said = {"month": group.month, "party": group.party, "bucket": group.bucket}
        said["sources"] = _toll_sources(figures, group.month, group.party)
        said["allocated"] = "party" if group.month in by_rule else ""
        made += [blank | said | {"age_group": age_group, "sex": sex} for age_group, sex in group.people()]
    return pd.DataFrame(made, dtype=str)


def _toll_sources(figures: Figures, month: str, party: str) -> str:
    """The publications of a party's toll: of the month, or else of the month's total and of the half year or year."""
    span, period = ("half", HALF) if month in FIRST_HALF else ("year", YEAR)
    own = figures.sources.get((month, f"civilians.month.party.{party}"))
    total = figures.sources[month, "civilians.month"]
    return own or _joined(total, figures.sources[period, f"civilians.{span}.party.{party}"])


def _joined(*lists: str) -> str:
    return "|".join(dict.fromkeys(name for one in lists for name in one.split("|") if name))


def say(records: pd.DataFrame, who: pd.Series, values: Mapping[str, str], *, allocated: str = "") -> pd.DataFrame:
    """Write the values that are not blank into the chosen records, and name the fields that a rule filled."""
    said = records.copy()
    for field, value in values.items():
        if value and field in ("sources", "allocated"):
            said.loc[who, field] = said.loc[who, field].map(lambda had, value=value: _joined(had, value))
        elif value:
            said.loc[who, field] = value
    return say(said, who, {"allocated": allocated}) if allocated else said


def choose(pool: pd.Series, number: int, what: str) -> pd.Series:
    """Choose so many of the records in a pool, evenly over the pool. Raises TotalsDisagree where it is too small."""
    if number > pool.sum():
        raise TotalsDisagree(
            f"The published figures leave {pool.sum()} records for {number} {what}. "
            "Correct data/published/figures.csv or the tables of data/reconstruction."
        )
    row = spread({"chosen": number, "": int(pool.sum()) - number})
    chosen = [record for record, code in zip(pool.index[pool], row, strict=True) if code]
    return pd.Series(pool.index.isin(chosen), index=pool.index)


def nothing_said(records: pd.DataFrame, month: str, party: str, *, bucket: str = "") -> pd.Series:
    """Records of a month and party that could belong to a bucket, and of which nothing more has been said."""
    blank = records[SAID].eq("").all(axis=1)
    return blank & records["month"].eq(month) & records["party"].eq(party) & records["bucket"].isin(["", bucket])


def say_known(records: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Write what a publication says of single people into the first record it can be about: rule R9."""
    for person in known.drop(columns="note").to_dict("records"):
        month, party, age_group = (person.pop(field) for field in ("month", "party", "age_group"))
        fits = records["age_group"].eq(age_group)
        fits &= nothing_said(records.assign(age_group=""), month, party, bucket=person["bucket"])
        records = say(records, fits & (fits.cumsum() == 1), person)
    return records


def say_torture(records: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """Mark deaths due to torture, on people of whom neither age group nor sex is published: rule R4."""
    published = figures.published(f"torture.month.party.{REGIME}")
    for month, tolls in torture_tolls(figures).items():
        by_rule = str(month) not in [*published, *FIRST_HALF]
        for party, deaths in tolls.items():
            so_far = records["torture"].eq("true") & records["month"].eq(month) & records["party"].eq(party)
            pool = nothing_said(records, str(month), str(party), bucket="unknown_persons")
            chosen = choose(pool, int(deaths - so_far.sum()), f"deaths due to torture in {month} ({party})")
            said = {"torture": "true", "cause": "torture"}
            records = say(records, chosen, said, allocated="torture|cause" if by_rule else "")
    return records


def say_massacres(records: pd.DataFrame, massacres: pd.DataFrame) -> pd.DataFrame:
    """Give each massacre its victims, on people of whom neither age group nor sex is published: rule R8."""
    for massacre in massacres.to_dict("records"):
        known = records["incident_id"].eq(massacre["incident_id"])
        pool = nothing_said(records, massacre["month"], massacre["party"], bucket=massacre["bucket"])
        if massacre["bucket"] and massacre["bucket"] in set(records.loc[pool, "bucket"]):
            pool &= records["bucket"].eq(massacre["bucket"])
        need = int(massacre["dead"]) - int(known.sum())
        victims = known | choose(pool, need, f"victims of {massacre['incident_id']}")
        said = {field: massacre[field] for field in ("incident_id", "bucket", "cause", "governorate", "place")}
        if massacre["date"]:
            dates = ("date_of_incident", "date_documented")
            said |= dict.fromkeys(dates, massacre["date"]) | {"allocated": "date_documented"}
            said |= dict.fromkeys([f"{field}_precision" for field in dates], massacre["precision"])
        by_rule = "incident_id" if massacre["basis"] == "allocated" else ""
        records = say(records, victims, said, allocated=by_rule)
    return records


def say_landmines(records: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """Mark landmine deaths among other parties': rule R11."""
    own = figures.published("landmines.month")
    for month, (deaths, children) in landmine_tolls(figures).items():
        adults = nothing_said(records, month, OTHER)
        young = nothing_said(records.assign(age_group=""), month, OTHER) & records["age_group"].eq("child")
        chosen = choose(adults, deaths - children, f"landmine deaths in {month}")
        chosen |= choose(young, children, f"children killed by landmines in {month}")
        said = {"bucket": "landmines", "cause": "landmine"}
        records = say(records, chosen, said, allocated="bucket" if month in own else "bucket|cause")
    return records


def say_governorates(records: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """Spread each month's places over its records, except massacres and deaths in custody made known later: R13."""
    for month, tolls in governorate_tolls(figures).items():
        here = records["month"].eq(month)
        said = records.loc[here, "governorate"].value_counts().reindex(tolls.index, fill_value=0)
        left = (tolls - said)[lambda deaths: deaths > 0]
        unplaced = here & records[["governorate", "incident_id", "date_of_notice"]].eq("").all(axis=1)
        row = spread(left.to_dict() | {"": int(unplaced.sum() - left.sum())})
        places = pd.Series(row, index=records.index[unplaced], dtype=str).reindex(records.index, fill_value="")
        for code in left.index:
            by_rule = "" if month == LISTED else "governorate"
            records = say(records, places.eq(code), {"governorate": str(code)}, allocated=by_rule)
    return records


def finish(records: pd.DataFrame) -> pd.DataFrame:
    """Number the records and fill what is the same for all: the columns of the record contract, sorted by record_id."""
    months, number = records["month"], records.groupby("month").cumcount() + 1
    day_known = records["date_documented"] != ""
    return records.assign(
        record_id="SY-" + months + "-" + number.map("{:04d}".format),
        status="civilian",
        verification="verified",
        torture=records["torture"].replace("", "false"),
        cause=records["cause"].where(records["cause"] != "", records["bucket"].map(CAUSE_OF_BUCKET).fillna("")),
        date_documented=records["date_documented"].where(day_known, months + "-01"),
        date_documented_precision=records["date_documented_precision"].where(day_known, "month"),
        sources=records["sources"].map(_sources_json),
    )[list(read_contract().index)].sort_values("record_id", ignore_index=True)


def _sources_json(keys: str) -> str:
    return json.dumps([{"kind": "publication", "reference": key} for key in keys.split("|")])


def read_table(name: str) -> pd.DataFrame:
    """Read data/reconstruction/<name>.csv: text, '' where blank."""
    return pd.read_csv(FOLDER / f"{name}.csv", dtype=str, keep_default_na=False)


def build() -> pd.DataFrame:
    """All records of the year, in the contract's columns, as text.

    Raises TotalsDisagree where the published figures leave no room for one another.
    """
    figures = binding_figures()
    return (
        expand(figures)
        .pipe(say_known, read_table("known_records"))
        .pipe(say_torture, figures)
        .pipe(say_massacres, read_table("massacres"))
        .pipe(say_landmines, figures)
        .pipe(say_governorates, figures)
        .pipe(finish)
    )


def write_reconstruction() -> None:
    """Write data/reconstruction/records.csv."""
    build().to_csv(FOLDER / "records.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    write_reconstruction()
