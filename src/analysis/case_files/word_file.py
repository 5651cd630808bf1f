"""A case as a Word document (DOCX): headings, a table a section, a footer; nothing in it that a word processor runs.

Arabic files run from right to left throughout; words that somebody wrote run as their own letters do.
"""

import io
import zipfile
from datetime import datetime, time

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_DIRECTION
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Mm
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from analysis.case_files.case import Case, Entry, Section
from analysis.case_files.free_text import reads_right_to_left, stretches
from analysis.files import zipped
from analysis.sections.wording import listed, locale_of, tag_of

WIDTHS = Mm(55), Mm(115)


def word_file(case: Case) -> bytes:
    """The case as the bytes of a DOCX file: the same record gives the same bytes."""
    turned = locale_of(case.asked.language).text_direction == "rtl"
    document = Document()
    _prepare(document, case, turned=turned)
    _write(document.add_paragraph(style="Title"), case.words("title"), turned=turned)
    for key in ("given", "recorded_as"):
        _write(document.add_paragraph(), case.words(key), turned=turned)
    for section in case.sections:
        _write_section(document, section, case, turned=turned)
    _write(document.add_heading(level=1), case.words("not_held"), turned=turned)
    _write(document.add_paragraph(), listed(case.asked.not_held, case.asked.language), turned=turned)
    _write(document.sections[0].footer.paragraphs[0], case.words("footer"), turned=turned)
    return _bytes_of(document)


def _prepare(document: WordDocument, case: Case, *, turned: bool) -> None:
    """Title, language, page, and the day of the records in the place of the moment of writing."""
    about, language = document.core_properties, case.asked.language
    about.title, about.author = case.words("title")[:255], "toll-report"
    about.subject, about.comments = case.asked.purpose_label, ""
    about.language = tag_of(language)
    about.created = about.modified = datetime.combine(case.asked.last, time())
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(20)
    if turned:
        page._sectPr.find(qn("w:docGrid")).addprevious(OxmlElement("w:bidi"))
    (apart,) = document.styles["Title"].element.xpath("w:rPr/w:spacing")
    apart.getparent().remove(apart)  # letters set apart break the words of a script that joins them
    (said,) = document.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr/w:lang")
    said.set(qn("w:bidi" if turned else "w:val"), tag_of(language))


def _write_section(document: WordDocument, section: Section, case: Case, *, turned: bool) -> None:
    """A heading and a table of two columns whose first row is repeated on each page."""
    _write(document.add_heading(level=1), section.heading, turned=turned)
    table = document.add_table(rows=0, cols=len(WIDTHS), style="Table Grid")
    if turned:
        table.table_direction = WD_TABLE_DIRECTION.RTL
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = width
    for cell, words in zip(table.add_row().cells, case.asked.words["columns"], strict=True):
        _write(cell.paragraphs[0], words, turned=turned, bold=True)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for entry in section.entries:
        heading, told = table.add_row().cells
        _write(heading.paragraphs[0], entry.heading, turned=turned, bold=True)
        _write_lines(told, entry, turned=turned)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _write_lines(cell: _Cell, entry: Entry, *, turned: bool) -> None:
    """A value, a paragraph a line."""
    for nth, line in enumerate(entry.lines):
        paragraph = cell.add_paragraph() if nth else cell.paragraphs[0]
        its_own = reads_right_to_left(line, otherwise=turned) if entry.is_free else turned
        _write(paragraph, line, turned=its_own)


def _write(paragraph: Paragraph, text: str, *, turned: bool, bold: bool | None = None) -> None:
    """Words in a paragraph of one direction, each stretch of the other one in a run of its own."""
    if turned:
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))  # behind the style, which is all there is
    for part, right_to_left in stretches(text, right_to_left=turned):
        run = paragraph.add_run(part)
        run.font.bold = run.font.cs_bold = bold
        run.font.rtl = True if right_to_left else None


def _bytes_of(document: WordDocument) -> bytes:
    """The document's bytes, without the moment at which they were written."""
    written = io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as archive:
        return zipped((name, archive.read(name)) for name in archive.namelist())
