"""Servers and names that want to be somebody else's, or never to be done: real ones, on this machine."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import requests.adapters
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from pipeline.crawl.fetch import Fetcher
from pipeline.crawl.outcomes import Failed, Outcome, Page
from pipeline.settings import Settings
from tests.pipeline.test_fetch import Answer, Server, a_source, get, http

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


class Authority:
    """Signs certificates; who trusts `root` trusts those."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Không ai biết")])
        self._root = self._sign(self._name, self._key, until=NOW + DAY, authority=True)

    def write_root(self, path: Path) -> None:
        path.write_bytes(self._root.public_bytes(Encoding.PEM))

    def write_certificate(self, path: Path, host: str, until: datetime) -> None:
        """A certificate for `host`, an address or a name, and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        made = self._sign(name, key, until=until, host=host)
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path.write_bytes(private + made.public_bytes(Encoding.PEM))

    def _sign(
        self, subject: x509.Name, key: Any, *, until: datetime, host: str = "", authority: bool = False
    ) -> x509.Certificate:
        made = (
            x509.CertificateBuilder()
            .subject_name(subject).issuer_name(self._name).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(NOW - 9 * DAY).not_valid_after(until)
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
        )  # fmt: skip
        if host:
            with suppress(ValueError):
                made = made.add_extension(
                    x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False
                )
                return made.sign(self._key, SHA256())
            made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        return made.sign(self._key, SHA256())


@contextmanager
def serving_tls(certificate: Path) -> Iterator[tuple[str, list[bytes]]]:
    """A server that answers over TLS with a page; its address, and what it was asked."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    asked: list[bytes] = []

    def serve() -> None:
        while True:
            try:
                plain, _ = listener.accept()
            except OSError:
                return
            with suppress(OSError), plain, context.wrap_socket(plain, server_side=True) as connection:
                asked.append(connection.recv(65536))
                connection.sendall(http(body=b"bai"))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}", asked
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)


@pytest.mark.guard("certificates")
@pytest.mark.parametrize(
    ("host", "until", "known", "fine"),
    [
        pytest.param("127.0.0.1", NOW + DAY, True, True, id="its own, by somebody known"),
        pytest.param("127.0.0.1", NOW + DAY, False, False, id="by nobody known"),
        pytest.param("baothu.vn", NOW + DAY, True, False, id="another host's"),
        pytest.param("127.0.0.1", NOW - DAY, True, False, id="run out"),
    ],
)
def test_a_certificate_that_does_not_fit(
    host: str, until: datetime, known: bool, fine: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signer = Authority()
    signer.write_certificate(tmp_path / "pair.pem", host, until)
    signer.write_root(tmp_path / "root.pem")
    if known:  # in place of the authorities that `requests` brings
        monkeypatch.setattr(requests.adapters, "DEFAULT_CA_BUNDLE_PATH", str(tmp_path / "root.pem"))
    with serving_tls(tmp_path / "pair.pem") as (base, asked):
        with Fetcher(Settings(retries=0, timeout_seconds=10), a_source(base)) as fetcher:
            fetcher.obey(b"")
            outcome = fetcher.get(f"{base}/a")
        assert isinstance(outcome, Page) is fine, outcome
        assert bool(asked) is fine
    if isinstance(outcome, Failed):
        assert outcome.kind == "network"
        assert "certificate" in outcome.reason


@pytest.mark.guard("rebinding")
@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("113.160.0.1", "127.0.0.1", id="public, then this machine"),
        pytest.param("2001:4860:4860::8888", "127.0.0.1", id="public in IPv6, then this machine"),
        pytest.param("127.0.0.1", "127.0.0.1", id="this machine at once"),
    ],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_name_that_changes_its_address(
    scheme: str, first: str, second: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nobody's name server is at hand: the answers are ours, everything behind them is real.
    real, answers = socket.getaddrinfo, iter([first])

    def answer(_host: Any, port: Any, *rest: Any, **options: Any) -> Any:
        return real(next(answers, second), port, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        base = f"{scheme}://baothu.vn:{listener.getsockname()[1]}"
        source = a_source(base, allow_loopback=False)
        with Fetcher(Settings(retries=0, timeout_seconds=5), source) as fetcher:
            fetcher.obey(b"")
            failed = fetcher.get(f"{base}/a")
        assert isinstance(failed, Failed)
        assert (failed.kind, failed.reason.partition(" is ")[0]) == ("address", "127.0.0.1")
        listener.settimeout(0.2)
        with suppress(TimeoutError):  # where it was connected to, nothing was said
            connection, _ = listener.accept()
            with connection:
                connection.settimeout(2)
                assert connection.recv(100) == b""


def without_end(head: bytes, part: bytes) -> Callable[[socket.socket], None]:
    """Writes `part` after `head` for as long as anybody listens."""

    def write(connection: socket.socket) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(part)

    return write


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.guard("slow-answers")
@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(without_end(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 500), id="it always goes on"),
        pytest.param(without_end(CHUNKED + b"1\r\nx\r\n0\r\n", b"X: y\r\n" * 500), id="trailers without end"),
        pytest.param(without_end(CHUNKED + b"1;", b"x" * 60_000), id="a chunk's extension without end"),
        pytest.param(without_end(b"HTTP/1.1 200 ", b"x" * 60_000), id="a status without end"),
        pytest.param(
            without_end(b"HTTP/1.1 200 OK\r\nX: y", b"\r\n z" * 900), id="a folded field without end"
        ),
    ],
)
def test_an_answer_without_end_ends(answer: Answer) -> None:
    served, begun = Server(), time.monotonic()
    outcome: Outcome = get(served, answer=answer, settings={"timeout_seconds": 0.5})
    served.close()
    assert isinstance(outcome, Failed)
    assert outcome.kind in {"limit", "network"}
    assert time.monotonic() - begun < 60


@pytest.mark.guard("robots-size")
@pytest.mark.parametrize(
    "rules",
    [
        pytest.param("Disallow: /*a*a*a*a*a*a*a*a*a*a*a*b$\n" * 200, id="wildcards that match in many ways"),
        pytest.param("".join(f"Disallow: /{n}*/x$\n" for n in range(20_000)), id="thousands of rules"),
        pytest.param("User-agent: a\n" * 30_000, id="thousands of names"),
        pytest.param("Crawl-delay: " + "9" * 300_000 + "\n", id="a delay without end"),
    ],
)
def test_rules_that_want_to_be_weighed_for_ever(rules: str) -> None:
    served, begun = Server(), time.process_time()
    path = "/" + "a" * 1500
    rules = "User-agent: *\nDisallow: /cam\n" + rules
    served.answers |= {path: http(body=b"bai"), "/cam": http(body=b"cam")}
    with Fetcher(Settings(retries=0), a_source(served.base, delay_seconds=0)) as fetcher:
        fetcher.obey(rules.encode())
        if fetcher.delay() < 1:
            assert isinstance(fetcher.get(served.base + path), Page)
        assert isinstance(fetcher.get(served.base + "/cam"), Failed)
    served.close()
    assert served.paths() in ([path], [])
    assert time.process_time() - begun < 10
