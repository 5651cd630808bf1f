"""Making a report over many months: the notebook that its topic asks for, written and checked like any other."""

from collections.abc import Callable
from pathlib import Path

from analysis.errors import BadParameter
from analysis.files import files_of
from analysis.places import NOTEBOOKS
from analysis.records.vintages import read_vintage
from analysis.running.folders import replacing
from analysis.running.reports import Report, write_report
from analysis.texts import languages_asked
from analysis.toll.report_records import read_span, require_records
from analysis.toll.topics import Topic

TOPICS = NOTEBOOKS / "topic_report.ipynb"
# What is about all the months and no single topic has a notebook of its own.
OTHERS = {"clocks": NOTEBOOKS / "two_clocks.ipynb", "attribution": NOTEBOOKS / "attribution.ipynb"}


def topic_notebook(name: str) -> Path:
    """The notebook that makes the report of a topic."""
    return OTHERS.get(name, TOPICS)


def make_topic(
    name: str,
    code: str = "",
    *,
    location: str,
    out: Path,
    first: str = "",
    last: str = "",
    vintage: int | None = None,
    language: str = "en",
    on_step: Callable[[str], None] = lambda _: None,
) -> Report:
    """Make a topic's report in `out`/<topic>_<first>_<last>/, whole or not at all.

    It is never a published one: what is published are months and periods (METHOD M28).
    Raises BadParameter, BadMonth, BadRecords, QualityGateFailed …: the last report stays in place.
    """
    languages_asked(language)
    span = read_span(first, last, location=location, vintage=vintage)
    require_records(location, span, vintage)
    about = _about(name, code, profile=read_vintage(location, vintage).profile)
    parameters: dict[str, str | int] = {"first": str(span.begin), "last": str(span.end), "language": language}
    parameters |= {} if vintage is None else {"vintage": vintage}
    target = out / f"{'-'.join(filter(None, (name, code)))}_{span.begin}_{span.end}"
    with replacing(target) as folder:
        ledger = write_report(
            span, about | parameters, folder, notebook=topic_notebook(name), location=location, on_step=on_step
        )
    return Report(target, tuple(files_of(target).values()), ledger)


def _about(name: str, code: str, *, profile: str) -> dict[str, str]:
    """The notebook's own parameters. Raises BadParameter for an unknown topic or code before anything is run."""
    if name in OTHERS and code:
        raise BadParameter(f"The topic {name} is about all civilians and has no code: leave {code!r} out.")
    if name in OTHERS:
        return {}
    Topic.parse(name, code, profile=profile)
    return {"topic": name, "code": code}
