"""Rows of a database as text: one SELECT, streamed, in a transaction that cannot write.

What a database says of an error may quote a person's record; of its words, only those about the query are passed on.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pandas as pd
from sqlalchemy import URL, Connection, create_engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from analysis.errors import BadRecords
from analysis.importing.tables import as_text, check_names, text_table, three_of

_EXAMPLES = "sqlite:///folder/file.db or postgresql://user:password@host/database"
_SELECT = re.compile(r"[\s(]*(?:select|with)\b", re.IGNORECASE)
# Where a word or a semicolon of a query means nothing: quotes, dollar quotes, comments.
_NOT_SAID = re.compile(
    r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$.*?\$\1\$|--[^\n]*|/\*.*?\*/""",
    re.DOTALL,
)
# SQLite's sentences about a query or a file; its others may hold values.
_SQLITE_SAYS = re.compile(
    r"no such (table|column|function): .*|near \".*\": syntax error|incomplete input|file is not a database"
    r"|unable to open database file|database is locked|database disk image is malformed",
    re.DOTALL,
)
_SQLITE_WRITES = re.compile(r"attempt to write a readonly database|You can only execute one statement at a time\.?")
# PostgreSQL: in a transaction that is read-only; where a cursor cannot stand for the statement.
_WRITES = ("25006", "0A000")


def read_database(url: str, query: str, *, chunk_rows: int) -> Iterator[pd.DataFrame]:
    """Read the rows of a SELECT in frames of at most `chunk_rows`, every column text.

    Raises BadRecords where the database cannot be reached, the query cannot be run or gives no rows; never with the
    password of the URL.
    """
    where = database_label(url)
    statement = query.strip().rstrip("; \n")
    if not _is_one_select(statement):
        said = "is not one SELECT" if statement else "is missing"
        raise BadRecords(f"The query for {where} {said}. Give one SELECT with --query; nothing else is run.")
    found = False
    with _faults_told(url), _connect(url) as connection:
        options = {"stream_results": True, "max_row_buffer": chunk_rows, "no_parameters": True}
        result = connection.exec_driver_sql(statement, execution_options=options)
        names = check_names(list(result.keys()), f"The result of the query for {where}")
        for rows in result.yield_per(chunk_rows).partitions():
            found = True
            yield _frame(names, [tuple(row) for row in rows], where)
    if not found:
        raise BadRecords(f"The query for {where} gives no rows. Correct it, or see what the database holds.")


def _is_one_select(statement: str) -> bool:
    """Whether a query begins as a SELECT and no second statement follows; that it cannot write is seen to besides."""
    said = _NOT_SAID.sub(" ", statement)
    return bool(_SELECT.match(said)) and ";" not in said


def database_label(url: str) -> str:
    """Name a database without its host, user or password."""
    name = _parsed(url).database or "the database"
    return Path(name).name or name


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise BadRecords(f"The database URL cannot be read. Write it like {_EXAMPLES}.") from None
    if parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        raise BadRecords(
            f"Databases of the kind '{parsed.drivername}' cannot be read. SQLite and PostgreSQL can; export the "
            "rows of others as CSV."
        )
    return parsed


def _target(url: str) -> URL:
    """The URL to connect with; a SQLite file is opened for reading only, so that none is made where there is none."""
    parsed = _parsed(url)
    if not parsed.drivername.startswith("sqlite"):
        return parsed
    path = Path(parsed.database or "")
    if not path.is_file():
        raise BadRecords(f"There is no SQLite file {path.name or 'in the URL'}. Write it like {_EXAMPLES}.")
    return parsed.set(database=f"file:{quote(str(path.resolve()))}", query={"mode": "ro", "uri": "true"})


@contextmanager
def _connect(url: str) -> Iterator[Connection]:
    target = _target(url)
    is_sqlite = target.drivername.startswith("sqlite")
    engine = create_engine(target, poolclass=NullPool, connect_args={} if is_sqlite else {"connect_timeout": 10})
    try:
        connection = engine.connect()
    except (SQLAlchemyError, UnicodeError, ValueError) as error:
        raise BadRecords(
            f"The database {database_label(url)} cannot be reached: {_without_password(error, target)}. Check the "
            "host, database, user and password of its URL."
        ) from None
    with connection:
        if not is_sqlite:
            connection = connection.execution_options(postgresql_readonly=True)
            # A time with a zone is given in the zone of the session: in ours it is the same on every machine.
            connection.exec_driver_sql("SET TIME ZONE 'UTC'")
        yield connection


def _without_password(error: Exception, target: URL) -> str:
    said = str(error.orig if isinstance(error, DBAPIError) else error).strip().splitlines() or [type(error).__name__]
    secrets = [target.password, *(value for key, value in target.query.items() if "pass" in key)]
    text = said[0].rstrip(".")
    for secret in filter(None, secrets):
        text = text.replace(str(secret), "***")
    return text


@contextmanager
def _faults_told(url: str) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise BadRecords(_told(error, database_label(url))) from None
    except (SQLAlchemyError, UnicodeError, ValueError, OverflowError) as error:
        raise BadRecords(
            f"The rows of {database_label(url)} cannot be read ({type(error).__name__}). Cast the columns that are not "
            "plain text, numbers or dates to text in the query."
        ) from None


def _told(error: DBAPIError, where: str) -> str:
    """Say what a database refused, in its own words where they are about the query and nothing else."""
    said, state = str(error.orig).strip(), getattr(error.orig, "sqlstate", None) or ""
    if state in _WRITES or _SQLITE_WRITES.fullmatch(said):
        return f"The query for {where} would write, or is more than one SELECT. Give one SELECT with --query."
    if state.startswith(("42", "3F")) or _SQLITE_SAYS.fullmatch(said):
        words = said.splitlines()[0].rstrip(".")
        return f"The query for {where} cannot be run: {words}. Correct it, or see what the database holds."
    what = f"SQLSTATE {state}" if state else type(error.orig).__name__
    return (
        f"The database {where} stopped the query while it gave its rows ({what}; its words are left out, as they may "
        "quote a record). A cast or a calculation may fail on a value: take it out of the query, or cast to text."
    )


def _frame(names: list[str], rows: list[tuple[object, ...]], where: str) -> pd.DataFrame:
    if any(isinstance(value, bytes | bytearray | memoryview) for row in rows for value in row):
        columns = [
            f"'{name}'"
            for name, column in zip(names, zip(*rows, strict=True), strict=True)
            if any(isinstance(value, bytes | bytearray | memoryview) for value in column)
        ]
        raise BadRecords(
            f"The query for {where} gives bytes, not text, in {three_of(columns)}. Leave them out, or cast to text."
        )
    return text_table(names, [[as_text(value) for value in row] for row in rows]).to_pandas()
