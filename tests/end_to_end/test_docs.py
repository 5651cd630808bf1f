"""README and METHOD: every command, option, target and path they name exists, and none is left out."""

import re
from collections.abc import Iterator

import click
import pytest
from commands import Made

from analysis.command import cli
from analysis.places import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
METHOD = (ROOT / "METHOD.md").read_text(encoding="utf-8")
# Named, and there only after a command has made them.
MADE_LATER = {"data/records", "out.ipynb", "extract.csv", ".venv/bin", ".venv"}
SUFFIXES = (".md", ".yml", ".csv", ".json", ".ipynb", ".py", ".lock", ".toml", ".html", ".pdf", ".svg", ".png")


def code(text: str) -> Iterator[str]:
    """What stands between backticks, in fences, and in indented lines."""
    fenced = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    text = re.sub(r"^```\w*\n.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    indented = re.findall(r"^ {4}(\S.*)$", text, re.MULTILINE)
    yield from (line.partition("  #")[0].strip() for block in fenced for line in block.splitlines())
    yield from (line.partition("  #")[0].strip() for line in indented)
    yield from re.findall(r"`([^`\n]+)`", text)


def commands(text: str, program: str) -> list[list[str]]:
    return [line.split()[1:] for line in code(text) if line.startswith(f"{program} ")]


def options(command: click.Command) -> set[str]:
    """The options of a command, and of those inside it."""
    own = {
        flag for one in command.params if isinstance(one, click.Option) for flag in one.opts if flag.startswith("--")
    }
    inner = command.commands.values() if isinstance(command, click.Group) else []
    return own.union(*map(options, inner))


def paths(text: str) -> set[str]:
    """Whatever looks like a path: links into the repository, and words in backticks with a slash or a known ending."""
    links = re.findall(r"\]\(([^)#]+)\)", text)
    spans = [word.replace("<language>", "en").replace("<lang>", "en") for word in re.findall(r"`([^`\s]+)`", text)]
    named = [word for word in spans if ("/" in word or word.endswith(SUFFIXES)) and "<" not in word]
    return {word.rstrip("/") for word in (*links, *named) if "://" not in word}


def test_readme_names_commands_at_all() -> None:
    assert len(commands(README, "toll")) >= 3
    assert len(commands(README, "make")) >= 3


@pytest.mark.parametrize("text", [README, METHOD], ids=["README", "METHOD"])
def test_every_toll_command_and_option_that_is_named_exists(text: str) -> None:
    wrong = []
    for name, *arguments in commands(text, "toll"):
        known = options(cli.commands[name]) | {"--help"} if name in cli.commands else {"--help", "--version"}
        asked = {word.partition("=")[0] for word in arguments if word.startswith("--")}
        if name not in cli.commands and name not in known:
            wrong.append(name)
        wrong += sorted(asked - known)
    assert wrong == []


def test_every_option_named_alone_exists() -> None:
    known = set().union(*map(options, cli.commands.values()))
    named = {line.split()[0] for line in code(README) if line.startswith("--")}
    assert sorted(named - known) == []


def test_readme_leaves_no_command_and_no_option_out() -> None:
    assert [name for name in cli.commands if not any(words[0] == name for words in commands(README, "toll"))] == []
    words = {word for line in code(README) for word in line.split()}
    assert sorted(set().union(*map(options, cli.commands.values())) - words) == []


def test_every_make_target_that_is_named_exists_and_none_is_left_out() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = {words[0] for words in commands(README, "make")}
    assert sorted(named - targets) == []
    assert sorted(set(re.findall(r'"make ([a-z-]+)', makefile)) - named) == []
    assert sorted(set(re.findall(r'"make ([a-z-]+)', makefile)) - targets) == []


@pytest.mark.parametrize("text", [README, METHOD], ids=["README", "METHOD"])
def test_every_path_that_is_named_exists(text: str, good: Made) -> None:
    """In the repository, or in a report that was made."""
    found = paths(text)
    assert len(found) >= 5
    missing = [
        path
        for path in sorted(found - MADE_LATER)
        if not any(ROOT.glob(path)) and not any(good.folder.glob(path)) and not path.startswith("reports")
    ]
    assert missing == []


def test_every_exit_code_is_in_the_readme() -> None:
    assert re.search(r"0 done, 1 .*, 2 .*, 3 .*, 130 interrupted", README)
