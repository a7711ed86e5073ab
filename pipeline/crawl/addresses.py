"""An address check at each connection: a site must not lead the crawler to this machine or its network."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class AddressError(Exception):
    """A connection to an address that the source may not reach. No OSError, so that it is not retried."""


class GuardedAdapter(HTTPAdapter):
    """Sends only to public addresses, and to this machine's own with `allow_loopback`.

    The address looked at is that of the open socket, before a byte is sent: a name that changes its
    address between a look-up and the connection gains nothing. Behind a proxy (HTTPS_PROXY) it is the
    proxy's part.
    """

    def __init__(self, *, allow_loopback: bool, **options: Any) -> None:
        self._allow_loopback = allow_loopback
        super().__init__(**options)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = (
            {"http": _LocalHTTPPool, "https": _LocalHTTPSPool}
            if self._allow_loopback
            else {"http": _PublicHTTPPool, "https": _PublicHTTPSPool}
        )


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


def _checked(sock: socket.socket, *, allow_loopback: bool) -> socket.socket:
    try:
        check_address(sock.getpeername()[0], allow_loopback=allow_loopback)
    except AddressError:
        sock.close()
        raise
    return sock


class _PublicHTTP(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _checked(super()._new_conn(), allow_loopback=False)


class _PublicHTTPS(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _checked(super()._new_conn(), allow_loopback=False)


class _LocalHTTP(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _checked(super()._new_conn(), allow_loopback=True)


class _LocalHTTPS(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _checked(super()._new_conn(), allow_loopback=True)


class _PublicHTTPPool(HTTPConnectionPool):
    ConnectionCls = _PublicHTTP


class _PublicHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _PublicHTTPS


class _LocalHTTPPool(HTTPConnectionPool):
    ConnectionCls = _LocalHTTP


class _LocalHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _LocalHTTPS
