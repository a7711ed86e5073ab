"""Which addresses a source may connect to."""

from __future__ import annotations

import socket

import pytest
import requests

from pipeline.crawl.addresses import AddressError, GuardedAdapter, check_address


@pytest.mark.guard("private-addresses")
@pytest.mark.parametrize(
    ("address", "public", "with_loopback"),
    [
        pytest.param("113.160.0.1", True, True, id="a Vietnamese provider's"),
        pytest.param("2001:4860:4860::8888", True, True, id="one in IPv6"),
        pytest.param("::ffff:113.160.0.1", True, True, id="IPv4 in IPv6's clothes"),
        pytest.param("172.15.255.255", True, True, id="just below a private network"),
        pytest.param("172.32.0.0", True, True, id="just above it"),
        pytest.param("127.0.0.1", False, True, id="this machine"),
        pytest.param("127.8.9.10", False, True, id="this machine by another number"),
        pytest.param("::1", False, True, id="this machine in IPv6"),
        pytest.param("::ffff:127.0.0.1", False, True, id="this machine in IPv6's clothes"),
        pytest.param("10.0.0.5", False, False, id="its network, never"),
        pytest.param("172.16.0.1", False, False, id="a private network's first"),
        pytest.param("172.31.255.255", False, False, id="and its last"),
        pytest.param("192.168.1.1", False, False, id="a router at home"),
        pytest.param("::ffff:192.168.1.1", False, False, id="the router in IPv6's clothes"),
        pytest.param("100.64.0.1", False, False, id="behind a provider's NAT"),
        pytest.param("169.254.169.254", False, False, id="a cloud's metadata service"),
        pytest.param("fd00:ec2::254", False, False, id="the same in IPv6"),
        pytest.param("fe80::1%eth0", False, False, id="link-local with a zone"),
        pytest.param("0.0.0.0", False, False, id="no address in particular"),
        pytest.param("::", False, False, id="none in IPv6"),
        pytest.param("255.255.255.255", False, False, id="everybody"),
        pytest.param("192.0.2.7", False, False, id="an example of documents"),
    ],
)
def test_check_address(address: str, public: bool, with_loopback: bool) -> None:
    for allow_loopback, fine in ((False, public), (True, with_loopback)):
        if fine:
            check_address(address, allow_loopback=allow_loopback)
        else:
            with pytest.raises(AddressError, match="not a public address"):
                check_address(address, allow_loopback=allow_loopback)


@pytest.mark.guard("private-addresses")
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.1"])
def test_what_is_refused_is_not_even_connected_to(scheme: str, host: str) -> None:
    # Names and odd spellings of addresses too: it is what they stand for that is looked at.
    with socket.create_server(("127.0.0.1", 0)) as listener, requests.Session() as session:
        session.trust_env = False
        session.mount(f"{scheme}://", GuardedAdapter(allow_loopback=False, max_retries=3))
        with pytest.raises(AddressError, match=r"127\.0\.0\.1 is not a public address"):
            session.get(f"{scheme}://{host}:{listener.getsockname()[1]}/", timeout=5)
        listener.settimeout(0.1)
        with pytest.raises(TimeoutError):
            listener.accept()
