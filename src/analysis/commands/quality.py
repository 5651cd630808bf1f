"""`toll quality`: the gate alone, and the proof that it bites."""

from dataclasses import asdict
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from analysis.commands.options import json_option, print_json, records_option, vintage_option
from analysis.errors import QualityGateFailed, first_three
from analysis.month import Month


@click.command()
@click.argument("month", metavar="YYYY-MM")
@records_option
@vintage_option
@click.option("--prove", is_flag=True, help="Plant one fault for each check in a copy, and show that it is caught.")
@json_option
def quality(month: str, records: str, vintage: int | None, prove: bool, as_json: bool) -> None:
    """Run the quality gate on a month; exit 1 where it fails."""
    when = Month.parse(month)
    from analysis.quality import faults, frames, gate, suites
    from analysis.toll.report_records import read_report_records

    read = read_report_records(when, location=records, vintage=vintage)
    expected = suites.read_suites(when, profile=read.profile)
    if prove:
        return _print_proofs(faults.prove(read.window, when, expected, profile=read.profile), as_json)
    findings = gate.run_suites(frames.quality_frames(read.window, when, profile=read.profile), expected)
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        _print_findings(gate.gravest_first(findings))
    return gate.gate(findings)


def _print_findings(findings: list[Any]) -> None:
    table = Table("Check", "Severity", "Tested", "Failing", "Result", "First records")
    for one in findings:
        numbers = str(one.tested), str(one.failing)
        table.add_row(one.check, one.severity, *numbers, one.status, first_three(one.record_ids))
    Console().print(table)


def _print_proofs(proofs: list[Any], as_json: bool) -> None:
    planted = [proof for proof in proofs if not proof.not_provable]
    missed = [proof for proof in planted if not proof.holds]
    if as_json:
        print_json([asdict(proof) for proof in proofs])
    else:
        for proof in proofs:
            click.echo(str(proof))
        click.echo(f"{len(planted) - len(missed)} of {len(planted)} planted faults were caught.")
        for proof in proofs:
            if proof.not_provable:
                click.echo(f"{proof.id} is not provable: {proof.not_provable}.")
    if missed:
        raise QualityGateFailed(
            f"{len(missed)} planted faults were not caught ({first_three(proof.id for proof in missed)}): these checks "
            "do not bite. Correct the expectation, or the fault it names."
        )
