"""A process that has imported what commands import, and forks one for each command line of the tests.

Hundreds of commands stand in pages and cases, and starting an interpreter takes longer than most of them. Each
still has a process, streams, a folder and an environment of its own. Fresh processes are started by other tests.
"""

import json
import os
import select
import socket
import struct
import sys
from importlib import import_module
from pathlib import Path

CLIENT = Path(__file__).with_name("ready_client.py")
LENGTH = struct.Struct("!I")


def serve(path: str) -> None:
    """Answer on a socket until standard input ends."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path)
        listening.listen(16)
        warm()
        assert len(os.listdir("/proc/self/task")) == 1, "what forks must have no threads"
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while sys.stdin not in select.select([listening, sys.stdin], [], [])[0]:
            connection, _ = listening.accept()
            if os.fork() == 0:
                listening.close()
                _keep(connection)
            connection.close()
            while _reap():
                pass


def warm() -> None:
    """Import what most commands need, and start none of it."""
    from anonymize.cli.start import arrow_without_pandas

    arrow_without_pandas()
    from anonymize.core.catalog import component, modules
    from anonymize.finding.scanning import all_detectors

    for name in ("cli.console", "finding.drafting", "interface", "preview", "releases.verifying"):
        import_module(f"anonymize.{name}")
    all_detectors()
    for kind in ("transform", "metric", "format"):
        for name in modules(kind):
            component(kind, name)


def _reap() -> bool:
    try:
        return os.waitpid(-1, os.WNOHANG)[0] != 0
    except ChildProcessError:
        return False


def _keep(connection: socket.socket) -> None:
    """Receive a command line, fork it, and tell how it ended."""
    data, streams, _, _ = socket.recv_fds(connection, 1 << 16, 3)
    (length,) = LENGTH.unpack_from(data)
    while len(data) < LENGTH.size + length:
        data += connection.recv(1 << 16)
    worker = os.fork()
    if worker == 0:
        connection.close()
        _work(*json.loads(data[LENGTH.size :]), streams)
    for stream in streams:
        os.close(stream)
    code = os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1])
    connection.sendall(bytes([code if code >= 0 else 128 - code]))
    os._exit(0)


def _work(folder: str, arguments: list[str], environment: dict[str, str], streams: list[int]) -> None:
    """Be the command."""
    code = 1
    try:
        for place, stream in enumerate(streams):
            os.dup2(stream, place)
            os.close(stream)
        sys.stdin, sys.stdout, sys.stderr = (os.fdopen(i, mode, closefd=False) for i, mode in enumerate("rww"))
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        sys.argv = ["anonymize", *arguments]
        from anonymize.cli import main

        main()
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 1
    finally:
        os._exit(code)


if __name__ == "__main__":
    serve(sys.argv[1])
