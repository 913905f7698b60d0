"""Times the algorithms alone: the table is in memory before and after, and nothing is read, written or imported.

usage: python -m benchmarks.in_process JOB IN.csv

JOB is `enforce` or `measure`. Prints the seconds of processor time, the least of three runs.
"""

import sys
import time

import numpy as np
import pyarrow as pa
from pyarrow import csv

from anonymize.cli.start import arrow_without_pandas
from anonymize.core.roles import Roles
from anonymize.core.transform import Context
from anonymize.metrics.k_anonymity import KAnonymity
from anonymize.metrics.l_diversity import LDiversity
from anonymize.metrics.t_closeness import TCloseness
from anonymize.transforms.generalization.k_anonymize import KAnonymize
from benchmarks.households import HIERARCHIES, QUASI, SENSITIVE

ROLES = Roles(quasi=QUASI, sensitive=(SENSITIVE,))
RUNS = 3


def enforce(batch: pa.RecordBatch) -> None:
    """The best global recoding, as the benchmark's rules ask for it."""
    step = KAnonymize(k=5, suppress=0.05, hierarchies=HIERARCHIES)
    census = step.needs(QUASI)
    own = batch.select(list(QUASI))
    found = census.finish(census.merge([census.fit(own)]))
    rows = np.arange(len(own))
    step.apply(own, Context(found, "", rows, np.zeros_like(rows), lambda *_: [], own.column))


def measure(batch: pa.RecordBatch) -> None:
    """k, l and t: what the other tool measures."""
    for metric in (KAnonymity(), LDiversity(), TCloseness()):
        census = metric.needs(ROLES)
        metric.measure(census.finish(census.merge([census.fit(batch.select(list(census.columns)))])))


def main() -> None:
    job, source = sys.argv[1:]
    arrow_without_pandas()
    types = {name: pa.string() for name in (*QUASI, SENSITIVE)}
    table = csv.read_csv(source, convert_options=csv.ConvertOptions(column_types=types))
    batch = table.combine_chunks().to_batches()[0]
    times = []
    for _ in range(RUNS):
        start = time.process_time()
        (enforce if job == "enforce" else measure)(batch)
        times.append(time.process_time() - start)
    print(min(times))


if __name__ == "__main__":
    main()
