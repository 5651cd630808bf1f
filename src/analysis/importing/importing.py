"""Importing: a source's rows become a new vintage of the records table, and none of them is lost.

Rows read = rows accepted + rows quarantined + rows left out by the mapping. One import is one commit, or none.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from analysis.errors import BadParameter, BadRecords, ReportError
from analysis.importing.blanked import Blanked, told_blanked
from analysis.importing.extracts import Extract, extract_sha256, read_extract
from analysis.importing.intake import SHOWN, Intake, check_totals, take_in
from analysis.importing.quarantine import ADDED, REASONS, kinds_of, quarantine_folder, write_quarantine
from analysis.importing.reading import is_url
from analysis.importing.tables import OnBytes
from analysis.records.contract import read_contract
from analysis.records.vintages import Vintage, read_vintage
from analysis.records.writing import Held, Overtaken, read_held, write_changes

_TRIES = 5


@dataclass(frozen=True)
class Imported:
    """What an import did, or would do: the vintage it made, and whether it is a new one.

    `reasons` counts the quarantined rows by kind of reason; `first` are the first records as they are read; `blanked`
    tells by field the values that `unresolved: not_recorded` left blank.
    """

    vintage: Vintage
    is_new: bool
    reasons: dict[str, int]
    first: pd.DataFrame
    blanked: dict[str, Blanked]


def import_extract(
    extract: Extract, location: str, *, on_bytes: OnBytes | None = None, dry_run: bool = False
) -> Imported:
    """Import an extract as one new vintage, all that can be accepted of it; what cannot goes into quarantine.

    Where no record has changed, nor the mapping since it was last imported with, there is no new vintage. A dry run
    writes nothing at all.
    Raises BadParameter for a table of another country; BadRecords for a source that cannot be read or of which no row
    can be accepted, TotalsDisagree if a row is neither accepted, quarantined nor left out; the last vintage then stays
    as it was.
    """
    for _ in range(_TRIES):
        try:
            return _import_once(extract, location, on_bytes, dry_run)
        except Overtaken:
            continue
    raise BadRecords(
        f"Others were importing into {location} at the same time, {_TRIES} times over. Nothing was imported: try again."
    )


def shown(records: pd.DataFrame) -> pd.DataFrame:
    """Records as they may be shown on a screen: names and free text give way to "…"."""
    never = read_contract().index[read_contract()["shown"] == "never"]
    hidden = {name: records[name].where(records[name].eq(""), "…") for name in never if name in records.columns}
    return records.assign(**hidden)


def _import_once(extract: Extract, location: str, on_bytes: OnBytes | None, dry_run: bool) -> Imported:
    held = read_held(location)
    _check_profile(extract, location, held)
    sha256, name, intake = _read(extract, held, on_bytes)
    withdrawn = _withdrawn(extract, held, intake, sha256)
    vintage = _vintage(extract, name, sha256, held, intake, withdrawn)
    refused = pd.concat(intake.refused or [pd.DataFrame(columns=ADDED)], ignore_index=True)
    reasons = kinds_of(refused[REASONS])
    if intake.quarantined and not dry_run:
        path = write_quarantine(refused, quarantine_folder(location, extract.mapping.source), sha256)
        vintage = replace(vintage, quarantine=path.as_posix())
    first = pd.concat(intake.first, ignore_index=True).head(SHOWN) if intake.first else pd.DataFrame()
    imported = Imported(vintage, False, reasons, first, told_blanked(intake.blanked))
    if dry_run:
        return imported
    if not vintage.accepted:
        raise _none_accepted(vintage, reasons)
    if not (vintage.new or vintage.changed or vintage.withdrawn) and _is_known(
        vintage, newest := read_vintage(location)
    ):
        return replace(imported, vintage=replace(vintage, version=newest.version))
    changed = intake.changed
    del intake, refused  # the ids of a million rows take the room that writing them needs
    return replace(imported, vintage=write_changes(location, held, changed, withdrawn, vintage), is_new=True)


def _is_known(vintage: Vintage, newest: Vintage) -> bool:
    """Whether the mapping is as it was when it was last imported with: what it says of its source may have changed."""
    return any((one.mapping, one.mapping_sha256) == (vintage.mapping, vintage.mapping_sha256) for one in newest.sources)


def _check_profile(extract: Extract, location: str, held: Held) -> None:
    """A table is of one country: the codes of another's lists would be counted with its own, or not at all."""
    profile = read_vintage(location).profile if held.table else extract.mapping.profile
    if profile != extract.mapping.profile:
        raise BadParameter(
            f"The records table at {location} holds records of the profile {profile!r}, and the mapping "
            f"{extract.mapping.source} is of the profile {extract.mapping.profile!r}. Nothing was imported: one table "
            "is of one country. Name another folder with --records."
        )


def _read(extract: Extract, held: Held, on_bytes: OnBytes | None) -> tuple[str, str, Intake]:
    """Take in all rows: the source's hash, what it is called without the folders of this machine, and the intake."""
    sha256, intake = extract_sha256(extract), Intake()
    files: dict[str, None] = {}
    for chunk in read_extract(extract, on_bytes):
        files[chunk.file] = None
        take_in(chunk, extract.mapping, held, intake)
    check_totals(intake)
    if any(map(is_url, extract.sources)):
        return sha256, ", ".join(files), intake
    name = ", ".join(Path(source).name for source in extract.sources)
    if extract_sha256(extract) != sha256:
        raise BadRecords(f"{name} changed while it was read. Nothing was imported: try again.")
    return sha256, name, intake


def _withdrawn(extract: Extract, held: Held, intake: Intake, sha256: str) -> dict[str, str]:
    """The records of this source that a complete extract no longer holds, each with the reason; a row in quarantine
    is still held by the extract."""
    if not extract.complete:
        return {}
    mine = held.records["mapping"].eq(extract.mapping.source) & ~held.records["withdrawn"]
    named = extract.extract_date or sha256[:12]
    found = {}
    for record in held.records.index[mine].tolist():
        if record in intake.ids:
            continue
        row = {record, record.rpartition("-")[0]} if extract.mapping.dead else {record}
        if row & intake.refused_ids:
            continue
        said = "left out by the mapping in" if row & intake.left_out_ids else "no longer in"
        found[record] = f"{said} the extract of {named}"
    return found


def _vintage(
    extract: Extract, name: str, sha256: str, held: Held, intake: Intake, withdrawn: dict[str, str]
) -> Vintage:
    mapping = extract.mapping
    said = {"documented_from": mapping.documented_from} if mapping.documented_from else {}
    return Vintage(
        version=0,
        source_file=name,
        sha256=sha256,
        rows=len(held.records) + intake.new,
        source={**mapping.about, **said},
        mapping=mapping.source,
        mapping_sha256=mapping.sha256,
        profile=mapping.profile,
        rows_in=intake.rows_in,
        accepted=intake.accepted,
        quarantined=intake.quarantined,
        left_out=intake.left_out,
        new=intake.new,
        changed=intake.changed.num_rows - intake.new,
        withdrawn=len(withdrawn),
        unchanged=intake.unchanged,
        extract_date=extract.extract_date,
        who=extract.who,
        note=extract.note,
    )


def _none_accepted(vintage: Vintage, reasons: dict[str, int]) -> ReportError:
    told = "; ".join(f"{kind} ({count:,} rows)" for kind, count in list(reasons.items())[:3])
    kept = f"All of them are kept in {vintage.quarantine}: {told}. " if vintage.quarantined else ""
    return BadRecords(
        f"Of the {vintage.rows_in:,} rows of {vintage.source_file} none was accepted ({vintage.quarantined:,} "
        f"quarantined, {vintage.left_out:,} left out by the mapping {vintage.mapping}), and the records table is as it "
        f"was. {kept}Look at the mapping with --dry-run."
    )
