"""Times the census alone: counting the distinct combinations of eight quasi-identifiers of generated rows.

usage: python -m benchmarks.census ROWS

Rows are generated in pieces, as a reader would hand them over; only counting and merging is timed.
"""

import json
import resource
import sys
import time

import numpy as np

from anonymize.statistics.combinations import Combinations
from benchmarks.households import QUASI, batch

PIECE = 250_000


def main() -> None:
    rows, random, census = int(sys.argv[1]), np.random.default_rng(7), Combinations(QUASI)
    states, processor, seconds = [], 0.0, 0.0
    for start in range(0, rows, PIECE):
        piece = batch(random, min(PIECE, rows - start))
        before, began = time.process_time(), time.perf_counter()
        states.append(census.fit(piece))
        processor, seconds = processor + time.process_time() - before, seconds + time.perf_counter() - began
    before, began = time.process_time(), time.perf_counter()
    found = census.finish(census.merge(states)).table
    processor, seconds = processor + time.process_time() - before, seconds + time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    figures = {"rows": rows, "columns": len(QUASI), "combinations": found.num_rows, "peak_mb": peak}
    print(json.dumps({**figures, "processor": round(processor, 2), "seconds": round(seconds, 2)}))


if __name__ == "__main__":
    main()
