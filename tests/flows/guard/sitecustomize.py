"""Python starts this first in processes that a test guards: no connection leaves this machine, and each try is noted.

The file that TONGKET_TEST_CONNECTS names gets a line `started COMMAND` a process and `outside TARGET` a try.
"""

import os
import socket
import sys
from pathlib import Path

RECORD = os.environ.get("TONGKET_TEST_CONNECTS")


def note(*told):
    with Path(RECORD).open("a", encoding="utf-8") as file:
        file.write(" ".join(map(str, told)) + "\n")


def is_ours(host):
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    return (
        host is None
        or host in {"", "localhost", "::", "::1", "0.0.0.0"}
        or host.startswith("127.")
        or host == socket.gethostname()
    )


def watch(owner, name, host_of):
    real = getattr(owner, name)

    def watched(*args, **kwargs):
        host = host_of(*args, **kwargs)
        if not is_ours(host):
            note("outside", name, host)
            raise OSError(f"a test forbids to reach {host}")
        return real(*args, **kwargs)

    setattr(owner, name, watched)


def of_socket(sock, *args, **_):
    return args[-1][0] if sock.family in {socket.AF_INET, socket.AF_INET6} else None


if RECORD:
    note("started", *sys.orig_argv)
    for method in ("connect", "connect_ex", "sendto"):
        watch(socket.socket, method, of_socket)
    for function in ("getaddrinfo", "gethostbyname"):
        watch(socket, function, lambda host, *_, **__: host)
