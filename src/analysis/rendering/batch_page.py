"""The page of a batch: what became of each of its reports, and how long it took. No script, no request."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from analysis.rendering.index_page import TEMPLATES


@dataclass(frozen=True)
class Line:
    """One report as the page shows it; `page` is the address of its HTML, '' where there is none."""

    when: str
    kind: str
    said: str
    seconds: float
    page: str


def write_batch_page(lines: Sequence[Line], *, kinds: Sequence[str], seconds: float, edition: str) -> str:
    """The page: of which edition, how many ended in which way, then each report in the order asked for."""
    counted = Counter(line.kind for line in lines)
    totals = [(kind, counted[kind]) for kind in kinds if counted[kind]]
    css = "\n".join((TEMPLATES / name).read_text(encoding="utf-8") for name in ("report.css", "index.css"))
    return _template().render(lines=lines, totals=totals, seconds=seconds, edition=edition, css=Markup(css)) + "\n"


@cache
def _template() -> Template:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("batch.html.j2")
