"""The bundle of a report: one file with everything that an auditor needs to make it again, the same bytes each time.

A BagIt bag (RFC 8493) in a zip; its payload `data/` is an RO-Crate:

    report/     the report as published: HTML, PDF, notebook, claims, tables, figures
    records/    the records it read, without names and free text, and what else it read of the table
    records.evidence.json, previous-claims.json    the check of the evidence, and the claims that a revision revises
    inputs/     the tracked files it was made with: expectations, code lists, texts, parameters, notebooks, the lock
    source.json commit and digest of the program
    recount.py  counts every claim again with nothing but Python

An edition without records has told.json in their place, and nothing that counts them (METHOD M29).
"""

import itertools
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rocrate.rocrate import ROCrate

from analysis.audit import keys
from analysis.audit.inputs import commit, input_files
from analysis.audit.unpacking import unpacked
from analysis.editions import INTERNAL, read_edition
from analysis.errors import BadReport
from analysis.files import files_of, replaced, sha256_of
from analysis.month import Month
from analysis.period import MonthAndPeriod, When, when_of
from analysis.places import ROOT
from analysis.program import source_digest
from analysis.records.evidence import result_file
from analysis.records.frozen import Frozen, write_frozen
from analysis.records.vintages import Vintage
from analysis.running.publications import folder_of, publications
from analysis.running.publishing import is_of_report, parameters_of
from analysis.secrets import pseudonym_secret
from analysis.texts import languages_asked
from analysis.toll.evidence import read_result
from analysis.toll.pseudonyms import pseudonymous
from analysis.toll.report_records import ReportRecords, frozen_of, read_report_records
from analysis.toll.two_vintages import Moved, read_moved

PAYLOAD = "data"
CRATE = "ro-crate-metadata.json"
_HOLDS = {
    True: "A report, the records it counts, and what it was made with.",
    False: "A report and what it was made with; the records it counts stay with its publisher.",
}
EVIDENCE, TOLD, PREVIOUS = "records.evidence.json", "told.json", "previous-claims.json"
SIGNATURE = "signature.json"
RECOUNT = Path(__file__).with_name("recount.py")
_BAGIT = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first day that a zip knows: the same bytes whenever it is made
_KINDS = {".json": "application/json", ".csv": "text/csv", ".html": "text/html", ".pdf": "application/pdf",
          ".svg": "image/svg+xml", ".ipynb": "application/x-ipynb+json", ".py": "text/x-python", ".md": "text/markdown",
          ".yml": "application/yaml", ".geojson": "application/geo+json"}  # fmt: skip


def make_bundle(when: When, report: Path, *, location: str, out: Path) -> Path:
    """Pack the report in a folder into `out`, with the records it was made from.

    Raises BadReport where the folder holds no whole report, or one that these records do not give.
    """
    parameters, claims = read_made(report)
    when = _reported(when, parameters, report)
    vintage = next((one["value"] for one in claims if one["id"] == f"records.{when.span}.vintage"), None)
    edition = str(parameters.get("edition", INTERNAL))
    records = read_report_records(when, location=location, vintage=vintage, edition=edition)
    with TemporaryDirectory(prefix="toll-bundle-") as temporary:
        bag = Path(temporary)
        _fill(bag / PAYLOAD, report, records, parameters, location)
        _describe(bag, when, title_of(records.vintage), edition)
        pack(bag, out)
    return out


def read_made(report: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A report's parameters and its claims. Raises BadReport where the folder holds no whole report."""
    try:
        claims = json.loads((report / "claims.json").read_text(encoding="utf-8"))
        return parameters_of(report / "report.ipynb"), claims
    except (OSError, ValueError) as error:
        raise BadReport(
            f"There is no whole report in {report} ({type(error).__name__}). Make it with `toll report` first."
        ) from None


def _reported(when: When, parameters: Mapping[str, Any], report: Path) -> When:
    """What a report says that it is about: the month asked for, with the period that it tells too, if any."""
    told = when_of(parameters)
    if str(told) != str(when):
        raise BadReport(f"The report in {report} is that of {told}, not of {when}. Make it again, and pack that.")
    return told


def latest(out: Path, when: When, edition: str = INTERNAL) -> Path:
    """The folder of a report's latest revision."""
    revisions = itertools.takewhile(Path.is_dir, (folder_of(out, when, one, edition) for one in itertools.count(2)))
    return [folder_of(out, when, edition=edition), *revisions][-1]


def _fill(payload: Path, report: Path, records: ReportRecords, parameters: Mapping[str, Any], location: str) -> None:
    for name, path in files_of(report).items():
        if is_of_report(path):
            _copy(path, payload / "report" / name)
    for name in input_files(records.profile, str(parameters["language"]), records.edition):
        _copy(ROOT / name, payload / "inputs" / name)
    if read_edition(records.edition).records:
        _copy(RECOUNT, payload / RECOUNT.name)
        write_frozen(payload / "records", _frozen(report, records, parameters, location))
    else:
        title = title_of(records.vintage)
        told = {"when": str(records.when), "parameters": parameters, "profile": records.profile, "title": title}
        _write_json(payload / TOLD, told, sort=False)  # the notebook has its parameters in their order
    for file, name in _read_besides(report, records, parameters, location).items():
        _copy(file, payload / name)
    _withhold_folders(payload, records.edition)
    _write_json(payload / "source.json", {"commit": commit(), "sha256": source_digest()})


def _frozen(report: Path, records: ReportRecords, parameters: Mapping[str, Any], location: str) -> Frozen:
    """The records without names and free text."""
    window = records.window
    if not read_edition(records.edition).is_nameless:
        pages = [report / f"report.{one}.html" for one in languages_asked(parameters["language"])]
        printed = "\n".join(page.read_text(encoding="utf-8") for page in pages)
        window = pseudonymous(window, printed, pseudonym_secret())
    frozen = frozen_of(records, moved_of(records, location))
    about = {**frozen.about, "parameters": parameters}
    vintage = replace(frozen.vintage, who="", sources=tuple(replace(one, who="") for one in frozen.vintage.sources))
    return Frozen(window, vintage, about)


def _withhold_folders(payload: Path, edition: str) -> None:
    """Of a check of the evidence leave the counts alone: which folders were looked at is nobody else's business."""
    if read_edition(edition).is_nameless and (payload / EVIDENCE).is_file():
        result = read_result(payload / EVIDENCE)
        _write_json(payload / EVIDENCE, {name: result[name] for name in ("date", "vintage", "months")})


def _read_besides(
    report: Path, records: ReportRecords, parameters: Mapping[str, Any], location: str
) -> dict[Path, str]:
    """What else a report read: the check of the evidence, and for a revision the claims of the one before."""
    evidence = result_file(location)
    found = {evidence: EVIDENCE} if evidence and evidence.is_file() else {}
    revision = parameters.get("revision", 1)
    published = publications(report.parent, records.when, records.edition)
    earlier = [one.revision for one in published if one.revision < revision]
    if earlier:
        found[folder_of(report.parent, records.when, earlier[-1], records.edition) / "claims.json"] = PREVIOUS
    return found


def moved_of(records: ReportRecords, location: str) -> list[Moved]:
    """The months that had moved, as the monthly report asks for them; a longer period asks for none."""
    if not isinstance(records.when, Month | MonthAndPeriod):
        return []
    months, version = records.month.year_so_far[:-1], records.vintage.version
    return read_moved(months, location=location, vintage=version, edition=records.edition)


def title_of(vintage: Vintage) -> str:
    """What a bundle's report is based on."""
    return str(vintage.source.get("title", vintage.source_file))


def _copy(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(path.read_bytes())


def _write_json(path: Path, values: object, *, sort: bool = True) -> None:
    path.write_text(json.dumps(values, ensure_ascii=False, indent=1, sort_keys=sort) + "\n", encoding="utf-8")


def _describe(bag: Path, when: When, title: str, edition: str) -> None:
    """Write the RO-Crate's metadata, and the bag's manifests."""
    payload = bag / PAYLOAD
    _write_json(payload / CRATE, crate_of(payload, when, title, edition))
    (bag / "bagit.txt").write_text(_BAGIT, encoding="utf-8")
    sizes = [path.stat().st_size for path in files_of(payload).values()]
    name = folder_of(Path(), when, edition=edition).name
    info = f"Payload-Oxum: {sum(sizes)}.{len(sizes)}\nExternal-Identifier: toll-{name}\n"
    (bag / "bag-info.txt").write_text(info, encoding="utf-8")
    write_manifests(bag)


def write_manifests(bag: Path) -> None:
    """Write the SHA-256 of every payload file, and that of the bag's own files."""
    _manifest(bag, "manifest-sha256.txt", files_of(bag / PAYLOAD).values())
    _manifest(
        bag, "tagmanifest-sha256.txt", [bag / name for name in ("bag-info.txt", "bagit.txt", "manifest-sha256.txt")]
    )


def _manifest(bag: Path, name: str, files: Iterable[Path]) -> None:
    lines = [f"{sha256_of(path)}  {path.relative_to(bag).as_posix()}\n" for path in files]
    (bag / name).write_text("".join(lines), encoding="utf-8")


def crate_of(payload: Path, when: When, title: str, edition: str) -> dict[str, Any]:
    """What the payload holds, as RO-Crate metadata; its date is the day after the report's last."""
    crate = ROCrate()
    told = {
        "name": f"Report on civilians killed, {when}" + ("" if edition == INTERNAL else f", {edition} edition"),
        "description": _HOLDS[read_edition(edition).records],
        "datePublished": f"{(when.last + timedelta(days=1)):%Y-%m-%d}",
        "license": "The source's own terms apply to the records.",
        "isBasedOn": title,
    }
    for name, value in told.items():
        crate.root_dataset[name] = value
    for name, path in files_of(payload).items():
        if name == CRATE:
            continue
        facts = {"name": path.name, "contentSize": str(path.stat().st_size), "sha256": sha256_of(path)}
        kind = _KINDS.get(path.suffix, "text/plain")
        crate.add_file(dest_path=name, properties={**facts, "encodingFormat": kind})
    described: dict[str, Any] = crate.metadata.generate()
    return described


def sign_bundle(bundle: Path, key: Path) -> str:
    """Sign a bundle's manifest, which names every file of the payload with its digest; the signer's fingerprint."""
    with unpacked(bundle) as bag:
        signature, public = keys.sign((bag / "manifest-sha256.txt").read_bytes(), key)
        said = {"public_key": public.decode(), "signature": signature.hex(), "of": "manifest-sha256.txt"}
        _write_json(bag / SIGNATURE, said)
        pack(bag, bundle)
    return keys.fingerprint(public)


def pack(bag: Path, out: Path) -> None:
    """Pack a bag, uncompressed: how a zip compresses depends on the machine, and the bytes shall not."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with replaced(out) as partial, zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED) as packed:
        for name, path in files_of(bag).items():
            entry = zipfile.ZipInfo(f"{out.stem}/{name}", _LONG_AGO)
            entry.external_attr = 0o100644 << 16
            packed.writestr(entry, path.read_bytes())
