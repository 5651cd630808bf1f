"""A bundle without records: a stranger finds what was changed in its pages and claims, and its owner makes it again."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from commands import MONTH

from analysis.audit.bundle import PAYLOAD, pack, write_manifests
from analysis.audit.unpacking import unpacked
from analysis.audit.verdicts import Verification
from analysis.audit.verify import verify
from analysis.commands.verify import diff
from analysis.errors import BadParameter

Forge = Callable[[str, str, str], Path]


@pytest.fixture
def bundle(lower_editions: Path) -> Path:
    return lower_editions / "out" / f"{MONTH}.public" / f"toll-{MONTH}.public.zip"


@pytest.fixture
def owners(lower_editions: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where the owner's records are; the keys are the owner's."""
    monkeypatch.setenv("TOLL_KEYS", str(lower_editions.parent / "canaries" / "keys"))
    return str(lower_editions.parent / "canaries" / "records")


@pytest.fixture
def forge(bundle: Path, tmp_path: Path) -> Forge:
    """Put some words in another's place in a file of the report, and pack it with a manifest that fits."""

    def forged(name: str, was: str, now: str) -> Path:
        out = tmp_path / bundle.name
        with unpacked(bundle) as bag:
            file = bag / PAYLOAD / "report" / name
            text = file.read_text(encoding="utf-8")
            assert was in text
            file.write_text(text.replace(was, now), encoding="utf-8")
            write_manifests(bag)
            pack(bag, out)
        return out

    return forged


def wrong(found: Verification) -> dict[str, str]:
    return {one.name: one.detail for one in found.verdicts if one.result == "differs" and one.kind != "package"}


def test_a_number_changed_on_the_page_is_found(forge: Forge) -> None:
    found = wrong(verify(forge("report.en.html", ">11</a>", ">12</a>")))
    assert set(found) == {"report.en.html", "ro-crate-metadata.json"}


def test_a_claim_that_others_contradict_is_found_with_what_they_give(forge: Forge) -> None:
    text = '"id": "civilians.month.rank_of_year", "value": 1'
    found = wrong(verify(forge("claims.json", text, text.replace("1", "2"))))
    assert "but" in found["civilians.month.rank_of_year"]
    assert "civilians.month.rank_of_year is 2" in found["civilians.month.rank_of_year"]


def test_a_count_that_is_more_than_its_whole_is_found(forge: Forge) -> None:
    text = '"id": "civilians.month.women", "value": 0'
    found = wrong(verify(forge("claims.json", text, text.replace("0", "99"))))
    assert any("more than its whole" in detail for detail in found.values())
    assert "civilians.month.women" in found["numbers on the pages"]


def test_a_notebook_that_is_none_gives_no_report(forge: Forge) -> None:
    assert "no report can be made from it" in wrong(verify(forge("report.ipynb", '"nbformat"', '"nb"')))["report.ipynb"]


def test_the_owner_makes_it_again_in_every_part(bundle: Path, owners: str) -> None:
    found = verify(bundle, records=owners)
    assert wrong(found) == {}
    assert found.holds
    assert found.withheld == 0
    assert set(found.counts("claim")) == {"identical"}


def test_the_owner_without_the_key_is_told_so(bundle: Path, owners: str, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("TOLL_KEYS", str(tmp_path))
    with pytest.raises(BadParameter, match=r"no pseudonyms\.key"):
        verify(bundle, records=owners)
    assert list(tmp_path.iterdir()) == []


def test_records_are_not_asked_for_where_a_bundle_holds_them(lower_editions: Path, owners: str) -> None:
    auditors = lower_editions / "out" / f"{MONTH}.auditor" / f"toll-{MONTH}.auditor.zip"
    with pytest.raises(BadParameter, match="Leave --records out"):
        verify(auditors, records=owners)


def test_two_public_bundles_are_compared_claim_by_claim(bundle: Path, forge: Forge) -> None:
    text = '"id": "civilians.month.women", "value": 0'
    other = forge("claims.json", text, text.replace("0", "1"))
    told = CliRunner().invoke(diff, [str(bundle), str(other), "--json"])
    assert [(one["claim"], one["was"], one["now"]) for one in json.loads(told.output)] == [
        ("civilians.month.women", 0, 1)
    ]
