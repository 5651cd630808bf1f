"""The report of a month as one straight script: the notebook's cells one after the other, then its HTML and its PDF.

    python straight.py 2020-11 RECORDS FOLDER

No kernel, no Jupyter, nothing at the same time, nothing kept: the least that the same work takes.
"""

import json
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_output

from analysis.places import NOTEBOOKS
from analysis.rendering import show
from analysis.rendering.document import read_document
from analysis.rendering.html_writer import write_html
from analysis.rendering.typst_writer import write_pdf


def main(month: str, records: str, folder: str) -> None:
    notebook = nbformat.read(NOTEBOOKS / "monthly_report.ipynb", as_version=4)
    shown: list[nbformat.NotebookNode] = []
    # Sent as a kernel sends it: as JSON.
    show.display = lambda data, **_: shown.append(new_output("display_data", json.loads(json.dumps(data))))
    names: dict[str, object] = {"In": [""]}
    for number, cell in enumerate((cell for cell in notebook.cells if cell.cell_type == "code"), 1):
        shown.clear()
        exec(cell.source, names)
        cell["outputs"], cell["execution_count"] = [*shown], number
        if "parameters" in cell.metadata.get("tags", []):
            names |= {"month": month, "records": records}
    document = read_document(notebook)
    Path(folder, "report.html").write_text(write_html(document), encoding="utf-8")
    Path(folder, "report.pdf").write_bytes(write_pdf(document))


if __name__ == "__main__":
    main(*sys.argv[1:])
