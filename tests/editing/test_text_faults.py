"""The texts' editor: each kind of fault, planted in a copy of the texts, is found where it stands; ours have none."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from analysis.command import cli
from analysis.editing import check as editor
from analysis.editing.check import check_texts
from analysis.editing.possible_claims import KINDS, possible
from analysis.editing.text_files import TextFault
from analysis.errors import BadParameter
from analysis.places import NOTEBOOKS, TEXTS
from analysis.toll.claims import Ledger

Plant = Callable[..., list[TextFault]]
LANGUAGES = ("ar", "en")


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    return shutil.copytree(TEXTS, tmp_path / "texts")


@pytest.fixture
def plant(texts: Path) -> Plant:
    """Write something behind a text, or in place of some words of it; what is found then, what is to know left out."""

    def planted(file: str, words: str, instead_of: str = "") -> list[TextFault]:
        path = texts / file
        said = path.read_text(encoding="utf-8")
        assert instead_of in said
        changed = said.replace(instead_of, words, 1) if instead_of else f"{said}\n{words}\n"
        path.write_text(changed, encoding="utf-8")
        return faults(texts, file.partition("/")[0])

    return planted


def faults(folder: Path, language: str | None = None) -> list[TextFault]:
    return [one for one in check_texts(folder, language=language) if one.severity != "info"]


def last_line(file: str) -> int:
    """The line on which `plant` writes behind a text of the repository: a blank one stands between."""
    return len((TEXTS / file).read_text(encoding="utf-8").splitlines()) + 2


def only(found: list[TextFault]) -> TextFault:
    assert len(found) == 1, found
    return found[0]


def test_the_texts_of_the_repository_are_clean_in_every_language():
    assert {path.name for path in TEXTS.iterdir()} == {*LANGUAGES}
    assert not faults(TEXTS)


# -- claims ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "words", "claim", "nearest"),
    [
        ("en/toll.md", '{{ number("civilians.moth") }}', "civilians.moth", "civilians.month"),
        ("ar/toll.md", '{{ number("civilians.moth") }}', "civilians.moth", "civilians.month"),
        ("en/toll_people.md", '{{ people("civilians.this.chilren", "child") }}', "civilians.this.chilren",
         "civilians.this.children"),
        ("en/torture.md", '{{ figure("tortur.so_far") }}', "tortur.so_far", "torture.so_far"),
        ("en/toll.md", '{% if any("torture.month.party.sfd") %}.{% endif %}', "torture.month.party.sfd",
         "torture.month.party.sdf"),
        ("en/toll.md", '{% if "civilians.month.rank_of_yer" in ledger %}.{% endif %}', "civilians.month.rank_of_yer",
         "civilians.month.rank_of_year"),
        ("en/toll.md", '{{ ledger.value("torture.mnth") }}', "torture.mnth", "torture.month"),
        ("en/toll.md", '{{ ledger["torture.mnth"].basis }}', "torture.mnth", "torture.month"),
        ("en/toll.md", '{{ share("civilians.month.party.sdf.children") }}', "civilians.month.party.sdf.children.share",
         "'civilians.month.party.sdf'"),
        ("en/toll.md", '{{ toll("civilians.month", parts="civilians.moth") }}', "civilians.moth.children",
         "'civilians.month'"),
        ("en/toll_parties.md", '{% if "sfd" in codes("civilians.this.party") %}.{% endif %}',
         "civilians.this.party.sfd", "civilians.this.party.sdf"),
        # A part that only the records know leaves the constant part to be right.
        ("en/toll_parties.md", '{% for code in "ab" %}{{ toll("civilans.this.party." ~ code) }}{% endfor %}',
         "civilans.this.party.*", "civilians.this.party"),
        ("en/toll.md", '{% set top = "torture." ~ "mnth" %}{{ number(top ~ ".children") }}', "torture.mnth.children",
         "torture.month.children"),
        ("en/toll.md", '{% for one in ["torture", "tortures"] %}{{ number(one ~ ".month") }}{% endfor %}',
         "tortures.month", "torture.month"),
        ("en/massacre.md", '{{ number(stem ~ ".womn") }}', "massacres.month.incident.*.womn",
         "massacres.month.incident.*.women"),
        ("en/revisions.md", '{{ number(stem ~ ".differnce") }}', "revision.month.differnce",
         "revision.month.difference"),
        ("en/data_quality.md", '{{ figure("duplicates.vintage.repeat") }}', "duplicates.vintage.repeat",
         "duplicates.vintage.repeats"),
        ("en/syria/covid.md", '{{ figure("external.covid_death") }}', "external.covid_death", "external.covid_deaths"),
    ],
)  # fmt: skip
def test_a_claim_that_no_report_makes_is_found_with_the_one_most_like_it(
    plant: Plant, file: str, words: str, claim: str, nearest: str
):
    found = only(plant(file, words))
    assert (found.file, found.line) == (f"notebooks/texts/{file}", last_line(file))
    assert found.what == f"no report can make the claim {claim!r}"
    assert nearest in found.action


@pytest.mark.parametrize("stem", ["civilians.month.parti", "civilians.month.party.sdf.children"])
def test_a_breakdown_that_no_report_makes_is_found(plant: Plant, stem: str):
    assert stem in only(plant("en/toll.md", f'{{% for code in codes("{stem}") %}}.{{% endfor %}}')).what


def test_a_claim_that_only_other_reports_make_is_found(plant: Plant):
    """The year before is claimed in the reports of years, and toll.md is a month's."""
    assert not plant("en/period_toll.md", '{% if any("civilians.year_before") %}.{% endif %}')
    assert (
        "civilians.year_before" in only(plant("en/toll.md", '{% if any("civilians.year_before") %}.{% endif %}')).what
    )


@pytest.mark.parametrize(
    "claim",
    ["civilians.ytd.month.2031-07.children", "massacres.month.incident.SY-1.women", "civilians.last_year",
     "published.torture.month", "evidence.month.missing", "since_revision.moved", "records.month.allocated.torture",
     "revision.ytd.month.2020-03.now", "quality.month.checks", "method.massacre_threshold", "reconciliation.this",
     "civilians.month.change.previous_month.percent", "torture.month.highest_since", "records.this.vintage"],
)  # fmt: skip
def test_what_only_some_months_claim_is_known_without_records(plant: Plant, claim: str):
    assert not plant("en/toll.md", f'{{% if "{claim}" in ledger %}}.{{% endif %}}')


def test_every_notebook_says_which_reports_it_makes():
    assert {path.stem for path in NOTEBOOKS.glob("*.ipynb")} == {*KINDS}


def test_every_claim_of_the_sample_month_is_known_without_its_records(november_ledger: Ledger):
    known = list(possible(KINDS["monthly_report"], ["syria"]))
    assert [claim for claim in november_ledger if not any(one.find(claim) for one in known)] == []


# -- words of a text's own ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("en/toll.md", "12"), ("en/toll.md", "twelve"), ("en/toll.md", "worst"), ("en/toll.md", "fewer than"),
        ("en/syria/background.md", "2020"), ("en/syria/cases/SY-2020-11-0006.md", "dozens"), ("ar/toll.md", "خمسة"),
        ("ar/toll.md", "وأكثر"), ("ar/syria/covid.md", "٢٠"), ("ar/toll.md", "ارتفعت"),
    ],
)  # fmt: skip
def test_a_number_superlative_or_comparison_of_a_texts_own_is_found_with_its_line(plant: Plant, file: str, words: str):
    found = only(plant(file, f"Then {words}."))
    assert (found.file, found.line) == (f"notebooks/texts/{file}", last_line(file))
    assert "of the text's own" in found.what
    assert "data/references.csv" in found.action


def test_a_number_that_an_expression_prints_is_found_too(plant: Plant):
    words = '{{ "Nobody" if not any("civilians.month") else "A dozen people" }}'
    assert "'dozen'" in only(plant("en/toll.md", words)).what


@pytest.mark.parametrize(
    ("file", "words", "instead_of"),
    [
        ("en/syria/blocks.yml", "ISIS killed three people, {{", "ISIS killed {{"),
        ("en/syria/blocks.yml", "To the two Russias", "To Russia"),
        ("en/cover.yml", "Every figure is the lowest.", "Every figure is a minimum."),
        ("en/cover.yml", "The worst report on", "Annual report on"),
    ],
)
def test_a_number_in_a_block_or_on_the_first_page_is_found_with_its_line(
    plant: Plant, file: str, words: str, instead_of: str
):
    found = only(plant(file, words, instead_of))
    assert found.file == f"notebooks/texts/{file}"
    lines = (TEXTS / file).read_text(encoding="utf-8").splitlines()
    assert instead_of in lines[found.line - 1]


# -- syntax and names --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "what", "action"),
    [
        ("{{ number( }}", "cannot be read", "Correct"),
        ('{% if any("civilians.month") %}', "cannot be read", "Correct"),
        ("{{ mont }}", "nothing is called 'mont'", "'month'"),
        ('{{ peple("civilians.month") }}', "nothing is called 'peple'", "'people'"),
        ('{{ people("civilians.month") | capitalise_first }}', "no filter 'capitalise_first'", "'capitalize_first'"),
        ('{% if "a" is numbr %}.{% endif %}', "no test 'numbr'", "'number'"),
        ('{{ ledger.valu("civilians.month") }}', "ledger has no 'valu'", "'value'"),
        ('{{ people("civilians.month", nown="child") }}', "people(…) cannot be asked like this", "Correct"),
        ("{{ number() }}", "number(…) cannot be asked like this", "Correct"),
        ('{{ people("civilians.month", "civilain") }}', "no noun 'civilain'", "'civilian'"),
        ('{{ people("civilians.month", "soldier") }}', "no noun 'soldier' in notebooks/texts/en/wording.yml", "Add"),
        ('{{ people("civilians.month", "child", "dative") }}', "no case 'dative'", ""),
        ('{{ name("partys", "sdf") }}', "no code list 'partys'", "'parties'"),
        ('{{ name("parties", "sfd") }}', "no code 'sfd'", "'sdf'"),
        ('{{ names("partys", ["sdf"]) }}', "no code list 'partys'", "'parties'"),
        ('{{ fixed("res_9999") }}', "no key 'res_9999' in data/references.csv", "'res_2"),
        ('{% if current("cease") %}.{% endif %}', "no key 'cease' in data/references.csv", "'ceasefire'"),
        ('{{ source_of("covid_death") }}', "no key 'covid_death' in data/external.csv", "'covid_deaths'"),
    ],
)
def test_whatever_a_text_asks_for_in_vain_is_found(plant: Plant, words: str, what: str, action: str):
    found = only(plant("en/toll.md", words))
    assert found.line >= last_line("en/toll.md")
    assert what in found.what
    assert action in found.action


def test_a_fixed_text_that_a_language_does_not_say_is_found(texts: Path):
    shutil.copytree(texts / "ar", texts / "fr")
    asked = [one.what for one in faults(texts, "fr") if one.file.endswith("/fr/background.md")]
    assert asked == ["there is no key 'majority' in data/references.csv, text_fr"]


def test_what_a_case_does_not_hold_is_found(plant: Plant):
    found = only(plant("en/syria/cases/SY-2020-11-0006.md", "{{ case.arest }}."))
    assert (found.what, found.action) == ("case has no 'arest'", "Did you mean 'arrest'?")


@pytest.mark.parametrize(
    "words",
    [
        '{% if any("civilians.month") %}{% set own = "a" %}{% endif %}{{ own }}',
        "{% for one in codes('civilians.month.party') %}{{ one }}{{ loop.last }}{% endfor %}",
        "{% for one, two in [('a', 'b')] %}{{ one }}{{ two }}{% endfor %}",
        "{% set own %}a{% endset %}{{ own }}",
        "{% macro own(one) %}{{ one }}{% endmacro %}{{ own('a') }}",
    ],
)
def test_a_name_that_the_text_sets_itself_is_known(plant: Plant, words: str):
    assert not plant("en/toll.md", words)


def test_a_noun_that_a_text_asks_for_may_not_go_from_the_wording(plant: Plant):
    found = plant("en/wording.yml", "  masacre:", "  massacre:")
    asked = [one for one in found if one.what.startswith("there is no noun 'massacre'")]
    assert {one.file for one in asked} == {"notebooks/texts/en/massacres.md"}


# -- languages ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "file",
    ["toll.md", "syria/background.md", "syria/cases/SY-2020-11-0006.md", "syria/incidents/SY-2020-11-M02.md",
     "captions.yml", "syria/blocks.yml"],
)  # fmt: skip
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_that_only_one_language_has_is_found(texts: Path, language: str, file: str):
    (texts / language / file).unlink()
    found = only(faults(texts))
    assert found.file == f"notebooks/texts/{language}/{file}"
    assert found.what.startswith(f"the text is missing in {language!r}")


def test_what_several_other_languages_have_is_said_once(texts: Path):
    shutil.copytree(texts / "ar", texts / "fr")
    (texts / "fr" / "toll.md").unlink()
    found = [one for one in faults(texts, "fr") if "missing" in one.what]
    assert only(found).file == "notebooks/texts/fr/toll.md"


@pytest.mark.parametrize("file", ["toll.md", "captions.yml"])
def test_a_text_that_every_report_needs_and_no_language_has_is_found(texts: Path, file: str):
    for language in LANGUAGES:
        (texts / language / file).unlink()
    assert [(one.file, "the text is missing" in one.what) for one in faults(texts)] == [
        (f"notebooks/texts/{language}/{file}", True) for language in LANGUAGES
    ]


def test_a_text_that_only_some_countries_have_is_not_missing_elsewhere(texts: Path):
    for language in LANGUAGES:
        (texts / language / "syria" / "covid.md").unlink()
    assert not faults(texts)


def test_a_key_that_is_said_twice_is_found(plant: Plant):
    found = only(plant("en/cover.yml", "  notes: Notes\n  notes: More\n", "  notes: Notes\n"))
    assert found.what == "labels > notes is said twice"


@pytest.mark.parametrize(
    ("file", "line", "key"),
    [
        ("captions.yml", "  party: Party\n", "columns > party"),
        ("cover.yml", "  notes: Notes\n", "labels > notes"),
        ("definitions.yml", "  children: children\n", "parts > children"),
        ("data_quality.yml", "nothing: Nothing\n", "nothing"),
        ("revisions.yml", "  restored: Withdrawal undone\n", "reasons > restored"),
        ("wording.yml", '  girl: {one: "{number} girl", other: "{number} girls"}\n', "nouns > girl"),
        ("wording.yml", "  steep_rise: rose steeply\n", "trend > steep_rise"),
    ],
)
def test_a_key_that_only_another_language_has_is_found(plant: Plant, file: str, line: str, key: str):
    found = only(plant(f"en/{file}", "", line))
    assert found.file == f"notebooks/texts/en/{file}"
    assert found.what == f"{key} is missing; 'ar' has it"


def test_a_block_that_only_another_language_has_is_found(texts: Path):
    file = texts / "ar" / "blocks.yml"
    said = file.read_text(encoding="utf-8")
    file.write_text(said[: said.index("- id: parties")], encoding="utf-8")
    assert only(faults(texts)).what == "blocks > parties is missing; 'en' has it"


def test_blocks_of_two_languages_that_hang_on_different_claims_are_found(plant: Plant):
    found = only(plant("ar/blocks.yml", "when: torture.so_far", "when: torture.this"))
    assert found.what == "blocks > torture > when is 'torture.so_far'; in 'en' it is 'torture.this'"


def test_a_brace_that_the_program_does_not_fill_is_found(plant: Plant):
    found = plant("en/captions.yml", "day, {moth}", "documentation, {year}")
    assert "asks for {moth}, which 'ar' does not" in only(found).what


# -- unused texts ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "nearest"), [("tol", "'toll'"), ("xyz", "Remove it.")])
def test_a_text_that_nobody_asks_for_is_found(texts: Path, name: str, nearest: str):
    for language in LANGUAGES:
        (texts / language / f"{name}.md").write_text("Words.\n", encoding="utf-8")
    found = faults(texts)
    assert [one.file for one in found] == [f"notebooks/texts/{language}/{name}.md" for language in LANGUAGES]
    assert all("no notebook and no section asks for the text" in one.what and nearest in one.action for one in found)


def test_a_file_of_words_that_nobody_reads_and_a_folder_of_no_country_are_found(texts: Path):
    for language in LANGUAGES:
        (texts / language / "caption.yml").write_text("a: b\n", encoding="utf-8")
        (texts / language / "siria").mkdir()
        (texts / language / "siria" / "toll.md").write_text("Words.\n", encoding="utf-8")
    found = [one.what for one in faults(texts) if "/en/" in one.file]
    assert found == ["the program reads no such file", "no report shows the text: there is no country 'siria'"]


def test_a_text_about_a_record_is_told_and_is_no_fault():
    told = [one.file for one in check_texts(TEXTS) if one.severity == "info"]
    cases = [path for folder in ("cases", "incidents") for path in TEXTS.glob(f"*/*/{folder}/*.md")]
    assert len(told) == len(cases) > 0
    assert all("/cases/" in one or "/incidents/" in one for one in told)


@pytest.mark.parametrize("words", ["- [", "a: b: c"])
def test_a_file_that_is_no_yaml_is_found_with_its_line(texts: Path, words: str):
    for language in LANGUAGES:
        (texts / language / "cover.yml").write_text(f"a: b\n{words}\n", encoding="utf-8")
    found = faults(texts)
    assert [one.file for one in found] == [f"notebooks/texts/{language}/cover.yml" for language in LANGUAGES]
    assert all("cannot be read" in one.what and one.line >= 2 for one in found)


# -- blocks ------------------------------------------------------------------------------------------------------------


def replace_in_both(texts: Path, file: str, old: str, new: str) -> list[TextFault]:
    """Plant the same in both languages, so that they agree; what is found in English."""
    for language in LANGUAGES:
        path = texts / language / file
        said = path.read_text(encoding="utf-8")
        assert old in said
        path.write_text(said.replace(old, new, 1), encoding="utf-8")
    return faults(texts, "en")


def test_a_block_on_a_claim_that_nobody_makes_is_found(texts: Path):
    found = only(replace_in_both(texts, "syria/blocks.yml", "civilians.this.party.isis", "civilians.this.party.isi"))
    lines = (TEXTS / "en" / "syria" / "blocks.yml").read_text(encoding="utf-8").splitlines()
    assert lines[found.line - 1] == "  when: civilians.this.party.isis"
    assert (
        found.what == "the block isis_conclusion is never in: no report can make the claim 'civilians.this.party.isi'"
    )
    assert found.action == "Did you mean 'civilians.this.party.isis'?"


def test_a_block_on_a_party_of_another_country_is_found(texts: Path):
    """The common blocks are those of countries without their own: Syria's party is none of theirs."""
    found = only(replace_in_both(texts, "blocks.yml", "when: torture.this", "when: torture.this.party.russia"))
    assert "the block torture is never in" in found.what


def test_a_block_of_a_part_that_is_not_shown_is_found(texts: Path):
    found = only(replace_in_both(texts, "blocks.yml", "part: recommendations", "part: recommendation"))
    assert (found.what, found.action) == (
        "the block authorities is never shown: there is no part 'recommendation'",
        "Did you mean 'recommendations'?",
    )


def test_a_block_without_a_condition_is_found(texts: Path):
    found = only(replace_in_both(texts, "blocks.yml", "  when: torture.this\n", ""))
    assert found.what == "the block torture has no 'when'"


def test_an_unknown_claim_in_the_text_of_a_block_is_found_on_its_line(texts: Path):
    found = only(replace_in_both(texts, "syria/blocks.yml", 'any("external.disappeared")', 'any("external.gone")'))
    lines = (TEXTS / "en" / "syria" / "blocks.yml").read_text(encoding="utf-8").splitlines()
    assert 'any("external.disappeared")' in lines[found.line - 1]


@pytest.fixture
def valdora(tmp_path: Path) -> str:
    """A country of one's own: one party ended before its records begin, one kind of other party did too."""
    folder = tmp_path / "valdora"
    (folder / "codelists").mkdir(parents=True)
    (folder / "profile.yml").write_text(
        "country_en: Valdora\nregion_en: {one: province, several: provinces}\nbegan: 2030-01-01\n", encoding="utf-8"
    )
    for name, codes in (("parties", ("army", "old_guard", "other")), ("buckets", ("strangers", "old_feud")),
                        ("governorates", ("north", "south"))):  # fmt: skip
        rows = [f"{code},{nth},{code},#112233,2001-01-01,{'2029-01-01' if code.startswith('old') else ''}\n"
                for nth, code in enumerate(codes, 1)]  # fmt: skip
        (folder / "codelists" / f"{name}.csv").write_text(
            "code,order,label_en,colour,valid_from,valid_to\n" + "".join(rows), encoding="utf-8"
        )
    return str(folder)


@pytest.mark.parametrize(
    ("claim", "why"),
    [
        ("civilians.this.party.army", ""),
        ("civilians.this.other.strangers", ""),
        ("civilians.this.governorate.south.share", ""),
        ("relief.this.women", ""),
        ("civilians.this.party.old_guard", "old_guard is a party that is in force in no month"),
        ("civilians.this.other.old_feud", "'civilians.this.other.old_feud' is always zero"),
    ],
)
def test_a_block_on_a_party_or_kind_that_was_never_in_force_is_found(texts: Path, valdora: str, claim: str, why: str):
    for language in LANGUAGES:
        path = texts / language / "blocks.yml"
        path.write_text(path.read_text(encoding="utf-8").replace("torture.this\n", f"{claim}\n"), encoding="utf-8")
    found = [one.what for one in check_texts(texts, language="en", profile=valdora)]
    assert found == ([f"the block torture is never in: {why}"] if why else [])


# -- the command -------------------------------------------------------------------------------------------------------


def test_the_command_is_clean_over_our_texts_and_says_what_there_is_to_know():
    ran = CliRunner().invoke(cli, ["texts", "check"])
    assert ran.exit_code == 0
    assert ran.stdout.splitlines()[-1] == "0 to mend, 8 to know."


@pytest.mark.parametrize("language", [None, *LANGUAGES])
def test_the_command_names_file_and_line_and_exits_with_one(
    texts: Path, language: str | None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(editor, "TEXTS", texts)
    file = texts / "en" / "claims.md"
    file.write_text(file.read_text(encoding="utf-8") + "There are 12.\n", encoding="utf-8")
    chosen = [] if language is None else ["--language", language]
    plain, as_json = (CliRunner().invoke(cli, ["texts", "check", *chosen, *more]) for more in ([], ["--json"]))
    told = [(one["file"], one["line"]) for one in json.loads(as_json.stdout) if one["severity"] == "error"]
    said = "notebooks/texts/en/claims.md, line 4: error: a number, superlative or comparison" in plain.stdout
    clean = language == "ar"
    assert (plain.exit_code, as_json.exit_code, said) == ((0, 0, False) if clean else (1, 1, True))
    assert told == ([] if clean else [("notebooks/texts/en/claims.md", 4)])


def test_the_command_ends_with_one_where_something_is_to_be_mended(texts: Path, tmp_path: Path):
    """As a user runs it: the texts of the repository are clean, and a copy with a fault is planted from outside."""
    (texts / "en" / "toll.md").unlink()
    plant = (
        "import sys; from pathlib import Path; from analysis import command; from analysis.editing import check\n"
        f"check.TEXTS = Path({str(texts)!r}); sys.argv = ['toll', 'texts', 'check']; command.main()"
    )
    ran = subprocess.run([sys.executable, "-c", plant], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout.splitlines()[-1]) == (1, "1 to mend, 8 to know.")
    assert ran.stderr == ""


def test_a_country_without_texts_of_its_own_is_not_told_of_those_of_another():
    told = [one.file for one in check_texts(TEXTS, profile="syria")]
    assert all("/syria/" in one for one in told)
    assert told
    assert not check_texts(TEXTS, profile="bolivia")


@pytest.mark.parametrize("option", [{"language": "xx"}, {"profile": "atlantis"}])
def test_an_unknown_language_or_country_is_refused(option: dict[str, str]):
    with pytest.raises(BadParameter):
        check_texts(TEXTS, **option)


def test_the_check_needs_no_kernel_and_no_records_draws_nothing_and_runs_no_quality_check(tmp_path: Path):
    ask = (
        "import sys; from analysis import command; from click.testing import CliRunner\n"
        "ran = CliRunner().invoke(command.cli, ['texts', 'check'])\n"
        "print(ran.exit_code, *(set(sys.modules) & {'matplotlib', 'great_expectations', 'ipykernel', 'papermill'}))"
    )
    ran = subprocess.run([sys.executable, "-c", ask], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ran.stdout == "0\n"
