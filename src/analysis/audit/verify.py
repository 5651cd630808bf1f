"""Verifying a bundle: the report made again from its records, counted again in SQL, and a verdict on each part.

No digest in the bundle is believed that can be computed: the report is made again from the records, with this program
and the inputs of this installation, and compared byte by byte (METHOD M27).
"""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from analysis.audit import keys
from analysis.audit.bundle import CRATE, PAYLOAD, PREVIOUS, RECOUNT, SIGNATURE, crate_of
from analysis.audit.comparing import compare_claims, compare_files
from analysis.audit.inputs import LOCK, commit, input_files, not_as_locked
from analysis.audit.packed import Packed, read_packed
from analysis.audit.unpacking import unpacked
from analysis.audit.verdicts import Result, Verdict, Verification
from analysis.audit.without_records import keep, without_records
from analysis.errors import BadBundle, BadParameter, ReportError, first_three
from analysis.files import files_of, sha256_of
from analysis.period import parse_when, when_of
from analysis.places import ROOT
from analysis.program import source_digest
from analysis.running.reports import write_report

Remake = Callable[[Path, Mapping[str, Any], Path], Path]
OnStep = Callable[[str], None]


def remade(records: Path, about: Mapping[str, Any], out: Path) -> Path:
    """Make the report again from frozen records and what lies beside them, as its parameters say; its folder."""
    folder, previous = out / "report", records.parent / PREVIOUS
    folder.mkdir()
    write_report(
        when_of(about["parameters"]), about["parameters"], folder, location=str(records),
        previous=previous if previous.is_file() else None,
    )  # fmt: skip
    return folder


def verify(
    bundle: Path,
    *,
    signer: Path | None = None,
    records: str | None = None,
    remake: Remake = remade,
    on_step: OnStep = lambda _: None,
) -> Verification:
    """Every verdict on a bundle. Raises BadBundle where it cannot be unpacked, or its claims cannot be read.

    `records` is where the records are that a public bundle keeps back, for their owner (METHOD M29).
    """
    on_step("Unpacking")
    with unpacked(bundle) as bag, TemporaryDirectory(prefix="toll-remade-") as temporary:
        payload, out = bag / PAYLOAD, Path(temporary)
        packed, claims = _read(bundle, payload)
        _require_kept_back(packed, records)
        on_step("Files and signature")
        verdicts = [
            *_signature(bag, signer),
            *_package(bag),
            *_described(payload, packed),
            *_inputs(payload, packed),
            *_program(payload),
        ]
        on_step("Making the report again")
        if packed.frozen is None and records is None:
            return Verification(packed.when, (*verdicts, *without_records(payload, packed, claims, out)))
        here = payload / "records" if packed.frozen else keep(records or "", packed, claims, payload, out)
        try:
            again, problem = remake(here, {"when": packed.when, "parameters": packed.parameters}, out), ""
        except ReportError as error:
            again, problem = None, str(error)
        on_step("Counting again")
        if problem:
            verdicts.append(Verdict("file", "report", "cannot be checked", f"it cannot be made again: {problem}"))
        verdicts += compare_claims(claims, again, packed.frozen, problem)
        verdicts += compare_files(payload / "report", again, problem)
        return Verification(packed.when, tuple(verdicts))


def _read(bundle: Path, payload: Path) -> tuple[Packed, list[dict[str, Any]]]:
    try:
        claims = json.loads((payload / "report" / "claims.json").read_text(encoding="utf-8"))
        return read_packed(payload), [dict(claim) for claim in claims]
    except (ReportError, OSError, ValueError, TypeError, KeyError) as error:
        raise BadBundle(
            f"{bundle} cannot be verified: its records or its claims cannot be read ({type(error).__name__}). "
            "Ask for it again."
        ) from None


def _require_kept_back(packed: Packed, records: str | None) -> None:
    if packed.frozen and records is not None:
        raise BadParameter("This bundle holds its records, and is made again from them. Leave --records out.")


def _signature(bag: Path, signer: Path | None) -> Iterator[Verdict]:
    """Who signed the manifest, and whether it is whom the auditor expects."""
    wanted = keys.fingerprint(signer.read_bytes()) if signer else ""
    try:
        said = json.loads((bag / SIGNATURE).read_text(encoding="utf-8"))
        public, signature = said["public_key"].encode(), bytes.fromhex(said["signature"])
    except FileNotFoundError:
        if signer:
            yield Verdict("signature", SIGNATURE, "differs", f"not signed; {wanted} was expected")
        return
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        yield Verdict("signature", SIGNATURE, "differs", "the signature cannot be read")
        return
    name = keys.fingerprint(public)
    if not keys.fits(signature, (bag / "manifest-sha256.txt").read_bytes(), public):
        yield Verdict("signature", SIGNATURE, "differs", "the signature does not fit the manifest")
    elif signer and name != wanted:
        yield Verdict("signature", SIGNATURE, "differs", f"signed by {name}, not by {wanted}")
    else:
        advice = "" if signer else "; compare that with the publisher's key, or name it with --signer"
        yield Verdict("signature", SIGNATURE, "identical", f"signed by {name}{advice}")


def _package(bag: Path) -> Iterator[Verdict]:
    """Whether each file is the one that the manifest names."""
    manifest = _manifest(bag / "manifest-sha256.txt")
    here = {f"{PAYLOAD}/{name}": path for name, path in files_of(bag / PAYLOAD).items()}
    for name in sorted(manifest.keys() | here.keys()):
        if name not in here:
            yield Verdict("package", name, "differs", "named in the manifest, and missing")
        elif name not in manifest:
            yield Verdict("package", name, "differs", "in the bundle, and not named in its manifest")
        else:
            same = sha256_of(here[name]) == manifest[name]
            yield Verdict(
                "package", name, "identical" if same else "differs", "" if same else "not the file that was packed"
            )


def _manifest(file: Path) -> dict[str, str]:
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    return {name: found for found, _, name in (line.partition("  ") for line in lines)}


def _described(payload: Path, packed: Packed) -> Iterator[Verdict]:
    """Whether the script for recounting, and what the bundle says of its own files, are what they should be."""
    if packed.frozen:
        script = payload / RECOUNT.name
        same = sha256_of(script) == sha256_of(RECOUNT) if script.is_file() else False
        told = "" if same else "not this program's script"
        yield Verdict("file", RECOUNT.name, "identical" if same else "differs", told)
    try:
        said = json.loads((payload / CRATE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        said = None
    same = said == crate_of(payload, parse_when(packed.when), packed.title, packed.edition)
    yield Verdict("file", CRATE, "identical" if same else "differs", "" if same else "does not describe these files")


def _inputs(payload: Path, packed: Packed) -> Iterator[Verdict]:
    """Whether the expectations, code lists, texts and parameters in the bundle are those of this installation."""
    folder = payload / "inputs"
    there = set(files_of(folder))
    here = set(input_files(packed.profile, packed.parameters["language"], packed.edition))
    for name in sorted(there | here):
        if name not in there:
            yield Verdict("input", name, "differs", "used here, and not in the bundle")
        elif name not in here:
            yield Verdict("input", name, "differs", "in the bundle, and not here")
        else:
            same = sha256_of(folder / name) == sha256_of(ROOT / name)
            yield Verdict(
                "input", name, "identical" if same else "differs", "" if same else "not the file of this installation"
            )


def _program(payload: Path) -> Iterator[Verdict]:
    """Whether this program and these packages are those that the report was made with."""
    try:
        said = json.loads((payload / "source.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        said = {}
    same = said.get("sha256") == source_digest()
    told = f"made with commit {said.get('commit') or 'not recorded'}; this is {commit() or 'no checkout'}"
    yield Verdict("program", "src/analysis", "identical" if same else "differs", "" if same else told)
    others = not_as_locked(LOCK.read_text(encoding="utf-8").splitlines())
    result: Result = "differs" if others else "identical"
    yield Verdict("environment", "requirements.lock", result, first_three(others))
