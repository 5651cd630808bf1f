"""The environment: one set of versions, whichever tool installs it, every download checked by its hash."""

import re
import subprocess
import sys
import tomllib
from collections import defaultdict
from importlib.metadata import PackageNotFoundError, entry_points, version
from pathlib import Path
from typing import Any

import pytest
import yaml
from commands import run
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from analysis.places import ROOT

# The same package under the name that conda-forge gives it.
CONDA = {"matplotlib-base": "matplotlib", "seaborn-base": "seaborn", "python-duckdb": "duckdb"}
# Each lock, and more than how many packages it surely has.
LOCKS = {"requirements.lock": 100, "requirements-engines.lock": 15, "requirements-s3.lock": 15}
BUILT_BY_MAKE = (Path(sys.prefix) / "installed-from-lock").exists()


def lock_entries(name: str = "requirements.lock") -> list[str]:
    """The requirements of a lock, each with its hashes on one line."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def locked(name: str = "requirements.lock") -> list[Requirement]:
    return [Requirement(line.partition(" --hash=")[0].strip()) for line in lock_entries(name)]


def locked_versions(name: str = "requirements.lock") -> dict[str, set[str]]:
    """Package -> the versions that a lock pins; there may be one for each Python."""
    versions = defaultdict(set)
    for requirement in locked(name):
        versions[canonicalize_name(requirement.name)].add(str(requirement.specifier).removeprefix("=="))
    return versions


def conda_lines() -> tuple[list[str], list[str]]:
    """The lines of environment.yml for conda, and those for pip."""
    lines = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    (pip,) = [line["pip"] for line in lines if isinstance(line, dict)]
    return [line for line in lines if isinstance(line, str)], pip


def conda_versions() -> dict[str, str]:
    """Package -> its version in environment.yml, but for Python, pip and the program itself."""
    conda, pip = conda_lines()
    pinned = [line.split("==") for line in (*conda, *pip) if "==" in line]
    return {str(canonicalize_name(CONDA.get(name, name))): number for name, number in pinned}


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def asked() -> list[Requirement]:
    """What pyproject.toml names for the report, the tests, JupyterLab or the build: all but the engines."""
    extras = [line for name, lines in project()["optional-dependencies"].items() for line in lines if name != "engines"]
    return [Requirement(line) for line in (*project()["dependencies"], *extras)]


def declared() -> set[str]:
    return {str(canonicalize_name(one.name)) for one in asked()}


@pytest.mark.parametrize("name", LOCKS)
def test_every_entry_of_a_lock_is_one_version_with_hashes(name: str) -> None:
    good = re.compile(r"[\w.-]+(\[\w+\])?==[\w.+!]+( ;[^;]*)? +--hash=")
    wrong = [line[:60] for line in lock_entries(name) if not good.match(line)]
    assert wrong == []
    assert len(lock_entries(name)) > LOCKS[name]


@pytest.mark.parametrize("name", LOCKS)
def test_every_hash_is_sha256(name: str) -> None:
    hashes = [word for line in lock_entries(name) for word in line.split() if word.startswith("--hash")]
    assert [word for word in hashes if not re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", word)] == []


@pytest.mark.parametrize("name", LOCKS)
def test_lock_names_no_address(name: str) -> None:
    assert "://" not in (ROOT / name).read_text(encoding="utf-8")


def test_the_engines_are_locked_apart_and_change_no_version_of_the_report() -> None:
    report, engines = locked_versions(), locked_versions("requirements-engines.lock")
    wanted = [Requirement(line) for line in project()["optional-dependencies"]["engines"]]
    assert [str(one) for one in wanted if not all(map(one.specifier.contains, engines[one.name]))] == []
    assert {name: pins for name, pins in engines.items() if pins != report.get(name, pins)} == {}
    assert "pyspark" not in report


def test_conda_gets_the_versions_of_the_lock() -> None:
    locks = locked_versions()
    assert {name: number for name, number in conda_versions().items() if locks.get(name) != {number}} == {}


def test_every_line_for_conda_is_pinned() -> None:
    conda, pip = conda_lines()
    free = [line for line in (*conda, *pip) if "==" not in line]
    assert free == [f"python{project()['requires-python'].replace(' ', '')}", "pip", "--no-deps --editable ."]


def test_everything_declared_is_locked_and_given_to_conda() -> None:
    assert sorted(declared() - set(locked_versions())) == []
    assert sorted(declared() - set(conda_versions())) == []


def test_conda_gets_nothing_that_is_not_declared() -> None:
    assert sorted(set(conda_versions()) - declared()) == []


def test_locked_versions_are_within_what_is_declared() -> None:
    locks = locked_versions()
    assert [
        f"{one} has {number}"
        for one in asked()
        for number in locks[canonicalize_name(one.name)]
        if not one.specifier.contains(number)
    ] == []


@pytest.mark.skipif(not BUILT_BY_MAKE, reason="This environment was not built by make from the lock.")
def test_installed_is_what_the_lock_says() -> None:
    wrong = {}
    for requirement in locked():
        if requirement.marker is None or requirement.marker.evaluate():
            try:
                installed = version(requirement.name)
            except PackageNotFoundError:
                installed = "nothing"
            if not requirement.specifier.contains(installed, prereleases=True):
                wrong[str(requirement)] = installed
    assert wrong == {}


def test_installed_packages_agree_with_each_other(tmp_path: Path) -> None:
    ran = run("python", "-m", "pip", "check", "--disable-pip-version-check", cwd=tmp_path)
    assert (ran.returncode, ran.stdout) == (0, "No broken requirements found.\n")


def test_jupyterlab_does_not_slow_the_report_down(tmp_path: Path) -> None:
    """With JupyterLab installed, jsonschema from 4.25 builds a grammar of 2 s at import: rfc3987_syntax, by lark."""
    assert {"rfc3987-syntax", "lark"} & set(locked_versions()) == set()
    assert "jupyterlab" in locked_versions()
    ask = (
        "import sys, papermill, nbconvert, jsonschema, great_expectations\n"
        "print(*{'lark', 'rfc3987_syntax'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", ask], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == ""


def test_declared_exporters_and_command_load() -> None:
    exporters = {one.name: one.load().__name__ for one in entry_points(group="nbconvert.exporters")}
    assert exporters["toll_html"] == "TollHTML"
    assert exporters["toll_pdf"] == "TollPDF"
    assert sorted(project()["entry-points"]["nbconvert.exporters"]) == ["toll_html", "toll_pdf"]
    (toll,) = entry_points(group="console_scripts", name="toll")
    assert callable(toll.load())


def test_version_is_the_declared_one() -> None:
    assert version("toll-report") == project()["version"]
