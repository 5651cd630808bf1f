"""Invented records of another country than the sample's: Bolivia, which has code lists of its own and no texts."""

from invented_records import month_records, records

from analysis.toll.report_records import ReportRecords

BOLIVIA = "bolivia"
BARE = {"party": "", "governorate": "", "bucket": "", "date_documented": "2020-11-20"}
# Of the twelve counted in November: security forces five (one incident), miners three, other parties two (one disputed,
# one of a kind not recorded), and two of whom no source names a party.
NOVEMBER = [
    *[{"party": "security_forces", "governorate": "cochabamba", "incident_id": "I-1", "age_group": "child"}] * 2,
    *[{"party": "security_forces", "governorate": "cochabamba", "incident_id": "I-1"}] * 3,
    *[{"party": "miners", "governorate": "potosi", "sex": "female"}] * 2,
    {"party": "miners", "governorate": "oruro", "torture": "true"},
    {"party": "other", "bucket": "disputed", "governorate": "la_paz", "cause": "landmine"},
    {"party": "other", "governorate": "unknown"},
    {"sex": "female", "governorate": "beni"},
    {"age_group": "", "occupation": "media", "torture": "true"},
]
OTHERS = [
    *[{"party": "cocaleros", "governorate": "cochabamba", "date_documented": "2020-10-05"}] * 4,
    {"party": "miners", "governorate": "potosi", "date_documented": "2020-02-05", "torture": "true"},
    {"date_documented": ""},
    {"party": "miners", "withdrawn": "The source took it back."},
    {"party": "miners", "status": "combatant"},
]


def year_of_bolivia() -> ReportRecords:
    """A month with something in every section: twelve of November 2020, four of October, one of February."""
    changes = [BARE | each for each in [*NOVEMBER, *OTHERS]]
    return month_records(records(*changes, profile=BOLIVIA), profile=BOLIVIA)


def one_death_in_bolivia() -> ReportRecords:
    """A month that knows next to nothing: one death, no party, no place."""
    return month_records(records(BARE, profile=BOLIVIA), profile=BOLIVIA)
