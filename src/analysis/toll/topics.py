"""One topic over a span of months: a party, a governorate, landmines, torture, massacres (METHOD M30).

Ids are those of the toll, with what the topic is broken down by behind it: `torture.span.month.2020-03.children`,
`civilians.span.party.sdf.year.2020`, `landmines.span.governorate.aleppo`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from analysis.codelists import NOT_RECORDED, SYRIA, read_codelist
from analysis.errors import BadParameter
from analysis.month import Month
from analysis.period import Span
from analysis.quality.gate import Finding
from analysis.toll.claims import Claim, Ledger
from analysis.toll.comparisons import breakdown, ranks, share, shares
from analysis.toll.counting import Definition
from analysis.toll.definitions import (
    Vocabulary,
    by_governorate,
    by_party,
    crossed,
    died_earlier,
    is_blank,
    massacre_people,
    measure,
    one_month,
    one_year,
    parts,
    period,
)
from analysis.toll.monthly import require_breakdown
from analysis.toll.report_records import ReportRecords
from analysis.toll.spanning import on_its_footing, span_counts

# The code list that a topic's code is taken from; the other topics have none.
CODED = {"party": "parties", "governorate": "governorates"}
# What a topic is broken down by. A massacre may be in no single place.
DIMENSIONS = {
    "party": ("governorate",),
    "governorate": ("party",),
    "landmines": ("party", "governorate"),
    "torture": ("party", "governorate"),
    "massacres": ("party",),
}
# What has to be recorded for a death to be seen as the topic's: blank, it may belong to it all the same (METHOD M20).
DECIDED_BY = {"landmines": "cause", "massacres": "incident_id"}


@dataclass(frozen=True)
class Topic:
    """What a report over many months is about; `code` says which party or governorate."""

    name: str
    code: str = ""

    @classmethod
    def parse(cls, name: str, code: str = "", *, profile: str = SYRIA) -> "Topic":
        """Read a topic and its code. Raises BadParameter for an unknown one, or a code that it does not have."""
        if name not in DIMENSIONS:
            raise BadParameter(f"The topic {name!r} is not known. Known are {', '.join(DIMENSIONS)}.")
        known = read_codelist(CODED[name], profile).codes if name in CODED else [""]
        if code not in known:
            given = f"the code {code!r}" if code else "no code"
            wanted = f"one of {', '.join(known)}" if name in CODED else "no code"
            raise BadParameter(f"The topic {name} was given {given}. Give it {wanted}.")
        return cls(name, code)

    def __str__(self) -> str:
        return "-".join(filter(None, (self.name, self.code)))

    @property
    def stem(self) -> str:
        """The claim of the topic's toll."""
        return f"civilians.span.{self.name}.{self.code}" if self.code else f"{self.name}.span"

    @property
    def dimensions(self) -> tuple[str, ...]:
        return DIMENSIONS[self.name]

    @property
    def people(self) -> tuple[str, ...]:
        """The parts of its numbers that are claimed beside them."""
        return ("deaths", "children", "women") if self.name == "massacres" else ("children", "women")

    @property
    def not_recorded(self) -> str:
        """The claim of the deaths that may belong to the topic without being recorded as such; '' where none can."""
        if self.name in CODED:
            return f"civilians.span.{self.name}.{NOT_RECORDED}"
        return f"civilians.span.without.{DECIDED_BY[self.name]}" if self.name in DECIDED_BY else ""


def topic_definitions(topic: Topic, when: Span, words: Vocabulary) -> list[Definition]:
    """Every count of a topic: the toll of all civilians, its own by month, by year, by party and place."""
    column, party, people = _counted_by(topic, words)
    toll, base = measure("civilians", words) & period("span", when.months, words), _base(topic, when, words)
    others = _by(topic.name, when, words) if topic.name in CODED else []
    field = DECIDED_BY.get(topic.name)
    without = [Definition(f"without.{field}", "M20", words["without"][field], is_blank(field), "same")] if field else []
    dimensions = [
        *(one_month(each, words, of=column) for each in when.months),
        *(one_year(year, each, words, of=column) for year, each in when.years.items()),
        *(each for one in topic.dimensions for each in _by(one, when, words, of=party)),
    ]
    return [
        toll,
        *crossed(toll, [one_year(year, each, words) for year, each in when.years.items()]),
        *crossed(toll, without),
        *died_earlier(when, period("span", when.months, words), words),
        *(crossed(toll, others, people) if others else [base, *crossed(base, people)]),
        *crossed(base, dimensions, people),
    ]


def _counted_by(topic: Topic, words: Vocabulary) -> tuple[str, str, list[Definition]]:
    """The columns of the month and the party that a topic's deaths belong to, and which people are counted too."""
    if topic.name == "massacres":
        return "massacre_month", "massacre_party", massacre_people(words)
    return "month", "party", parts(words)


def _base(topic: Topic, when: Span, words: Vocabulary) -> Definition:
    """The topic's own toll. Raises BadParameter for a party that is in force in none of the months."""
    if topic.name not in CODED:
        column, _, _ = _counted_by(topic, words)
        return measure(topic.name, words) & period("span", when.months, words, of=column)
    mine = [one for one in _by(topic.name, when, words) if one.id == f"{topic.name}.{topic.code}"]
    if not mine:
        raise BadParameter(f"The party {topic.code} is in force in no month of {when}. Ask for other months.")
    return measure("civilians", words) & period("span", when.months, words) & mine[0]


def _by(dimension: str, when: Span, words: Vocabulary, *, of: str = "party") -> list[Definition]:
    return by_party(when.months, words, of=of) if dimension == "party" else by_governorate(words)


def topic_ledger(
    records: ReportRecords,
    findings: Mapping[Month, Sequence[Finding]],
    topic: Topic,
    *,
    language: str = "en",
    counted_as: Ledger | None = None,
) -> Ledger:
    """Every claim of a topic's report; `counted_as` as for a month. Raises TotalsDisagree where parts do not add up."""
    when, words = records.when, Vocabulary(language, records.profile)
    assert isinstance(when, Span)
    definitions = topic_definitions(topic, when, words)
    ledger = span_counts(records.countable, definitions, counted_as)
    require_topic_sums(ledger, topic)
    ledger = ledger.extended([*_comparisons(ledger, topic, words), *_months_at_zero(ledger, topic, records, words)])
    return on_its_footing(ledger, records, findings, words)


def require_topic_sums(ledger: Ledger, topic: Topic) -> None:
    """Refuse a topic whose months, years, parties or places do not add up to it (METHOD M21)."""
    for dimension in ("month", "year", *topic.dimensions):
        for part in ("", *topic.people):
            require_breakdown(ledger, topic.stem, f"{topic.stem}.{dimension}", part)
    require_breakdown(ledger, "civilians.span", "civilians.span.year")
    if topic.name in CODED:
        require_breakdown(ledger, "civilians.span", f"civilians.span.{topic.name}")


def _comparisons(ledger: Ledger, topic: Topic, words: Vocabulary) -> list[Claim]:
    """Shares of the toll and of the topic, and the places of its months, years, parties and governorates."""
    stem = topic.stem
    among = {"month": "months", "year": "years", "party": "parties", "governorate": "governorates"}
    return [
        *([] if topic.name == "massacres" else _of_the_toll(ledger, stem, words)),
        *([] if topic.name == "massacres" else shares(ledger, [stem], words)),
        *[claim for dimension in ("month", "year", *topic.dimensions)
          for claim in ranks(breakdown(ledger, f"{stem}.{dimension}", recorded=True), among[dimension], words)],
        *(ranks(breakdown(ledger, f"civilians.span.{topic.name}", recorded=True), among[topic.name], words)
          if topic.name in CODED else []),
    ]  # fmt: skip


def _of_the_toll(ledger: Ledger, stem: str, words: Vocabulary) -> list[Claim]:
    """What share the topic has in the toll of the span and of each of its years."""
    years = [(one, ledger[one.id.replace(stem, "civilians.span", 1)]) for one in breakdown(ledger, f"{stem}.year")]
    return [claim for part, whole in [(ledger[stem], ledger["civilians.span"]), *years]
            for claim in share(part, whole, words)]  # fmt: skip


def _months_at_zero(ledger: Ledger, topic: Topic, records: ReportRecords, words: Vocabulary) -> Iterable[Claim]:
    """The months that have records, and none of the topic's: a nought that is documented."""
    held = {str(month) for month in records.held}
    months = [one.id.rpartition(".")[2] for one in breakdown(ledger, f"{topic.stem}.month") if one.value == 0]
    found = [month for month in months if month in held]
    text = words["derived"]["months_at_zero"]
    yield Claim(f"{topic.stem}.months_at_zero", len(found), "months", "M30", text, of=tuple(found))
