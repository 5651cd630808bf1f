"""Claims: each made once, found by id, traceable by digest."""

import hashlib
import json
import random

import pytest

from analysis.errors import ClaimsContradict, UnknownClaim
from analysis.toll.claims import Claim, Ledger, digest


def claim(claim_id: str, value: float | str = 1) -> Claim:
    return Claim(claim_id, value, "people", "M1", "invented")


def test_the_digest_is_the_sha_256_of_the_sorted_ids_one_a_line() -> None:
    # METHOD M23; the second is the SHA-256 of nothing.
    assert digest(["b", "a"]) == hashlib.sha256(b"a\nb").hexdigest()
    assert digest([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_the_digest_does_not_depend_on_the_order_of_the_records() -> None:
    ids = [f"R-{nth}" for nth in range(30)]
    assert digest(random.Random(1).sample(ids, len(ids))) == digest(ids)


def test_the_digest_tells_other_records_apart() -> None:
    assert digest(["a", "b"]) != digest(["a", "c"])
    assert digest(["a", "b"]) != digest(["ab"])
    assert digest(["a"]) != digest(["a", "a"])


def test_an_id_is_claimed_once() -> None:
    with pytest.raises(UnknownClaim, match=r"^2 claims are made twice \(a\.month, b\.month\)\.$"):
        Ledger([claim("b.month"), claim("a.month"), claim("b.month"), claim("c.month"), claim("a.month")])


def test_a_claim_that_nobody_made_is_named() -> None:
    ledger = Ledger([claim("civilians.month")])
    for ask in (ledger.__getitem__, ledger.value, ledger.count):
        with pytest.raises(UnknownClaim, match=r"Nothing computed the claim 'civilians\.mouth'\. Its id is misspelt"):
            ask("civilians.mouth")
    assert "civilians.mouth" not in ledger


def test_what_two_parts_of_a_report_both_claim_is_one_claim() -> None:
    united = Ledger([claim("a.month"), claim("both", 5)]).united(Ledger([claim("both", 5), claim("a.half")]))
    assert list(united) == ["a.month", "both", "a.half"]


@pytest.mark.parametrize("other", [claim("both", 6), Claim("both", 5, "people", "M1", "other words")])
def test_parts_of_a_report_that_claim_different_things_under_one_id_stop_it(other: Claim) -> None:
    with pytest.raises(ClaimsContradict, match=rf"both is 5 in one part of the report and {other.value} in another"):
        Ledger([claim("both", 5)]).united(Ledger([other]))


def test_claims_keep_the_order_in_which_they_were_made() -> None:
    assert list(Ledger([claim("b"), claim("a"), claim("c")])) == ["b", "a", "c"]


def test_a_count_is_a_whole_number() -> None:
    ledger = Ledger([claim("people", 3), claim("share", 27.5), claim("since", "2020-01")])
    assert ledger.count("people") == 3
    for other in ("share", "since"):
        with pytest.raises(UnknownClaim, match="is not a whole number"):
            ledger.count(other)


def test_claims_json_is_a_list_with_every_field_one_claim_a_line() -> None:
    ledger = Ledger([claim("a"), Claim("b", 27.5, "percent", "M16", "حصة", basis="claims", of=("a",))])
    text = ledger.to_json()
    assert len(text.splitlines()) == 4
    assert "حصة" in text
    found = json.loads(text)
    assert [one["id"] for one in found] == ["a", "b"]
    assert set(found[0]) >= {"id", "value", "unit", "rule", "where", "records", "digest", "basis"}
    assert found[1]["of"] == ["a"]


def test_no_claims_are_an_empty_list() -> None:
    assert json.loads(Ledger([]).to_json()) == []
