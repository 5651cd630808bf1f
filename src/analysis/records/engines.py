"""The records of some months as an engine holds them: pandas, DuckDB, Dask or Spark, from one table at one vintage.

Only the fields that are counted are read, so no name; all engines read through deltalake, so that a table on object
storage needs the same options with each, and Spark no package of its own for Delta tables.
"""

import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from functools import partial
from importlib.util import find_spec
from shutil import which
from typing import TYPE_CHECKING, Any, Literal

import narwhals as nw
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
from deltalake.exceptions import DeltaError

from analysis.errors import BadParameter
from analysis.month import Month
from analysis.records.contract import arrow_schema, read_contract
from analysis.records.decided import Due, as_decided, in_months
from analysis.records.table import damaged
from analysis.records.vintages import open_table

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

Engine = Literal["pandas", "duckdb", "dask", "spark"]
ENGINES: tuple[Engine, ...] = ("pandas", "duckdb", "dask", "spark")
Frame = nw.DataFrame[Any] | nw.LazyFrame[Any]

FIELDS = (
    "record_id", "incident_id", "sex", "age_group", "occupation", "status", "verification", "date_documented",
    "date_of_death", "date_of_death_precision", "governorate", "party", "bucket", "cause", "torture", "withdrawn",
    "duplicate_of", "month",
)  # fmt: skip
SCHEMA = pa.schema([arrow_schema().field(name) for name in FIELDS])
_SPARK_TYPES = {pa.string(): "string", pa.date32(): "date", pa.bool_(): "boolean"}
BATCH = 1 << 17


def decided_frame(engine: Engine, location: str, months: Sequence[Month | str], due: Due) -> Frame:
    """The counted fields of the records of some months as people left them, held by an engine (METHOD M24, M25).

    The few records that people decided about are read as they always are; the engine reads all others.
    Raises BadRecords where the table cannot be read, BadParameter where the engine is not installed.
    """
    require_engine(engine)
    names = [str(month) for month in months]
    frame = _scan(engine, location, due.vintage, names)
    touched, records = as_decided(location, names, due)
    if not touched:
        return frame
    here = records.loc[in_months(records, names), list(FIELDS)].astype({"torture": object})
    few = beside(pa.Table.from_pandas(here, schema=SCHEMA, preserve_index=False), frame)
    return nw.concat([frame.filter(~nw.col("record_id").is_in(touched)), few], how="vertical")


def require_engine(engine: Engine) -> None:
    """Refuse an engine that is not there. Raises BadParameter, which says what to install."""
    package = {"spark": "pyspark"}.get(engine, engine)
    if find_spec(package) is None:
        raise BadParameter(
            f"The engine {engine} is not installed: the package {package} is missing. Install it with `make engines` "
            "or `pip install --no-deps --require-hashes -r requirements-engines.lock`, or count with --engine duckdb."
        )
    if engine == "spark" and not (which("java") or os.environ.get("JAVA_HOME")):
        raise BadParameter(
            "The engine spark needs Java 17 or newer, and there is none: install it, on Debian with `apt-get install "
            "openjdk-17-jre-headless`, or set JAVA_HOME."
        )


def beside(few: pa.Table, frame: Frame) -> Any:
    """A small table held by the engine that holds the frame, ready to be joined with it."""
    if isinstance(frame, nw.DataFrame):
        return nw.from_native(_plain(few))
    if frame.implementation.is_dask():
        import dask.dataframe as dd

        return nw.from_native(dd.from_pandas(_plain(few), npartitions=1))
    session = {"session": frame.to_native().sparkSession} if frame.implementation.is_pyspark() else {}
    return nw.from_native(few).lazy(frame.implementation, **session)


def collected(frame: Frame) -> nw.DataFrame[Any]:
    """What an engine finds, in pandas: for what is small."""
    if isinstance(frame, nw.DataFrame):
        return frame
    return nw.from_native(_plain(frame.collect("pyarrow").to_native()))


def ordered_batches(frame: Frame, key: str) -> Iterator[pa.RecordBatch]:
    """The rows of a frame in the order of a key, some at a time, as the engine gives them."""
    if isinstance(frame, nw.DataFrame):
        yield from frame.sort(key).to_arrow().to_batches(max_chunksize=BATCH)
    elif frame.implementation.is_duckdb():
        yield from frame.sort(key).to_native().to_arrow_reader(BATCH)
    elif frame.implementation.is_dask():
        yield from _dask_batches(frame.sort(key).to_native())
    else:
        yield from frame.sort(key).collect("pyarrow").to_native().to_batches(max_chunksize=BATCH)


def _scan(engine: Engine, location: str, version: int, months: list[str]) -> Frame:
    dataset = _dataset(location, version)
    if engine == "pandas":
        return nw.from_native(_plain(_months(dataset, months)))
    if engine == "duckdb":
        import duckdb

        return nw.from_native(duckdb.from_arrow(dataset)).filter(nw.col("month").is_in(months))
    read = partial(_read_month, location, version)
    if engine == "dask":
        import dask.dataframe as dd

        # What is to take its place is not published yet; the lock keeps a version that has it.
        warnings.filterwarnings("ignore", "Dask support is moving out of Narwhals", FutureWarning)
        return nw.from_native(dd.from_map(read, months, meta=_plain(SCHEMA.empty_table())))
    fields = ", ".join(f"{field.name} {_SPARK_TYPES[field.type]}" for field in SCHEMA)
    asked = _spark().createDataFrame([(month,) for month in months], "month string").repartition(len(months), "month")
    return nw.from_native(asked.mapInArrow(partial(_spark_months, location, version), fields))


def _dataset(location: str, version: int) -> ds.Dataset:
    """The counted fields of the whole table; what a vintage had not yet, of what may be blank, is blank."""
    contract = read_contract()
    try:
        dataset = open_table(location, version).to_pyarrow_dataset()
    except (DeltaError, OSError, pa.ArrowException) as error:
        raise damaged(location, error) from None
    missing = {*FIELDS} & {*contract.index[contract["required"] == "yes"]} - {*dataset.schema.names}
    if missing:
        raise damaged(location, KeyError(*sorted(missing)))
    return dataset.replace_schema(SCHEMA)


def _months(dataset: ds.Dataset, months: Sequence[str]) -> pa.Table:
    return dataset.to_table(filter=ds.field("month").isin(months))


def _read_month(location: str, version: int, month: str) -> pd.DataFrame:
    return _plain(_months(_dataset(location, version), [month]))


def _spark_months(location: str, version: int, asked: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """What one task of Spark reads: it is handed months and gives their records."""
    for batch in asked:
        yield from _months(_dataset(location, version), batch["month"].to_pylist()).to_batches(max_chunksize=BATCH)


def _plain(found: pa.Table) -> pd.DataFrame:
    """Records in pandas, blanks as blanks: a flag is true, false or not recorded."""
    frame = found.to_pandas(date_as_object=False)
    return frame.astype({field.name: "boolean" for field in found.schema if pa.types.is_boolean(field.type)})


def _dask_batches(found: Any) -> Iterator[pa.RecordBatch]:
    """Each partition turned into Arrow where it is, where a flag takes a bit and not a byte."""
    import dask

    turn = dask.delayed(partial(pa.Table.from_pandas, preserve_index=False))
    for part in dask.compute(*[turn(part) for part in found.to_delayed()]):
        yield from part.to_batches(max_chunksize=BATCH)


def _spark() -> "SparkSession":
    """The session of the cluster that Spark's own configuration names, of this machine where it names none."""
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    settings = {
        "spark.driver.memory": os.environ.get("SPARK_DRIVER_MEMORY", "4g"),
        "spark.driver.maxResultSize": "0",
        "spark.log.level": "ERROR",
        "spark.sql.session.timeZone": "UTC",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    session = SparkSession.builder.appName("toll").config(map=settings).getOrCreate()
    if session.sparkContext.master.startswith("local"):  # the 200 that it takes by itself are for a cluster
        session.conf.set("spark.sql.shuffle.partitions", str(4 * session.sparkContext.defaultParallelism))
    return session
