"""What is wrong with the blocks of conclusions and recommendations: above all a condition that can never hold."""

import re
from collections.abc import Iterator
from dataclasses import replace

from analysis.codelists import read_codelist
from analysis.editing.invented_year import in_force, telling_months
from analysis.editing.template_faults import NO_CLAIM, Template, did_you_mean, template_faults
from analysis.editing.text_files import Entry, TextFault, entries

PARTS = ("conclusions", "recommendations")
KEYS = ("id", "part", "when", "text")
PARTY = re.compile(r"\.party\.(\w+)")


def block_faults(shown: Template) -> Iterator[TextFault]:
    """Every fault of the blocks of a file, block by block."""
    blocks: dict[str, dict[str, Entry]] = {}
    for entry in entries(shown.file.path):
        if entry.path[0] == "blocks" and len(entry.path) > 1:
            blocks.setdefault(entry.path[1], {})["".join(entry.path[2:])] = entry
    for name, said in blocks.items():
        yield from _block(shown, name, said)


def _block(shown: Template, name: str, said: dict[str, Entry]) -> Iterator[TextFault]:
    for key in (key for key in KEYS if key not in said):
        yield shown.file.fault(said[""].line, f"the block {name} has no {key!r}", "Add it.")
    part = said.get("part")
    if part and part.text not in PARTS:
        what = f"the block {name} is never shown: there is no part {part.text!r}"
        yield shown.file.fault(part.line, what, did_you_mean(part.text, PARTS))
    if "when" in said:
        yield from _condition(shown, name, said["when"])
    for entry in (said[key] for key in ("heading", "text") if key in said):
        yield from template_faults(replace(shown, source=entry.text, first_line=entry.text_line))


def _condition(shown: Template, block: str, when: Entry) -> Iterator[TextFault]:
    """A condition that holds in no month and no longer period: nobody claims it, or it is nothing even in the worst."""
    claim = when.text
    if shown.holds(claim):
        return
    never = f"the block {block} is never in"
    if shown.makes(claim):
        what = f"{never}: {claim!r} is always zero"
        yield shown.file.fault(when.line, what, "Hang it on another claim, or look at the dates of its code.")
        return
    party = PARTY.search(claim)
    known = [one for one in shown.profiles if party and party[1] in read_codelist("parties", one).codes]
    if known and party and not _ever_in_force(party[1], known):
        what = f"{never}: {party[1]} is a party that is in force in no month"
        yield shown.file.fault(when.line, what, f"Correct its dates in {read_codelist('parties', known[0]).file}.")
    else:
        yield shown.file.fault(when.line, f"{never}: {NO_CLAIM} {claim!r}", shown.suggestion(claim))


def _ever_in_force(party: str, profiles: list[str]) -> bool:
    return any(party in in_force("parties", one, month) for one in profiles for month in telling_months(one))
