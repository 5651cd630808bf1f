"""A bundle made here is verified from what is in it alone; whatever is changed in it is found, with the right verdict.

The forger of these tests is careful: each change is packed with a manifest that fits it.
"""

import json
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import bagit
import nbformat
import pandas as pd
import pikepdf
import pytest
from click.testing import CliRunner
from commands import MONTH, Made, run
from rocrate.rocrate import ROCrate

from analysis.audit import keys
from analysis.audit.bundle import PAYLOAD, make_bundle, pack, sign_bundle, write_manifests
from analysis.audit.sql_count import Counted, sql_counts
from analysis.audit.unpacking import unpacked
from analysis.audit.verdicts import Verdict, Verification
from analysis.audit.verify import remade, verify
from analysis.commands.verify import diff
from analysis.errors import BadBundle
from analysis.month import Month
from analysis.period import When
from analysis.rendering.document import read_document
from analysis.rendering.typst_writer import write_pdf
from analysis.sections.revision_texts import moved_claims
from analysis.toll.claims import digest
from analysis.toll.monthly import monthly_ledger
from analysis.toll.report_records import read_report_records
from analysis.toll.two_vintages import read_moved

Change = Callable[[Path], object]


@pytest.fixture(scope="session", autouse=True)
def _keys_of_these_tests(shared: Any) -> Iterator[None]:
    """Keys of their own, the same in every worker: a bundle's pseudonyms hang on them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOLL_KEYS", str(shared("keys", lambda _: None)))
        yield


@pytest.fixture(scope="session")
def bundle(shared: Any, good: Made, records: Path) -> Path:
    """The bundle of the sample month."""
    name = f"toll-{MONTH}.zip"
    folder = shared("bundle", lambda folder: make_bundle(Month.parse(MONTH), good.folder, location=str(records),
                                                         out=folder / name))  # fmt: skip
    return Path(folder / name)


@pytest.fixture(scope="session")
def again(shared: Any, bundle: Path) -> Path:
    """The sample month's report, made again from the bundle's records as `toll verify` makes it."""

    def make(folder: Path) -> None:
        with unpacked(bundle) as bag:
            records = bag / PAYLOAD / "records"
            remade(records, json.loads((records / "about.json").read_text(encoding="utf-8")), folder)

    return Path(shared("again", make) / "report")


@pytest.fixture
def forged(bundle: Path, tmp_path: Path) -> Callable[[Change], Path]:
    """Change something in the payload, and pack it with a manifest that fits."""

    def forge(change: Change) -> Path:
        out = tmp_path / f"toll-{MONTH}.zip"
        with unpacked(bundle) as bag:
            change(bag / PAYLOAD)
            write_manifests(bag)
            pack(bag, out)
        return out

    return forge


COUNTS: dict[tuple[str, ...], dict[str, Counted]] = {}


@pytest.fixture
def verified(again: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Verification]:
    """Verify a bundle whose records are those of the sample: what they give is made and counted again once for all."""

    def counted_once(records: pd.DataFrame, claims: Sequence[str], when: When, *, profile: str) -> dict[str, Counted]:
        if tuple(claims) not in COUNTS:
            COUNTS[tuple(claims)] = sql_counts(records, claims, when, profile=profile)
        return COUNTS[tuple(claims)]

    monkeypatch.setattr("analysis.audit.comparing.sql_counts", counted_once)
    return lambda bundle, **more: verify(bundle, remake=lambda *_: again, **more)


def recounted(records: Path, about: Mapping[str, Any], out: Path) -> Path:
    """The claims that changed records give, without the pages around them: a report takes long to make."""
    read = read_report_records(about["when"], location=str(records))
    made = out / about["when"]
    made.mkdir()
    revised = moved_claims(read_moved(read.month.year_so_far[:-1], location=str(records)))
    ledger = monthly_ledger(read, []).extended(revised)
    (made / "claims.json").write_text(ledger.to_json(), encoding="utf-8")
    return made


def of(found: Verification, name: str) -> Verdict:
    (verdict,) = [one for one in found.verdicts if one.name == name and one.kind != "package"]
    return verdict


def failing(found: Verification) -> list[str]:
    return [one.name for one in found.verdicts if not one.holds]


# --- what holds


def test_the_bundle_of_the_sample_month_holds_in_every_part(
    bundle: Path, verified: Callable[..., Verification]
) -> None:
    found = verified(bundle)
    assert failing(found) == []
    assert found.holds
    assert set(found.counts("claim")) == set(found.counts("table")) == set(found.counts("figure")) == {"identical"}


def test_the_same_report_gives_the_same_bundle(bundle: Path, good: Made, records: Path, tmp_path: Path) -> None:
    made = make_bundle(Month.parse(MONTH), good.folder, location=str(records), out=tmp_path / bundle.name)
    assert made.read_bytes() == bundle.read_bytes()


def test_no_name_and_no_free_text_of_a_record_is_in_a_bundle(bundle: Path) -> None:
    with unpacked(bundle) as bag:
        kept = pd.read_csv(bag / PAYLOAD / "records" / "records.csv", dtype=str, keep_default_na=False)
    for field in ("name", "aliases", "description"):
        assert all(value == "" or value.startswith("p-") for value in kept[field])


def test_other_people_s_tools_read_the_bundle_as_a_bag_and_as_a_crate(bundle: Path) -> None:
    with unpacked(bundle) as bag:
        assert bagit.Bag(str(bag)).is_valid()
        crate = ROCrate(str(bag / PAYLOAD))
        files = {path.relative_to(bag / PAYLOAD).as_posix() for path in (bag / PAYLOAD).rglob("*") if path.is_file()}
    assert {entity.id for entity in crate.data_entities} == files - {"ro-crate-metadata.json"}
    assert crate.root_dataset["datePublished"] == "2020-12-01"


def test_an_auditor_counts_again_with_nothing_but_python(bundle: Path) -> None:
    with unpacked(bundle) as bag:
        ran = subprocess.run(
            [sys.executable, "-I", "-S", "recount.py"], cwd=bag / PAYLOAD, capture_output=True, text=True
        )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr


# --- what is changed in the report


def edit(name: str, old: str, new: str) -> Change:
    def change(payload: Path) -> None:
        path = payload / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def claim(claim_id: str, **fields: object) -> Change:
    """Change fields of one claim."""

    def change(payload: Path) -> None:
        path = payload / "report" / "claims.json"
        claims = json.loads(path.read_text(encoding="utf-8"))
        (one,) = [one for one in claims if one["id"] == claim_id]
        one.update(fields)
        path.write_text(json.dumps(claims), encoding="utf-8")

    return change


def without(name: str) -> Change:
    return lambda payload: (payload / name).unlink()


def swap(one: str, other: str) -> Change:
    def change(payload: Path) -> None:
        first, second = ((payload / name).read_bytes() for name in (one, other))
        (payload / one).write_bytes(second)
        (payload / other).write_bytes(first)

    return change


def number_in_the_pdf(payload: Path) -> None:
    """A PDF that is made well, and says another toll."""
    notebook = nbformat.reads((payload / "report/report.ipynb").read_text(encoding="utf-8").replace("172", "171"), 4)
    (payload / "report/report.en.pdf").write_bytes(write_pdf(read_document(notebook)))


def title_of_the_pdf(payload: Path) -> None:
    path = payload / "report/report.en.pdf"
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.docinfo["/Title"] = "171 civilians killed"
        pdf.save(path)


def code_of_the_notebook(payload: Path) -> None:
    path = payload / "report/report.ipynb"
    notebook = nbformat.read(path, 4)
    notebook.cells[-1].source += "\n# nothing to see here"
    nbformat.write(notebook, path)


REPORT: dict[str, tuple[Change, str]] = {
    "a number in the HTML": (edit("report/report.en.html", ">172<", ">171<"), "report.en.html"),
    "a number word in the HTML": (edit("report/report.en.html", "two children", "no children"), "report.en.html"),
    "a number in the PDF": (number_in_the_pdf, "report.en.pdf"),
    "the PDF's title": (title_of_the_pdf, "report.en.pdf"),
    "a number in a table": (edit("report/tables/toll-by-party.csv", "39", "38"), "tables/toll-by-party.csv"),
    "a table left out": (without("report/tables/massacres.csv"), "tables/massacres.csv"),
    "a table put in": (lambda payload: (payload / "report/tables/more.csv").write_text("a,b\n"), "tables/more.csv"),
    "a chart in the place of another": (swap("report/figures/months.svg", "report/figures/parties.svg"),
                                        "figures/months.svg"),
    "a number in a chart": (edit("report/figures/map.svg", "</svg>", "<text>171</text></svg>"), "figures/map.svg"),
    "a stale chart": (edit("report/figures/torture.svg", "<svg", "<svg data-of='2020-10'"), "figures/torture.svg"),
    "a chart left out": (without("report/figures/map.svg"), "figures/map.svg"),
    "an output of the notebook": (edit("report/report.ipynb", "172 civilians", "171 civilians"), "report.ipynb"),
    "the notebook's code": (code_of_the_notebook, "report.ipynb"),
    "the HTML left out": (without("report/report.en.html"), "report.en.html"),
    "a page put in": (lambda payload: (payload / "report/page.html").write_text("172"), "page.html"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "name"), REPORT.values(), ids=REPORT)
def test_a_changed_report_differs(
    change: Change, name: str, forged: Callable[[Change], Path], verified: Callable[..., Verification]
) -> None:
    found = verified(forged(change))
    assert of(found, name).result == "differs"
    assert not found.holds


CLAIMS: dict[str, tuple[Change, str, str, str]] = {
    "its value": (claim("civilians.month", value=171), "civilians.month", "differs", "172 made again (+1)"),
    "its records": (claim("civilians.month", records=171), "civilians.month", "other records", "171 records in the"),
    "its digest": (claim("torture.month", digest=digest(["R-1"])), "torture.month", "other records", "counted in SQL"),
    "its words": (claim("torture.month", where="deaths by torture"), "torture.month", "differs", "its where"),
    "a share": (claim("civilians.month.party.syrian_regime.share", value=20.0),
                "civilians.month.party.syrian_regime.share", "differs", "made again"),
    "a rank": (claim("civilians.month.rank_of_year", value=1), "civilians.month.rank_of_year", "differs", "1 in the"),
    "a claim that is not made": (claim("landmines.month", id="landmines.month.more"), "landmines.month.more", "differs",
                                 "does not make this claim"),
    "a claim left out": (claim("landmines.month", id="landmines.month.more"), "landmines.month", "differs",
                         "not in the bundle"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "name", "result", "detail"), CLAIMS.values(), ids=CLAIMS)
def test_a_changed_claim_is_told_by_how_much(
    change: Change, name: str, result: str, detail: str,
    forged: Callable[[Change], Path], verified: Callable[..., Verification],
) -> None:  # fmt: skip
    verdict = of(verified(forged(change)), name)
    assert verdict.result == result
    assert detail in verdict.detail


# --- what is changed in the records


def record(nth: int, **fields: str) -> Change:
    """Change fields of the nth record of the sample month."""

    def change(payload: Path) -> None:
        path = payload / "records" / "records.csv"
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        row = table.index[table["month"] == MONTH][nth]
        for field, value in fields.items():
            table.loc[row, field] = value
        table.to_csv(path, index=False, lineterminator="\n")

    return change


def rows(change: Callable[[pd.DataFrame], pd.DataFrame]) -> Change:
    def changed(payload: Path) -> None:
        path = payload / "records" / "records.csv"
        table = change(pd.read_csv(path, dtype=str, keep_default_na=False))
        table.to_csv(path, index=False, lineterminator="\n")

    return changed


def one_more(table: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([table, table[table["month"] == MONTH].head(1).assign(record_id="SY-2020-11-9999")])


RECORDS: dict[str, tuple[Change, str, str]] = {
    "removed": (rows(lambda table: table.drop(table.index[table["month"] == MONTH][0])), "civilians.month", "differs"),
    "added": (rows(one_more), "civilians.month", "differs"),
    "moved to another party": (record(0, party="russia", bucket=""), "civilians.month.party.russia", "differs"),
    "moved over the month's end": (record(0, date_documented="2020-12-01", month="2020-12"), "civilians.month",
                                   "differs"),
    "with another date than its month": (record(0, date_documented="2020-12-01"), "civilians.month", "differs"),
    "with another age group": (record(-1, age_group="child", sex=""), "civilians.month.children", "differs"),
    "with torture put in": (record(-1, torture="true"), "torture.month", "differs"),
    "made a fighter": (record(0, status="combatant"), "civilians.month", "differs"),
    "no longer verified": (record(0, verification="submitted"), "civilians.month", "differs"),
    "withdrawn": (record(0, withdrawn="no reason"), "civilians.month", "differs"),
    "made a repeat": (record(0, duplicate_of="SY-2020-11-0002"), "civilians.month", "differs"),
    "in another place": (record(0, governorate="daraa"), "civilians.month.governorate.daraa", "differs"),
    "of another person": (record(0, record_id="SY-2020-11-8888"), "civilians.month", "other records"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "name", "result"), RECORDS.values(), ids=RECORDS)
def test_a_changed_record_moves_the_claims_that_count_it(
    change: Change, name: str, result: str, forged: Callable[[Change], Path]
) -> None:
    verdict = of(verify(forged(change), remake=recounted), name)
    assert verdict.result == result
    assert "SQL" in verdict.detail or result == "other records"


def test_the_command_makes_the_report_again_and_fails_where_a_record_was_moved(
    forged: Callable[[Change], Path], tmp_path: Path
) -> None:
    forgery = forged(record(0, party="russia", bucket=""))
    ran = run("toll", "verify", forgery, "--json", cwd=tmp_path)
    assert ran.returncode == 1, ran.stderr
    said = json.loads(ran.stdout)
    results = {one["name"]: one["result"] for one in said["verdicts"] if one["kind"] != "package"}
    assert (said["report"], said["holds"]) == (MONTH, False)
    assert results["civilians.month"] == results["figures/months.svg"] == "identical"
    assert (
        results["civilians.month.party.russia"]
        == results["figures/parties.svg"]
        == results["report.en.pdf"]
        == "differs"
    )


# --- what is changed in the inputs, the vintage and the program


def about(**fields: object) -> Change:
    def change(payload: Path) -> None:
        path = payload / "records" / "about.json"
        said = json.loads(path.read_text(encoding="utf-8"))
        for name, value in fields.items():
            said[name] = {**said[name], **value} if isinstance(value, dict) else value
        path.write_text(json.dumps(said), encoding="utf-8")

    return change


INPUTS: dict[str, tuple[Change, str]] = {
    "a code list's label": (edit("inputs/data/profiles/syria/codelists/parties.csv", "Russian forces", "Regime forces"),
                            "data/profiles/syria/codelists/parties.csv"),
    "an expectation loosened": (edit("inputs/expectations/ages.json", "120", "520"), "expectations/ages.json"),
    "an expectation left out": (without("inputs/expectations/ages.json"), "expectations/ages.json"),
    "a text with a typed number": (edit("inputs/notebooks/texts/en/toll.md", "This is a minimum.", "There were 171."),
                                   "notebooks/texts/en/toll.md"),
    "a text put in": (lambda payload: (payload / "inputs/notebooks/texts/en/more.md").write_text("."),
                      "notebooks/texts/en/more.md"),
    "the threshold of a massacre": (edit("inputs/data/method.yml", "massacre_threshold: 5", "massacre_threshold: 3"),
                                    "data/method.yml"),
    "the lock": (edit("inputs/requirements.lock", "pandas==", "pandas==0."), "requirements.lock"),
    "the method": (edit("inputs/METHOD.md", "Only civilians are counted", "Everybody is counted"), "METHOD.md"),
    "the mapping": (edit("inputs/data/mappings/reconstruction.yml", "profile", "profil"),
                    "data/mappings/reconstruction.yml"),
    "a published figure": (edit("inputs/data/published/figures.csv", ",172,", ",171,"), "data/published/figures.csv"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "name"), INPUTS.values(), ids=INPUTS)
def test_a_changed_input_differs(
    change: Change, name: str, forged: Callable[[Change], Path], verified: Callable[..., Verification]
) -> None:
    (verdict,) = [one for one in verified(forged(change)).verdicts if one.kind == "input" and one.name == name]
    assert verdict.result == "differs"


def test_another_vintage_is_noticed(forged: Callable[[Change], Path]) -> None:
    found = verify(forged(about(vintage={"version": 7})), remake=recounted)
    assert of(found, "records.month.vintage").detail == "0 in the bundle, 7 made again (+7)"


def test_records_of_another_month_cannot_give_the_report(forged: Callable[[Change], Path]) -> None:
    found = verify(forged(about(when="2020-10")), remake=recounted)
    assert of(found, "civilians.month").result == "differs"


def test_a_month_that_is_said_to_have_moved_is_noticed(forged: Callable[[Change], Path]) -> None:
    moved = [{"month": "2020-03", "vintage": 0, "was": ["R-1"], "now": []}]
    found = verify(forged(about(moved=moved)), remake=recounted)
    assert of(found, "revision.ytd.month.2020-03.before").detail == "made again as 1, and not in the bundle"


def test_another_program_is_told_and_decides_nothing(
    bundle: Path, verified: Callable[..., Verification], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.audit.verify.source_digest", lambda: "another")
    found = verified(bundle)
    assert of(found, "src/analysis").result == "differs"
    assert found.holds


def test_records_that_cannot_be_read_end_the_verification(forged: Callable[[Change], Path]) -> None:
    with pytest.raises(BadBundle, match="its records or its claims cannot be read"):
        verify(forged(lambda payload: (payload / "records/records.csv").write_text("record_id\n1\n")))


# --- the package and the signature


def test_a_file_that_is_not_the_one_in_the_manifest_is_named(
    bundle: Path, tmp_path: Path, verified: Callable[..., Verification]
) -> None:
    with unpacked(bundle) as bag:
        (bag / PAYLOAD / "recount.py").write_text("print('all agree')\n", encoding="utf-8")
        (bag / PAYLOAD / "more.txt").write_text("", encoding="utf-8")
        (bag / PAYLOAD / "source.json").unlink()
        pack(bag, tmp_path / bundle.name)
    found = verified(tmp_path / bundle.name)
    wrong = {one.name: one.detail for one in found.verdicts if one.kind == "package" and not one.holds}
    assert wrong == {
        "data/recount.py": "not the file that was packed",
        "data/more.txt": "in the bundle, and not named in its manifest",
        "data/source.json": "named in the manifest, and missing",
    }


def test_another_recount_script_is_noticed(
    forged: Callable[[Change], Path], verified: Callable[..., Verification]
) -> None:
    found = verified(forged(lambda payload: (payload / "recount.py").write_text("print('all agree')\n")))
    assert of(found, "recount.py").result == "differs"


@pytest.fixture
def signed(bundle: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A signed bundle and the public key of its signer."""
    public = keys.make_keys(tmp_path / "mine")
    copy = Path(shutil.copy(bundle, tmp_path / "signed.zip"))
    sign_bundle(copy, tmp_path / "mine" / keys.PRIVATE)
    return copy, public


def test_a_signature_says_who_signed(signed: tuple[Path, Path], verified: Callable[..., Verification]) -> None:
    found = verified(signed[0], signer=signed[1])
    assert found.holds
    assert of(found, "signature.json").detail == f"signed by {keys.fingerprint(signed[1].read_bytes())}"


def test_a_bundle_signed_again_with_another_key_differs(
    signed: tuple[Path, Path], tmp_path: Path, verified: Callable[..., Verification]
) -> None:
    keys.make_keys(tmp_path / "other")
    sign_bundle(signed[0], tmp_path / "other" / keys.PRIVATE)
    verdict = of(verified(signed[0], signer=signed[1]), "signature.json")
    assert verdict.result == "differs"
    assert verdict.detail.endswith(f"not by {keys.fingerprint(signed[1].read_bytes())}")


def test_a_signature_does_not_fit_what_was_changed_after_it(
    signed: tuple[Path, Path], tmp_path: Path, verified: Callable[..., Verification]
) -> None:
    with unpacked(signed[0]) as bag:
        edit("report/report.en.html", ">172<", ">171<")(bag / PAYLOAD)
        write_manifests(bag)
        pack(bag, tmp_path / "changed.zip")
    found = verified(tmp_path / "changed.zip", signer=signed[1])
    assert of(found, "signature.json").detail == "the signature does not fit the manifest"


def test_a_bundle_without_the_signature_that_is_expected_differs(
    bundle: Path, signed: tuple[Path, Path], verified: Callable[..., Verification]
) -> None:
    assert of(verified(bundle, signer=signed[1]), "signature.json").result == "differs"


def entry(name: str, *, mode: int = stat.S_IFREG | 0o644) -> Callable[[Path], None]:
    """Put an entry of this name into a zip."""

    def add(path: Path) -> None:
        with zipfile.ZipFile(path, "a") as packed:
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            packed.writestr(info, "/etc/passwd")

    return add


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-2000])


UNSAFE: dict[str, tuple[Callable[[Path], None], str]] = {
    "a path that climbs out": (entry("toll-2020-11/../../evil"), "lead out of it"),
    "an absolute path": (entry("/tmp/evil"), "lead out of it"),
    "a path with a backslash": (entry("toll-2020-11\\..\\evil"), "lead out of it"),
    "a link": (entry("toll-2020-11/data/link", mode=stat.S_IFLNK | 0o777), "lead out of it"),
    "a file twice": (entry("toll-2020-11/DATA/recount.py"), "of them twice"),
    "a zip that is cut off": (cut_off, "damaged"),
    "no zip": (lambda path: path.write_text("not a zip"), "it is no bundle"),
    "another folder beside it": (entry("other/bagit.txt"), "no bagit.txt in a folder of its own"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "message"), UNSAFE.values(), ids=UNSAFE)
def test_a_zip_that_is_not_safe_is_not_unpacked(
    change: Callable[[Path], None], message: str, bundle: Path, tmp_path: Path
) -> None:
    copy = Path(shutil.copy(bundle, tmp_path / bundle.name))
    change(copy)
    with pytest.raises(BadBundle, match=message):
        verify(copy)
    assert sorted(path.name for path in tmp_path.iterdir()) == [bundle.name]


def test_a_zip_larger_than_any_bundle_is_not_unpacked(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.audit.unpacking.MOST_BYTES", 1000)
    with pytest.raises(BadBundle, match="at most 20,000 files and 1,000 bytes: nothing was unpacked"):
        verify(bundle)


# --- two bundles side by side


def test_two_bundles_side_by_side_name_the_claims_and_the_records(
    bundle: Path, forged: Callable[[Change], Path]
) -> None:
    changed = forged(lambda payload: [change(payload) for change in (
        record(0, party="russia", bucket=""), claim("civilians.month.party.russia", value=2))])  # fmt: skip
    said = CliRunner().invoke(diff, [str(bundle), str(changed), "--json"])
    (moved,) = json.loads(said.output)
    assert (moved["claim"], moved["by"]) == ("civilians.month.party.russia", 1)
    assert (moved["came"], moved["went"]) == (["SY-2020-11-0001"], [])
    assert CliRunner().invoke(diff, [str(bundle), str(bundle)]).output == "Every claim is the same.\n"
