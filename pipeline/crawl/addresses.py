"""An address check at each connection: a site must not lead the crawler to this machine or its network."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

Opened = Callable[[socket.socket], None]
"""Told of each connection's socket when it is open."""


class AddressError(Exception):
    """A connection to an address that the source may not reach. No OSError, so that it is not retried."""


class GuardedAdapter(HTTPAdapter):
    """Sends only to public addresses, and to this machine's own with `allow_loopback`.

    A name is looked up and its addresses are checked before anything is opened, and the address of the open socket is
    checked again before a byte is sent: a name that changes its address in between gains nothing. Behind a proxy
    (HTTPS_PROXY) it is the proxy's part. `opened` is told of each connection.
    """

    def __init__(self, *, allow_loopback: bool, opened: Opened | None = None, **options: Any) -> None:
        self._allow_loopback = allow_loopback
        self._opened = opened or (lambda _sock: None)
        super().__init__(**options)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = _pools(self._allow_loopback, self._opened)


def check_address(address: str, *, allow_loopback: bool) -> None:
    """Raise `AddressError` unless `address` (`113.160.0.1`) is public, or loopback where that is allowed."""
    found = ipaddress.ip_address(
        address.partition("%")[0]
    )  # a zone id (`fe80::1%eth0`) is no part of the address
    mapped = getattr(found, "ipv4_mapped", None)
    found = mapped or found
    if found.is_global or (allow_loopback and found.is_loopback):
        return
    raise AddressError(f"{address} is not a public address; only a source with allow_loopback may use it")


def _pools(allow_loopback: bool, opened: Opened) -> dict[str, type[HTTPConnectionPool]]:
    """Pools of connections that are checked; classes, because that is what urllib3 makes connections from."""

    def before(connection: HTTPConnection) -> None:
        try:
            found = socket.getaddrinfo(connection.host, connection.port, type=socket.SOCK_STREAM)
        except OSError:
            return  # connecting will fail for the same reason, and say so
        for *_, address in found:
            check_address(str(address[0]), allow_loopback=allow_loopback)

    def after(sock: socket.socket) -> socket.socket:
        try:
            check_address(sock.getpeername()[0], allow_loopback=allow_loopback)
        except AddressError:
            sock.close()
            raise
        return sock

    class Guarded:
        def _new_conn(self) -> socket.socket:
            before(self)  # type: ignore[arg-type]  # mixed into a connection below
            sock: socket.socket = super()._new_conn()  # type: ignore[misc]
            return after(sock)

        def connect(self) -> None:
            super().connect()  # type: ignore[misc]
            opened(self.sock)  # type: ignore[attr-defined]

    class Plain(Guarded, HTTPConnection):
        pass

    class Encrypted(Guarded, HTTPSConnection):
        pass

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class EncryptedPool(HTTPSConnectionPool):
        ConnectionCls = Encrypted

    return {"http": PlainPool, "https": EncryptedPool}
