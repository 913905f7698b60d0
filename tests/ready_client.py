"""Stands in PATH for `anonymize`: hands its command line, streams, folder and environment to a ready process."""

import json
import os
import socket
import struct
import sys

with socket.socket(socket.AF_UNIX) as connection:
    connection.connect(sys.argv[1])
    message = json.dumps([os.getcwd(), sys.argv[2:], dict(os.environ)]).encode()  # noqa: PTH109
    data = struct.pack("!I", len(message)) + message
    sent = socket.send_fds(connection, [data], [0, 1, 2])
    connection.sendall(data[sent:])
    os._exit((connection.recv(1) or b"\1")[0])
