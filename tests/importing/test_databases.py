import sqlite3
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from analysis.errors import BadRecords
from analysis.importing.reading import Chunk, read_source, source_sha256

PASSWORD = "s3cret-word"
ROWS = "SELECT * FROM victims ORDER BY id"


def _read(url: str, query: str = ROWS, *, chunk_rows: int = 100_000) -> list[Chunk]:
    return list(read_source(url, query=query, chunk_rows=chunk_rows))


def _fault(url: str, query: str = ROWS) -> str:
    with pytest.raises(BadRecords) as caught:
        _read(url, query)
    assert PASSWORD not in str(caught.value)
    return str(caught.value)


def _changed(url: str, **parts: str) -> str:
    return make_url(url).set(**parts).render_as_string(hide_password=False)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    path = tmp_path / "records of 2020.db"
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE victims (id INTEGER, name TEXT, age REAL, note BLOB)")
        made.executemany(
            "INSERT INTO victims VALUES (?, ?, ?, ?)",
            [(1, "0012", 35.0, None), (2, "شخص", 0.1667, "a\nb"), (3, "NA", None, "")],
        )
    made.close()
    return f"sqlite:///{path}"


@pytest.fixture(scope="module")
def filled(postgres_url: str) -> str:
    with psycopg.connect(postgres_url) as made:
        made.execute(
            "CREATE TABLE victims (id int, name text, age float8, died date, at timestamptz, seen timestamp, "
            "civilian bool, share numeric, places text[], more jsonb)"
        )
        made.execute(
            "INSERT INTO victims VALUES "
            "(1, 'أول', 35, '2020-11-03', '2020-11-03 00:00+02', '2020-11-03 14:05', true, 2.50, '{Idlib,Aleppo}', "
            "'{\"a\": 1}'), "
            "(2, ' 10:30 100%', 0.1667, NULL, NULL, '2020-11-03', false, 12345678901234567890.5, NULL, NULL)"
        )
        made.execute("CREATE TABLE many AS SELECT n AS id, 'person ' || n AS name FROM generate_series(1, 2500) n")
        made.execute("CREATE TABLE empty (id int)")
        made.execute("CREATE SEQUENCE numbers")
    return postgres_url


def test_rows_of_postgresql_are_read_as_text(filled: str) -> None:
    (chunk,) = _read(filled)
    assert (chunk.file, chunk.first_row) == ("postgres", 1)
    first, second = chunk.rows.to_dict("records")
    # 00:00 in +02 is 22:00 of the day before in UTC, whatever the zone of the server.
    assert first == {
        "id": "1", "name": "أول", "age": "35", "died": "2020-11-03", "at": "2020-11-02T22:00:00+00:00",
        "seen": "2020-11-03T14:05:00", "civilian": "true", "share": "2.50", "places": "Idlib|Aleppo",
        "more": '{"a": 1}',
    }  # fmt: skip
    assert second == {
        "id": "2", "name": " 10:30 100%", "age": "0.1667", "died": "", "at": "", "seen": "2020-11-03",
        "civilian": "false", "share": "12345678901234567890.5", "places": "", "more": "",
    }  # fmt: skip


def test_many_rows_come_in_chunks_with_their_row_numbers(filled: str) -> None:
    chunks = _read(filled, "SELECT * FROM many ORDER BY id", chunk_rows=1000)
    assert [(chunk.first_row, len(chunk.rows)) for chunk in chunks] == [(1, 1000), (1001, 1000), (2001, 500)]
    assert chunks[2].rows.iloc[-1].tolist() == ["2500", "person 2500"]


def test_percent_and_colon_in_a_query_are_its_own(filled: str) -> None:
    (chunk,) = _read(filled, "SELECT id::text AS id FROM victims WHERE name LIKE '% 10:30%' AND ':x' = ':x';")
    assert chunk.rows["id"].tolist() == ["2"]


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_postgresql_is_accepted(filled: str, scheme: str) -> None:
    assert len(_read(filled.replace("postgresql", scheme, 1), "SELECT 1 AS one")) == 1


def test_wrong_password_is_said_without_the_password(filled: str) -> None:
    with pytest.raises(BadRecords, match=r"cannot be reached.*password authentication failed") as caught:
        _read(_changed(filled, password="not-the-word"))
    assert "not-the-word" not in str(caught.value)


def test_password_in_the_words_of_a_driver_is_blotted_out(filled: str) -> None:
    # A server names the database that it does not have; here that is the password itself.
    with pytest.raises(BadRecords, match=r"\*\*\*"):
        _read(_changed(filled, database=PASSWORD))


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://reader:s3cret-word@127.0.0.1:1/records",
        "postgresql://reader:s3cret-word@/records?host=/no/such/folder",
        f"postgresql://reader:s3cret-word@{'x' * 64}.invalid/records",
    ],
    ids=["nobody listens", "no socket", "no such host"],
)
def test_server_that_is_not_there_is_said(url: str) -> None:
    assert "The database records cannot be reached" in _fault(url)


def test_no_such_table_or_column_is_named(filled: str) -> None:
    assert 'relation "victim" does not exist' in _fault(filled, "SELECT * FROM victim")
    assert 'column "nme" does not exist' in _fault(filled, "SELECT nme FROM victims")
    assert "syntax error" in _fault(filled, "SELECT FROM WHERE")


def test_what_is_no_select_is_not_run(filled: str, sqlite_url: str) -> None:
    for url in (filled, sqlite_url):
        for query in ("DELETE FROM victims", "-- SELECT\nDROP TABLE victims", "  "):
            assert "Give one SELECT" in _fault(url, query)
        assert "is not one SELECT" in _fault(url, "SELECT 1 AS one; COMMIT; DROP TABLE victims")
        assert sum(len(chunk.rows) for chunk in _read(url)) >= 2


def test_semicolon_in_a_text_or_a_comment_ends_no_query(filled: str, sqlite_url: str) -> None:
    for url in (filled, sqlite_url):
        (chunk,) = _read(url, "/* one; two */ SELECT ';' AS mark -- three; four")
        assert chunk.rows["mark"].tolist() == [";"]


def test_select_that_would_write_is_stopped(filled: str) -> None:
    # A cursor cannot stand for the first; only a transaction that cannot write stops the second.
    assert "would write" in _fault(filled, "SELECT nextval('numbers') AS number")
    writing = "WITH gone AS (DELETE FROM victims RETURNING id) SELECT * FROM gone"
    assert "would write" in _fault(filled, writing)
    assert len(_read(filled)[0].rows) == 2


def test_query_without_rows_is_said(filled: str, sqlite_url: str) -> None:
    assert "gives no rows" in _fault(filled, "SELECT * FROM empty")
    assert "gives no rows" in _fault(sqlite_url, "SELECT * FROM victims WHERE id > 99")


def test_value_that_a_database_quotes_is_left_out(filled: str) -> None:
    # PostgreSQL says: invalid input syntax for type integer: "أول".
    said = _fault(filled, "SELECT name::int AS name FROM victims")
    assert "22P02" in said
    assert "أول" not in said


def test_columns_with_one_name_are_refused(filled: str) -> None:
    assert "names 1 column more than once ('id')" in _fault(filled, "SELECT id, name, id FROM victims")


def test_bytes_are_no_text(filled: str) -> None:
    assert "bytes, not text, in 'raw'" in _fault(filled, "SELECT id, 'a'::bytea AS raw FROM victims")


def test_date_beyond_the_calendar_is_said(filled: str) -> None:
    assert "cast" in _fault(filled, "SELECT 'infinity'::date AS died").lower()


def test_rows_of_sqlite_are_read_as_text(sqlite_url: str) -> None:
    (chunk,) = _read(sqlite_url)
    assert chunk.file == "records of 2020.db"
    assert chunk.rows.to_dict("list") == {
        "id": ["1", "2", "3"],
        "name": ["0012", "شخص", "NA"],
        "age": ["35", "0.1667", ""],
        "note": ["", "a\nb", ""],
    }


def test_sqlite_file_is_opened_for_reading_only(sqlite_url: str, tmp_path: Path) -> None:
    missing = tmp_path / "missing.db"
    assert "There is no SQLite file missing.db" in _fault(f"sqlite:///{missing}")
    assert not missing.exists()
    assert "would write" in _fault(sqlite_url, "WITH x AS (SELECT 1) INSERT INTO victims SELECT 9, 'n', 1, '' FROM x")
    assert len(_read(sqlite_url)[0].rows) == 3


def test_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("This is not a database. " * 100, encoding="utf-8")
    assert "file is not a database" in _fault(f"sqlite:///{tmp_path / 'text.db'}")


def test_sqlite_text_that_is_not_utf8_is_not_quoted(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "old.db") as made:
        made.execute("CREATE TABLE victims (id INTEGER, name TEXT)")
        made.execute("INSERT INTO victims VALUES (1, CAST(X'54657374FF' AS TEXT))")
    made.close()
    said = _fault(f"sqlite:///{tmp_path / 'old.db'}")
    assert "stopped the query" in said
    assert "Test" not in said


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://reader:s3cret-word@host/db", "kind 'mysql' cannot be read"),
        ("://s3cret-word", "cannot be read"),
        ("postgresql://reader:s3cret-word@host:port/db", "cannot be read"),
        ("sqlite://", "There is no SQLite file"),
    ],
)
def test_url_that_cannot_be_used_is_said(url: str, said: str) -> None:
    assert said in _fault(url)


def test_hash_of_a_query_follows_its_rows_and_not_their_order(sqlite_url: str) -> None:
    up = source_sha256(sqlite_url, query="SELECT id, name FROM victims ORDER BY id")
    down = source_sha256(sqlite_url, query="SELECT id, name FROM victims ORDER BY id DESC")
    fewer = source_sha256(sqlite_url, query="SELECT id, name FROM victims WHERE id < 3")
    changed = source_sha256(sqlite_url, query="SELECT id, name || '.' AS name FROM victims")
    renamed = source_sha256(sqlite_url, query="SELECT id, name AS who FROM victims")
    assert up == down
    assert len({up, fewer, changed, renamed}) == 4
