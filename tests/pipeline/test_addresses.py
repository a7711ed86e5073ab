"""Which addresses a source may connect to."""

from __future__ import annotations

import pytest

from pipeline.crawl.addresses import AddressError, check_address


@pytest.mark.parametrize(
    ("address", "public", "with_loopback"),
    [
        ("113.160.0.1", True, True),  # a Vietnamese provider's
        ("2001:4860:4860::8888", True, True),
        ("127.0.0.1", False, True),  # this machine
        ("::1", False, True),
        ("::ffff:127.0.0.1", False, True),  # this machine in IPv6's clothes
        ("10.0.0.5", False, False),  # its network, never
        ("192.168.1.1", False, False),
        ("169.254.169.254", False, False),  # a cloud's metadata service
        ("fe80::1%eth0", False, False),  # link-local with a zone
        ("0.0.0.0", False, False),
    ],
)
def test_check_address(address: str, public: bool, with_loopback: bool) -> None:
    for allow_loopback, fine in ((False, public), (True, with_loopback)):
        if fine:
            check_address(address, allow_loopback=allow_loopback)
        else:
            with pytest.raises(AddressError, match="not a public address"):
                check_address(address, allow_loopback=allow_loopback)
