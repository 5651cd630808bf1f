"""`toll serve` as it is started by hand: its address, a real report, and Ctrl-C."""

import signal
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from commands import contents, refusal, run, start


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_report_is_shown_at_the_printed_address_until_ctrl_c(sign: signal.Signals, reports: Path) -> None:
    before = contents(reports)
    process = start("toll", "serve", "--port", 0, cwd=reports.parent)
    assert process.stdout
    address, said = process.stdout.readline().split(maxsplit=1)
    assert address.startswith("http://127.0.0.1:")
    assert said == "(Ctrl-C ends)\n"
    for name in ("2020-11/report.en.html", "2020-11/report.en.pdf", "2020-11/tables/parties.csv"):
        with urlopen(f"{address}{name}", timeout=30) as answer:
            assert answer.read() == (reports / name).read_bytes()
    with pytest.raises(HTTPError, match="404"):
        urlopen(address, timeout=30)  # nothing is published, so that there is no page of all reports
    process.send_signal(sign)
    assert process.communicate(timeout=60) == ("", "")
    assert process.returncode == 0
    assert contents(reports) == before


def test_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    message = refusal(run("toll", "serve", "--out", "none", cwd=tmp_path), 2)
    assert message == "There is no folder none. Make a report first: toll report 2020-11 --out none."
