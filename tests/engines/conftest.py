from collections.abc import Iterator

import pytest

from analysis.errors import BadParameter
from analysis.records.engines import ENGINES, Engine, require_engine


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Each engine in turn, Spark on two cores of this machine; skipped, with the reason, where it is not installed."""
    try:
        require_engine(request.param)
    except BadParameter as missing:
        pytest.skip(str(missing))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_SUBMIT_ARGS", "--master local[2] pyspark-shell")
        yield request.param
