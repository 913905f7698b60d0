"""Room for threads where address space is limited."""

import resource

import numpy as np

from anonymize.core.errors import DataError

PER_THREAD = 96 << 20  # its stack, its share of the allocator, and a page on its way


def require_room(threads: int) -> None:
    """Raises DataError where a limit on address space (`ulimit -v`) leaves too little for the work.

    Libraries that get no memory for a few bytes end the process without a word: OpenSSL, for one, calls itself
    until the stack is full.
    """
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit == resource.RLIM_INFINITY:
        return
    try:
        np.empty(PER_THREAD * threads, np.uint8)  # taken and given back, and never touched
    except MemoryError:
        fewer = ", or use fewer threads: --threads 1" if threads > 1 else ""
        raise DataError(
            f"the limit on address space, {limit / 1e6:,.0f} MB, leaves too little for the work",
            hint="raise it (`ulimit -v`)" + fewer,
        ) from None
