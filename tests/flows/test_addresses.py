"""Inputs by address: in memory, patterns of files, and a bucket on a real S3-like server; bad ones are named."""

from __future__ import annotations

import http.client
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.inputs import BadInput, read_inputs
from tests.flows.conftest import settings_in
from tests.many_articles import write_warc
from tests.prefect_server import BIN, QUIET, environment


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an S3 server on this machine with `s3://bucket/2024/{0,1}.warc.gz`, three articles each."""
    from moto.server import ThreadedMotoServer

    warc = write_warc(tmp_path_factory.mktemp("s3") / "a.warc.gz", 3).read_bytes()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        connection = http.client.HTTPConnection(host, port)
        for path, body in (
            ("/bucket", b""),
            ("/bucket/2024/0.warc.gz", warc),
            ("/bucket/2024/1.warc.gz", warc),
        ):
            connection.request("PUT", path, body)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200
        connection.close()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def test_a_bucket_is_ingested(bucket: str, tmp_path: Path) -> None:
    env = (
        os.environ
        | QUIET
        | environment(settings_in(tmp_path))
        | {
            "AWS_ENDPOINT_URL": bucket,
            "AWS_ACCESS_KEY_ID": "x",
            "AWS_SECRET_ACCESS_KEY": "x",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
    )
    bad = (
        "s3://bucket/2023/*.warc.gz",
        "s3://none/*.warc.gz",
        "s3://none/a.warc.gz",
        "s3://bucket/none.warc.gz",
    )
    command = [BIN / "tongket", "ingest", "s3://bucket/2024/*.warc.gz", *bad]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)
    told = [line for line in done.stderr.splitlines() if "s3://" in line and not line.startswith("archiving")]
    assert told == [
        f"{bad[0]}: no file fits this pattern",
        f"{bad[1]}: no file fits this pattern",
        f"{bad[2]}: no such file",
        f"{bad[3]}: no such file",
    ], done.stderr
    assert done.returncode == 2
    assert "articles: 3 new, 0 changed, 0 unchanged, 0 failed" in done.stdout


def files(folder: Path) -> tuple[str, list[str]]:
    (folder / "b.txt").write_text("Ngày 5/1/2025, LĐLĐ tỉnh An Giang tổng kết năm 2024.", encoding="utf-8")
    (folder / "a.txt").write_text("Ngày 6/1/2025, LĐLĐ tỉnh Cà Mau tổng kết năm 2024.", encoding="utf-8")
    return f"file://{folder}/*.txt", ["Cà Mau", "An Giang"]


def memory(_: Path) -> tuple[str, list[str]]:
    import fsspec

    fsspec.filesystem("memory").pipe("/tongket/a.txt", "LĐLĐ tỉnh Cà Mau tổng kết năm 2024.".encode())
    return "memory://tongket/a.txt", ["Cà Mau"]


@pytest.mark.parametrize("make", [files, memory])
def test_addresses_that_are_read(tmp_path: Path, make) -> None:  # type: ignore[no-untyped-def]
    address, places = make(tmp_path)
    found = list(read_inputs([address]))
    assert not [item for item in found if isinstance(item, BadInput)]
    assert [place in item.text for item, place in zip(found, places, strict=True)] == [True] * len(places)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("address", "why"),
    [
        pytest.param("memory://none/a.txt", "no such file", id="no such file"),
        pytest.param("memory://none/*.txt", "no file fits this pattern", id="nothing fits"),
        pytest.param("file:///none/*.txt", "no file fits this pattern", id="no such folder"),
        pytest.param("nofs://a/b.txt", "Protocol not known: nofs", id="no such filesystem"),
        pytest.param(
            "gs://a/b.txt", "needs a Python package that is not installed", id="a package is missing"
        ),
        pytest.param("gs://a/*.txt", "needs a Python package that is not installed", id="and for a pattern"),
    ],
)
def test_addresses_that_are_not(address: str, why: str) -> None:
    (bad,) = read_inputs([address])
    assert isinstance(bad, BadInput)
    assert str(bad).startswith(f"{address}: ")
    assert why in str(bad)
