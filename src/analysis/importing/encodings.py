"""Encodings of text files: the one to read a file with, and whether all of its bytes are text in it."""

import codecs
import io
import re
from pathlib import Path

from charset_normalizer import from_bytes

from analysis.errors import BadRecords

UTF8_MARK = codecs.BOM_UTF8
LIMIT = 1 << 20
_BLOCK, _SAMPLE = 1 << 20, 1 << 15
# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
    UTF8_MARK: "utf-8-sig",
}
# What extracts are written in, most common first. Left to choose among all it knows, the detector prefers curiosities.
_LIKELY = [
    *(f"cp{page}" for page in (1256, 1252, 1251, 1250, 1253, 1254, 1255, 1257, 1258, 866, 850, 437, 864, 720)),
    *("iso8859_6", "iso8859_2", "iso8859_5", "iso8859_9", "koi8_r", "mac_roman"),
    *("gb18030", "big5", "shift_jis", "euc_jp", "euc_kr"),
]


def detect_encoding(path: Path) -> str:
    """Say what a file's text looks like: "utf-8", or the name to write in a mapping; "" where nothing fits.

    It is a guess from the first lines that are not plain ASCII: for messages and drafts, never for reading.
    """
    with path.open("rb") as file:
        start = file.read(4)
    marked = _mark(start)
    if marked:
        return marked.removesuffix("-sig")
    sample = _telling_lines(path)
    if _decodes(sample, "utf-8"):
        return "utf-8"
    found = list(from_bytes(sample, cp_isolation=_LIKELY))
    likely = [one.encoding for one in found if (one.chaos, one.coherence) == (found[0].chaos, found[0].coherence)]
    best = min(likely, key=_LIKELY.index, default="")
    return re.sub(r"^cp125", "windows-125", best).replace("_", "-")


def resolve_encoding(path: Path, said: str) -> str:
    """The codec to read a file with: UTF-8, or the one that the mapping says. Raises BadRecords where they disagree."""
    with path.open("rb") as file:
        marked = _mark(file.read(4))
    if not said:
        if marked[:6] in ("utf-16", "utf-32"):
            raise BadRecords(f"{path.name} is not UTF-8: its first bytes say {marked}. {_say_encoding(marked)}")
        return "utf-8-sig"
    try:
        name = codecs.lookup(said).name if "".encode(said) is not None else ""
    except (LookupError, ValueError, TypeError):
        raise BadRecords(
            f"The mapping says `encoding: {said}`, and there is no such encoding. {path.name} looks like "
            f"{detect_encoding(path) or 'no encoding known here'}."
        ) from None
    looks = marked or ("utf-8" if not name.startswith("utf") and _is_surely_utf8(path) else "")
    if looks and not name.startswith(looks[: 5 if looks.startswith("utf-8") else 6]):
        raise BadRecords(
            f"The mapping says `encoding: {said}`, and {path.name} is {looks.removesuffix('-sig')} by its bytes. "
            "Read so, its names would be garbled. Correct or take out the line under `read:`."
        )
    return marked or name


def check_text(path: Path, encoding: str) -> None:
    """Look through the whole file once: it must decode, without NUL bytes, in lines of at most 1 MiB."""
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)(), translate=True)
    line, run = 1, 0
    with path.open("rb") as file:
        block = b"-"
        while block:
            block = file.read(_BLOCK)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeError as error:
                raise _wrong_encoding(path, encoding, line + _lines_before(error)) from None
            if "\0" in text:
                at = line + text.count("\n", 0, text.index("\0"))
                raise BadRecords(
                    f"Line {at} of {path.name} holds a NUL byte: the file is damaged, or is UTF-16 without the mark "
                    "that says so. Export it again as CSV in UTF-8."
                )
            ends = text.find("\n")
            if run + (len(text) if ends < 0 else ends) > LIMIT:
                raise BadRecords(
                    f"Line {line} of {path.name} is longer than 1 MiB: this is no table, or its line ends are missing. "
                    "Export it again."
                )
            run = run + len(text) if ends < 0 else len(text) - 1 - text.rfind("\n")
            line += text.count("\n")


def _wrong_encoding(path: Path, encoding: str, line: int) -> BadRecords:
    name = encoding.removesuffix("-sig").upper()
    looks = detect_encoding(path)
    if not looks or looks.upper() == name:
        guess = "Ask the source which encoding it writes, or for an export in UTF-8."
    else:
        guess = f"It looks like {looks}. {_say_encoding(looks)}"
    return BadRecords(f"{path.name} is not {name}: line {line} holds bytes that are no {name} text. {guess}")


def _say_encoding(name: str) -> str:
    return f"If that is right, write `encoding: {name}` under `read:` in the mapping."


def _lines_before(error: UnicodeError) -> int:
    good = error.object[: error.start] if isinstance(error, UnicodeDecodeError) else b""
    return good.count(b"\n") or good.count(b"\r")


def _mark(start: bytes) -> str:
    return next((name for mark, name in _MARKS.items() if start.startswith(mark)), "")


def _telling_lines(path: Path) -> bytes:
    """The first lines that are not ASCII: the only ones that tell one encoding from another."""
    found = b""
    with path.open("rb") as file:
        while len(found) < _SAMPLE and (block := file.read(_BLOCK)):
            if not block.isascii():
                # The last line of a block may be cut within a character.
                whole = block if len(block) < _BLOCK else block[: block.rfind(b"\n") + 1] or block
                found += b"\n".join(line for line in whole.splitlines() if not line.isascii())[: 2 * _SAMPLE]
    if len(found) <= _SAMPLE:
        return found
    cut = found.rfind(b"\n", 0, _SAMPLE)
    return found[: cut if cut > 0 else _SAMPLE]


def _decodes(sample: bytes, encoding: str) -> bool:
    try:
        sample.decode(encoding)
    except UnicodeError:
        return False
    return True


def _is_surely_utf8(path: Path) -> bool:
    """Whether at least three characters are written as UTF-8 and none is not: no other encoding does that by chance."""
    sample = _telling_lines(path)
    return _decodes(sample, "utf-8") and sum(byte >= 0xC0 for byte in sample) >= 3
