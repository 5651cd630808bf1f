"""Importing a package without those that it does not need: nothing is lost, and nothing stays hidden."""

import subprocess
import sys

import pytest

from analysis.quick_imports import hidden, later


def test_hidden_package_looks_as_if_it_were_not_installed_and_is_there_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    with hidden("colorsys"), pytest.raises(ModuleNotFoundError):
        import colorsys
    import colorsys

    assert colorsys.rgb_to_hls(0, 0, 0) == (0, 0, 0)


def test_package_put_off_is_imported_when_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("xml.dom.minidom", "xml.dom", "xml"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    with later("xml.dom.minidom"):
        from xml.dom import minidom
    assert "xml.dom.minidom" not in sys.modules
    assert minidom.parseString("<a/>").documentElement.tagName == "a"
    assert "xml.dom.minidom" in sys.modules


def test_package_that_is_imported_already_is_left_as_it_is() -> None:
    before = sys.modules["subprocess"]
    with hidden("subprocess"), later("subprocess"):
        import subprocess as now
    assert now is before


@pytest.mark.parametrize("used", ["scipy.stats", "altair", "sqlalchemy"])
def test_great_expectations_is_imported_without_what_no_check_uses(used: str) -> None:
    """In a process of its own: here others may have imported it."""
    said = f"from analysis.quality.suites import load_gx; load_gx(); import sys; print({used!r} in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


def test_expectation_that_needs_what_was_put_off_still_works() -> None:
    said = """
import pandas as pd
from analysis.quality.suites import load_gx
gx = load_gx()
batch = gx.get_context(mode="ephemeral").data_sources.add_pandas("p").add_dataframe_asset("a")
batch = batch.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": pd.DataFrame({"c": list("aab")})})
partition = {"values": ["a", "b"], "weights": [0.6, 0.4]}
one = gx.expectations.ExpectColumnKLDivergenceToBeLessThan(column="c", partition_object=partition, threshold=0.1)
print(batch.validate(one).success)
"""
    ran = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=False)
    assert ran.stdout.split()[-1:] == ["True"], ran.stderr[-500:]
