"""Whichever engine counts, every claim is the one that the report makes: value, records, digest and words."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from invented_records import text_records

from analysis.errors import BadMonth, BadParameter, BadRecords, StaleCorrection
from analysis.importing.extracts import Extract, choose_mapping
from analysis.importing.importing import import_extract
from analysis.month import Month
from analysis.period import Period, parse_when
from analysis.records.contract import parse_text, read_contract
from analysis.records.corrections import Correction
from analysis.records.counted import counted
from analysis.records.decided import Due, decided_months
from analysis.records.decisions import Decision
from analysis.records.engines import FIELDS, Engine, require_engine
from analysis.records.frozen import write_frozen
from analysis.records.table import months_held
from analysis.records.writing import write_records
from analysis.toll.claims import Claim, Ledger
from analysis.toll.counting import count, mark_massacres
from analysis.toll.days import by_day
from analysis.toll.definitions import Vocabulary, massacres_of, monthly
from analysis.toll.engine_counts import engine_counts
from analysis.toll.period_definitions import periodic
from analysis.toll.report_records import WINDOW, ReportRecords, frozen_of, read_report_records

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
DAY = date(2021, 1, 5)


def dead(incident: str, number: int, day: str, **changes: str) -> list[dict[str, str]]:
    return [{"incident_id": incident, "date_documented": day, **changes}] * number


# Every record is … in this order; METHOD M1 to M14 say what becomes of each.
PEOPLE = [
    *dead("I-1", 5, "2020-11-02"),
    *dead("I-2", 4, "2020-10-30", party="", age_group="child"),
    *dead("I-2", 1, "2020-11-30", party=""),  # a death documented later makes the massacre, of no known party
    *dead("I-3", 3, "2020-11-05", party="other", bucket="landmines", cause="landmine"),
    *dead("I-3", 3, "2020-11-05", party="other", bucket="unknown_persons", sex="female"),  # as many: first by code
    *dead("I-4", 4, "2020-11-06", party="sdf"),
    *dead("I-4", 1, "2020-11-06", party="sdf", status="combatant"),  # a fighter makes no massacre
    *dead("I-5", 4, "2020-11-07", party="isis"),
    *dead("I-5", 1, "2020-12-07", party="isis", verification="submitted"),  # until somebody verifies it
    {"date_documented": "2020-02-29", "date_of_death": "2020-02-29", "sex": "female"},
    {"date_documented": "2020-11-01", "date_of_death": "2020-01-01", "date_of_death_precision": "year"},
    {"date_documented": "2020-11-30", "date_of_death": "2019-01-01", "date_of_death_precision": "year"},
    {"date_documented": "2020-11-30", "date_of_death": "", "date_of_death_precision": "unknown"},
    {"age_group": "", "sex": "", "governorate": "", "occupation": "", "cause": ""},
    {"party": "other", "bucket": "", "torture": "true"},
    {"withdrawn": "the source took it back"},
    {"duplicate_of": "R-1"},
    {"status": "not_determined"},
    {"date_documented": "2019-11-15"},
    {"date_documented": "2018-11-15"},
    {"date_documented": ""},
    {"record_id": "R-é"},
    {"record_id": "ق-1", "occupation": "medical"},
    {"date_documented": "2020-10-15", "torture": "true"},  # corrected into November
    {"date_documented": "2020-11-15"},  # corrected out of what a report looks at
    {"governorate": "aleppo"},  # decided to be one person
    {"governorate": "aleppo"},
]


def corrected(record: str, field: str, was: str, now: str) -> Correction:
    return Correction(record, field, was, now, "a reason", "a source", DAY, "A. Analyst", "applied")


DUE = Due(
    0,
    (
        corrected("R-41", "date_documented", "2020-10-15", "2020-11-15"),
        corrected("R-42", "date_documented", "2020-11-15", "2017-11-15"),
        corrected("R-26", "verification", "submitted", "verified"),
        corrected("R-31", "age_group", "", "child"),
        corrected(
            "R-37", "party", "syrian_regime", "not what it says"
        ),  # of no month here: nobody looks whether it fits
    ),
    (Decision("R-43", "R-44", "same", "A. Analyst", DAY, "a reason"),),
)


@pytest.fixture(scope="session")
def invented(tmp_path_factory: pytest.TempPathFactory) -> str:
    location = str(tmp_path_factory.mktemp("engines") / "records")
    write_records(location, parse_text(text_records(*PEOPLE)), source_file="invented.csv", sha256="")
    return location


def as_reported(location: str, when: Month | Period, due: Due) -> list[Claim]:
    """What the report makes of the same records: it reads them whole, in pandas."""
    months = [*when.months[0].back(WINDOW), *when.months]
    read = decided_months(location, months, vintage=0, corrections=due.corrections, decisions=due.decisions).records
    frame, held = mark_massacres(counted(read)), months_held(location)
    if isinstance(when, Month):
        return count(frame, [*monthly(when, held=held), *by_day(when, Vocabulary("en")), *massacres_of(frame, when)])
    return count(frame, periodic(when, held=held))


@pytest.mark.parametrize("when", ["2020-11", "2020"])
def test_every_engine_counts_what_the_report_counts(invented: str, engine: Engine, when: str) -> None:
    found = engine_counts(parse_when(when), location=invented, engine=engine, due=DUE)
    assert list(found.values()) == as_reported(invented, parse_when(when), DUE)


def test_the_invented_records_hold_what_they_are_for(invented: str) -> None:
    # By hand, from the comments in PEOPLE: massacres I-1, I-2 and I-3 in November, I-5 in December, I-4 none.
    month = engine_counts(parse_when("2020-11"), location=invented, due=DUE)
    year = engine_counts(parse_when("2020"), location=invented, due=DUE)
    massacres = {one: month.value(f"massacres.month{one}") for one in ("", ".deaths", ".party.not_recorded")}
    assert massacres == {"": 3, ".deaths": 16, ".party.not_recorded": 1}
    assert (month.value("massacres.month.other.landmines"), month.value("massacres.month.other.unknown_persons")) == (
        1,
        0,
    )
    assert (year.value("massacres.year"), year.value("massacres.year.month.2020-12")) == (4, 1)
    assert (year.value("civilians.year.month.2020-02"), month.value("civilians.month_last_year")) == (1, 1)


def test_every_engine_counts_the_reconstruction_as_the_report_does(
    sample_table: str, november_ledger: Ledger, engine: Engine
) -> None:
    found = engine_counts(Month.parse("2020-11"), location=sample_table, engine=engine)
    assert [one for one, claim in found.items() if claim != november_ledger[one]] == []
    # What else counts records there is a step of the accounting, and no definition.
    counts = {one for one, claim in november_ledger.items() if claim.digest and not one.startswith("records.")}
    assert set(found) == counts


@pytest.fixture(scope="session")
def vdc(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The records of the Violations Documentation Center, where a copy lies beside this repository."""
    if not (SHARED / "vdc-syria").is_dir():
        pytest.skip("the VDC data are not redistributed")
    location, extract = str(tmp_path_factory.mktemp("vdc") / "records"), str(SHARED / "vdc-syria" / "victims.csv")
    import_extract(Extract((extract,), choose_mapping([extract], source="vdc-syria")), location)
    return location


def test_every_engine_counts_the_vdc_records_as_the_report_does(vdc: str, engine: Engine) -> None:
    found = engine_counts(Period.parse("2016"), location=vdc, engine=engine)
    expected = as_reported(vdc, Period.parse("2016"), Due(0, (), ()))
    assert list(found.values()) == expected
    assert expected[0].value > 100


@pytest.mark.parametrize("engine", ["pandas", "duckdb"])  # the others read through the same data set
def test_a_column_that_an_old_vintage_had_not_yet_is_blank(tmp_path: Path, engine: Engine) -> None:
    location = str(tmp_path / "records")
    whole = parse_text(text_records(*[{}] * 3))
    write_records(location, whole.drop_columns(["duplicate_of"]), source_file="invented.csv", sha256="")
    found = engine_counts(Month.parse("2020-11"), location=location, engine=engine)
    assert found.value("civilians.month") == 3


def test_a_table_without_a_column_that_a_record_needs_is_refused(tmp_path: Path) -> None:
    location = str(tmp_path / "records")
    whole = parse_text(text_records({}))
    write_records(location, whole.drop_columns(["verification"]), source_file="invented.csv", sha256="")
    with pytest.raises(BadRecords, match="verification"):
        engine_counts(Month.parse("2020-11"), location=location)


def test_an_older_vintage_is_counted_as_it_was(tmp_path: Path) -> None:
    location = str(tmp_path / "records")
    for number in (3, 5):
        write_records(location, parse_text(text_records(*[{}] * number)), source_file="invented.csv", sha256="")
    tolls = [
        engine_counts(Month.parse("2020-11"), location=location, vintage=vintage, engine="duckdb").value(
            "civilians.month"
        )
        for vintage in (0, 1, None)
    ]
    assert tolls == [3, 5, 5]


def test_a_correction_that_does_not_find_what_it_corrects_stops_the_count(invented: str) -> None:
    stale = Due(0, (corrected("R-1", "party", "isis", "sdf"),), ())
    with pytest.raises(StaleCorrection, match="R-1: party"):
        engine_counts(Month.parse("2020-11"), location=invented, engine="duckdb", due=stale)


def test_a_month_without_records_and_frozen_records_are_refused(invented: str, tmp_path: Path) -> None:
    with pytest.raises(BadMonth, match="1999-01"):
        engine_counts(Month.parse("1999-01"), location=invented)
    records: ReportRecords = read_report_records("2020-11", location=invented)
    write_frozen(tmp_path, frozen_of(records, []))
    with pytest.raises(BadParameter, match="frozen"):
        engine_counts(Month.parse("2020-11"), location=str(tmp_path))


def test_an_engine_that_is_not_there_is_refused_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.records.engines.find_spec", lambda _: None)
    with pytest.raises(BadParameter, match=r"pyspark is missing.*requirements-engines\.lock"):
        require_engine("spark")


def test_spark_without_java_is_refused_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.records.engines.find_spec", lambda _: object())
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(BadParameter, match="Java 17"):
        require_engine("spark")


def test_no_engine_reads_what_could_name_a_person() -> None:
    contract = read_contract()
    assert [field for field in FIELDS if field != "month" and contract.at[field, "shown"] != "public"] == []


def test_spark_beside_the_gate_does_not_end_the_process(tmp_path: Path) -> None:
    # Where Spark is installed, importing Great Expectations alone ends a process begun by `python -c`, with code 0.
    ask = "import sys; from analysis.quality.suites import load_gx; load_gx(); print('pyspark' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", ask], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout.strip()) == (0, "False")
