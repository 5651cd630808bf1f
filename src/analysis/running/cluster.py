"""Workers of a Dask cluster: the same orders, carried out by whatever machines a scheduler has.

The records and OUT must be reachable from all of them under the same path or URL, and whoever can speak to the
scheduler can have anything done: it belongs to people who may see the records.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from analysis.errors import BadParameter
from analysis.running.orders import ERROR, OnStep, Order, Outcome, make_one

TOPIC = "toll-batch"


def run_on_cluster(orders: Sequence[Order], on_step: OnStep, *, scheduler: str) -> Iterator[Outcome]:
    """Make reports on a Dask cluster; their outcomes as they come. Raises BadParameter where there is no scheduler."""
    try:
        from distributed import Client, as_completed
    except ImportError:
        raise BadParameter("--scheduler needs Dask: pip install 'toll-report[cluster]'.") from None
    try:
        client = Client(scheduler, timeout=5)
    except (OSError, ValueError, TimeoutError) as error:
        raise BadParameter(
            f"No Dask scheduler answers at {scheduler} ({type(error).__name__}). Start one with `dask scheduler`, or "
            "leave --scheduler out to work on this machine."
        ) from None
    with client:
        client.subscribe_topic(TOPIC, lambda event: on_step(*event[1]))
        sent = {client.submit(make_on_cluster, order, pure=False): order for order in orders}
        for future in as_completed(sent):
            yield _outcome(sent[future], future)


def make_on_cluster(order: Order) -> Outcome:
    """Make one report on a worker, which tells the sections as they start."""
    from distributed import get_worker

    worker = get_worker()
    return make_one(order, on_step=lambda name: worker.log_event(TOPIC, (order.when, name)))


def _outcome(order: Order, future: Any) -> Outcome:
    error = future.exception()
    if error is None:
        outcome: Outcome = future.result()
        return outcome
    said = f"The cluster lost it ({type(error).__name__}). The last good report is unchanged: run it again."
    return Outcome(order.when, ERROR, said)
