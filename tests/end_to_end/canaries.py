"""Invented people whose every word is a canary, and a walk through all that a report left behind."""

import base64
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd
import pikepdf
import pypdfium2
from invented_records import text_records

# Each is planted in some field of some record, in the names of files or in what was said of an import.
CANARIES = ("kanari", "حسون", "944123987", "gartenweg", "nistkasten")
IDS = ("INV-7731", "SY-2020-11-0006", "SY-2020-11-0062")
UNTOLD, TOLD = "SY-2020-11-0006", "SY-2020-11-0062"  # cases that are written; one family agrees to publication
PRISON = "Ghwayran prison, Hasaka"
DATA_ADDRESS = re.compile(rb"data:[\w/+.-]+;base64,([A-Za-z0-9+/=]+)")


def extract() -> pd.DataFrame:
    """Twelve people of November, one of October whose record no gate lets pass; two of November do not count."""
    rows = [_person(nth) for nth in range(1, 14)]
    for row in rows[:6]:
        row |= {"incident_id": "SY-2020-11-M02", "governorate": "aleppo", "party": "other", "bucket": "unknown_gunfire"}
    custody = {"torture": "true", "cause": "torture", "date_of_arrest": "2019-10-01", "informant": "former_detainee",
               "date_of_arrest_precision": "month", "date_of_notice": "2020-11-16", "date_of_notice_precision": "day",
               "body": "not_returned", "date_of_incident": "", "date_of_incident_precision": ""}  # fmt: skip
    rows[6] |= custody | {"record_id": UNTOLD}
    rows[7] |= custody | {"record_id": TOLD, "place_of_custody": PRISON, "consents": "publication"}
    rows[8] |= {"occupation": "media"}
    rows[9] |= {"withdrawn": "Kanari took it back, call 0944 123 987"}
    rows[10] |= {"duplicate_of": "INV-7731-01"}
    rows[12] |= {"date_documented": "2020-10-20", "date_of_death": "2020-10-10", "date_of_incident": "2020-10-09",
                 "bucket": "unknown_gunfire"}  # fmt: skip
    return text_records(*rows)


def _person(nth: int) -> dict[str, str]:
    contact = {"kind": "witness", "reference": f"Kanari Aunt, +963 944 123 987, nistkasten{nth}@example.org"}
    return {
        "record_id": f"INV-7731-{nth:02d}",
        "name": f"Zubayda Kanari {nth}",
        "aliases": f"حسون {nth}|Umm Kanari {nth}",
        "description": f"Kanari {nth} lived at Gartenweg {nth}; her brother's number is 00963944123987.",
        "place": f"Gartenweg {nth}, behind Kanari's shop",
        "place_of_custody": f"Kanari branch {nth}",
        "sources": json.dumps([contact], ensure_ascii=False),
        "allocated": f"governorate|Kanari {nth}",
    }


def songs(heard: Iterable[tuple[str, str]], canaries: Iterable[str]) -> list[str]:
    """Where a canary is met in what was `heard`: the place, and the canary."""
    wanted = {_plain(one): one for one in canaries}
    return [f"{where}: {name}" for where, text in heard for plain, name in wanted.items() if plain in text]


def heard_in(folder: Path) -> list[tuple[str, str]]:
    """Every text below a folder, whatever signs, spaces or invisible marks stand between its letters and digits."""
    return [(where, _plain(text)) for where, text in texts_of(folder)]


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def texts_of(folder: Path) -> Iterator[tuple[str, str]]:
    """Every text below a folder: names of files, what is in them, and what is in what is in them."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        yield f"the name of {name}", name
        if path.is_file():
            yield from _texts(name, path.read_bytes())


def _texts(name: str, content: bytes) -> Iterator[tuple[str, str]]:
    yield name, content.decode("utf-8", errors="replace")
    if name.endswith((".ipynb", ".json")):  # as a reader sees it: é is written \u00e9 by some
        yield f"{name}, read", json.dumps(json.loads(content), ensure_ascii=False).replace('\\"', '"')
    for nth, packed in enumerate(DATA_ADDRESS.findall(content)):
        yield from _texts(f"{name}, picture {nth}", base64.b64decode(packed))
    if name.endswith(".pdf"):
        yield from _of_pdf(name, content)
    if name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed_files:
            yield f"{name}, comment", packed_files.comment.decode("utf-8", errors="replace")
            for entry in packed_files.infolist():
                yield f"the name of {name}/{entry.filename}", entry.filename
                yield from _texts(f"{name}/{entry.filename}", packed_files.read(entry))


def _of_pdf(name: str, content: bytes) -> Iterator[tuple[str, str]]:
    """A PDF's text page by page, and every string and stream in it: properties, alternative texts, attachments."""
    read = pypdfium2.PdfDocument(content)
    yield f"{name}, pages", "\n".join(page.get_textpage().get_text_range() for page in read)
    read.close()
    with pikepdf.open(io.BytesIO(content)) as opened:
        for nth, one in enumerate(opened.objects):
            if isinstance(one, pikepdf.Stream):
                yield f"{name}, stream {nth}", one.read_bytes().decode("utf-8", errors="replace")
            yield f"{name}, object {nth}", " ".join(_strings(one))


def _strings(one: object, depth: int = 0) -> Iterator[str]:
    if isinstance(one, pikepdf.String):
        yield str(one)
    elif isinstance(one, pikepdf.Array) and depth < 6:
        for each in one:
            yield from _strings(each, depth + 1)
    elif isinstance(one, pikepdf.Dictionary | pikepdf.Stream) and depth < 6:
        for key in one.keys():  # noqa: SIM118 (a pikepdf object iterates over nothing else)
            value = one[key]
            if not getattr(value, "is_indirect", False):  # looked at on its own
                yield from _strings(value, depth + 1)
