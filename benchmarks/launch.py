"""Runs one command and prints its seconds, peak megabytes and processor seconds.

A process of its own, and the smallest possible: the peak memory of a child is never less than what its parent held
when it was started. Run it with `python -I -S`.
"""

import os
import sys
import time

UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes

if __name__ == "__main__":
    words = sys.argv[1:]
    start = time.perf_counter()
    child = os.posix_spawn(words[0], words, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, 2, 1)])
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - start
    print(seconds, usage.ru_maxrss * UNIT / 1e6, usage.ru_utime + usage.ru_stime)
    sys.exit(os.waitstatus_to_exitcode(status) and 1)
