"""Every command over poisoned names and texts: nothing that a terminal would obey comes out of it."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from tests.pipeline.test_fetch import Server, http, to

ODD = "\x1b[2J\x9b31m\x1b]8;;http://x.vn\x07\u202e\u2066\u200b\x7f\u2028"
"""Clears a screen, colours, links, turns the line around, hides, breaks it."""
NAME = f"bài{ODD.replace('/', '')}"
TEXT = (
    f"Ngày 12/1/2025, LĐLĐ huyện Mang Thít{ODD} tổng kết hoạt động công đoàn năm 2024. Trong năm đã kết nạp 705 "
    f"đoàn viên{ODD}, đạt 141% chỉ tiêu. Dịp này, LĐLĐ tỉnh tặng Bằng khen cho 3 tập thể{ODD}."
)
MANIFEST = {
    "name": "bao", "title": f"Báo{ODD}", "base_url": "http://127.0.0.1:9", "feeds": ["/f"], "allow_loopback": True,
    "article": "/bai-\\d+", "delay_seconds": 0,
}  # fmt: skip


def obeyed(told: str) -> set[str]:
    """The characters of an output that are no plain text: line ends alone may be there."""
    return {ch for ch in told if unicodedata.category(ch) in {"Cc", "Cf", "Zl", "Zp"} and ch != "\n"}


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Runs a command in a folder of poisoned files, and looks at all that it printed."""
    monkeypatch.chdir(tmp_path)
    env = {f"TONGKET_{name}": str(tmp_path / name.lower()) for name in ("DB", "ARCHIVE", "RELEASES", "RUNS")}

    def run(*args: str, status: int | None = None, stdin: str | None = None, **more: str) -> str:
        result = CliRunner().invoke(app, args, input=stdin, env=env | {"COLUMNS": "200"} | more)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        told = result.stdout + result.stderr
        assert obeyed(told) == set(), (args, told)
        assert status is None or result.exit_code == status, (args, told)
        return told

    return run


def jsonl(path: Path, *rows: dict[str, Any]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path.name


def write_manifest(folder: Path, **over: Any) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "bao.yaml").write_text(json.dumps(MANIFEST | over), encoding="utf-8")


@pytest.mark.guard("terminal")
def test_reading(call: Callable[..., str], tmp_path: Path) -> None:
    row = {"id": NAME, "text": TEXT, "title": f"Tổng kết{ODD}", "url": f"https://baothu.vn/{NAME}"}
    rows = jsonl(tmp_path / f"{NAME}.jsonl", row, {"id": NAME}, {"text": 5, "url": ODD})
    (tmp_path / NAME).write_text(TEXT, encoding="utf-8")
    assert "705" in call("extract", "--format", "table", rows, NAME)
    assert "no such file" in call("extract", f"{NAME}-khong-co", status=2).lower()
    call("extract", NAME, "--output", f"{NAME}/x", status=2)
    call("extract", NAME, f"--{NAME}", status=2)
    call("extract", NAME, "--format", NAME, status=2)
    assert "705" in call("explain", TEXT)
    call("explain", "x", "--published", ODD, status=2)
    call("extract", "--all", rows, "--output", "a.jsonl")
    jsonl(
        tmp_path / f"{NAME}-2",
        *(json.loads(line) for line in (tmp_path / "a.jsonl").read_text("utf-8").split("\n") if line),
    )
    changed = (tmp_path / "a.jsonl").read_text("utf-8").replace("705", "706")
    (tmp_path / f"{NAME}-3").write_text(changed, encoding="utf-8")
    call("diff", f"{NAME}-2", f"{NAME}-3", status=1)
    call("diff", f"{NAME}-2", NAME, status=2)
    call("diff", f"{NAME}-2", f"{NAME}-khong-co", status=2)


@pytest.mark.guard("terminal")
def test_scoring(call: Callable[..., str], tmp_path: Path) -> None:
    gold = tmp_path / NAME
    call("evaluate", NAME, status=2)
    gold.mkdir()
    (gold / f"{NAME}.txt").write_text(TEXT, encoding="utf-8")
    (gold / f"{NAME}.json").write_text(json.dumps({"id": NAME, "url": ODD, ODD: 1}), encoding="utf-8")
    call("evaluate", NAME, status=2)
    call("evaluate", NAME, "--predictions", f"{NAME}-khong-co", status=2)
    call("evaluate", NAME, "--floors", f"{NAME}-khong-co", status=2)


@pytest.mark.guard("terminal")
def test_the_dataset(call: Callable[..., str], tmp_path: Path) -> None:
    row = {"id": NAME, "text": TEXT, "title": f"Tổng kết{ODD}", "url": f"https://baothu.vn/a?{NAME}"}
    rows = jsonl(
        tmp_path / f"{NAME}.jsonl", row, {"text": TEXT.replace("705", "805"), "byline": ODD}, {"id": NAME}
    )
    call("ingest", rows, f"{NAME}-khong-co", status=2)
    call("ingest", rows, "--source", NAME, status=2)
    call("ingest", rows, "--dask", NAME, status=2)
    call("status")
    call("reread", "--source", NAME, status=2)
    call("reread")
    call("release", "--date", NAME, status=2)
    call("release", "--date", "2025-01-14", status=0)
    folder = (tmp_path / "releases" / "2025-01-14").rename(tmp_path / NAME)
    call("verify", NAME, status=0)
    (folder / f"{NAME}.csv").touch()
    for name in ("articles.csv", "figures.csv"):
        (folder / name).write_text((folder / name).read_text("utf-8").replace("a", ODD), encoding="utf-8")
    call("verify", NAME, status=1)
    call("verify", f"{NAME}-khong-co", status=2)
    call("explore", f"{NAME}-khong-co", "--no-open", status=2)
    call("review", "export", "--output", f"{NAME}/khong/co", status=2)
    call("review", "export", "--output", "sheet.csv", status=0)
    sheet = (tmp_path / "sheet.csv").read_text("utf-8").split("\n")
    (tmp_path / f"{NAME}.csv").write_text(
        "\n".join([sheet[0].replace("id", NAME, 1), *sheet[1:]]), encoding="utf-8"
    )
    call("review", "import", f"{NAME}.csv")
    answered = [sheet[0], *(line.replace(",", f",{ODD},", 3) for line in sheet[1:3])]
    (tmp_path / f"{NAME}-2.csv").write_text("\n".join(answered), encoding="utf-8")
    call("review", "import", f"{NAME}-2.csv", "--by", NAME)
    call("review", "import", f"{NAME}-khong-co", status=2)


@pytest.mark.guard("terminal")
def test_settings_and_addresses(call: Callable[..., str], tmp_path: Path) -> None:
    call("settings", TONGKET_CONTACT=ODD, TONGKET_POOL=ODD, TONGKET_REVIEWER=NAME)
    for name in ("BATCH", "TIMEOUT", "LOGS", "WEBHOOK", "SCHEDULE", "DB", "CONFIG", NAME):
        call("settings", **{f"TONGKET_{name}".replace("\0", ""): ODD})
    call("status", "--db", f"sqlite:////khong/{NAME}")
    call("status", "--db", f"{NAME}://{NAME}@{NAME}/x", status=2)
    call("release", "--db", f"postgresql+psycopg://{NAME}@127.0.0.1:1/{NAME}", status=2)
    (tmp_path / "tongket.toml").write_text(
        f'"{NAME}" = 1\n'.replace("\x1b", "\\u001b").replace("\x07", ""), "utf-8"
    )
    call("settings")


@pytest.mark.guard("terminal")
def test_sources_and_sites(call: Callable[..., str], tmp_path: Path) -> None:
    served = Server()
    line = ODD.replace("\u2028", "").encode().decode("latin-1").encode("latin-1")
    feed = "<rss><channel><title>x</title>{}</channel></rss>".format(
        "".join(
            f"<item><link>/bai-{n}?{NAME}</link></item>".replace("\x1b", "&#155;").replace("\x07", "")
            for n in range(5)
        )
    )
    served.answers |= {
        "/robots.txt": http(), "/f": http(body=feed.encode()), "/bai-9": to("/x").replace(b"/x", b"//x" + line),
    }  # fmt: skip
    folder = tmp_path / NAME
    call("sources", "list", "--sources", NAME)
    write_manifest(folder, base_url=served.base)
    call("sources", "list", "--sources", NAME)
    call("sources", "check", "bao", "--sources", NAME)
    call("sources", "check", "bao", "--sources", NAME, "--url", f"{served.base}/bai-9")
    call("sources", "check", NAME, "--sources", NAME, status=2)
    call("sources", "new", f"http://{NAME}", status=2)
    call("run", "--direct", "--sources", NAME)
    served.answers["/f"] = b"HTTP/1.1 404 " + line + b"\r\nContent-Length: 0\r\n\r\n"
    call("run", "--direct", "--sources", NAME, "--source", NAME)
    call("run", "--direct", "--sources", NAME)
    call("status", "--sources", NAME)
    served.answers["/f"] = http(body=b"x", Content_Type="text/html", Content_Encoding="a\x1b[2Jb")
    call("run", "--direct", "--sources", NAME)
    write_manifest(folder, **{ODD: 1})
    call("sources", "list", "--sources", NAME)
    call("run", "--direct", "--sources", NAME)
    call("run", "--direct", "--since", ODD, status=2)
    served.close()
