"""`tongket sources`: the real program on the demo's sites, served on this machine."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from typer.testing import CliRunner

from extractors.text import normalise
from pipeline.cli import app
from pipeline.crawl.sources import Source, load_source
from pipeline.demo_sites import FOLDER, DemoSite, Fault
from pipeline.settings import ROOT
from pipeline.sourcing.overview import load_each

SHIPPED = ROOT / "pipeline" / "sources"
DEMO = {"songtien", "mietthu", "truongson"}
MANIFEST = "name: {name}\ntitle: {title}\nbase_url: https://{name}.example\nfeeds: [/rss]\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "manifests"
    made.mkdir()
    return made


@pytest.fixture
def serve(folder: Path) -> Iterator[Any]:
    """Serves a demo site and puts its manifest, pointed at where it is, into `folder`."""
    with ExitStack() as stack:

        def start(name: str, **over: Any) -> DemoSite:
            site = stack.enter_context(DemoSite(FOLDER / name))
            data = yaml.safe_load((SHIPPED / f"{name}.yaml").read_text(encoding="utf-8"))
            data |= {"base_url": site.base_url, "delay_seconds": 0.0} | over
            (folder / f"{name}.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
            return site

        yield start


def sources(*args: str) -> Any:
    """The command in this process: the model is loaded once for all tests."""
    return CliRunner().invoke(app, ["sources", *args], env={"COLUMNS": "80"})


def complaints(result: Any) -> list[str]:
    """Lines on standard error that are no progress."""
    return [line for line in result.stderr.splitlines() if ": asking for http" not in line]


def write(folder: Path, name: str, *, title: str = "Báo Tỉnh", more: str = "") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(MANIFEST.format(name=name, title=title) + more, encoding="utf-8")
    return path


def test_the_manifests_that_are_shipped(tongket: Any) -> None:
    result = tongket("sources", "list", "--json")
    assert (result.returncode, result.stderr) == (0, b"")
    rows = {row["name"]: row for row in json.loads(result.stdout)["sources"]}
    real = rows.keys() - DEMO
    assert len(real) >= 14
    # Nobody could look at them from here: none may say that it was seen to work, or guess at markup.
    assert [name for name in sorted(real) if rows[name]["verified"] or rows[name]["layouts"]] == []
    assert {name for name, row in rows.items() if row["on_this_machine"]} == DEMO
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT02:00:00\+07:00", row["next"]) for row in rows.values())


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_shipped_manifest_is_named_like_its_file_and_says_how_it_was_made(path: Path) -> None:
    source = load_source(path)
    assert source.name == path.stem
    comment = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    if source.name not in DEMO:
        assert f"`tongket sources check {source.name}`" in " ".join(comment)
        assert "Nobody has run this yet" in " ".join(comment)
        assert source.delay_seconds >= 2


def test_the_list_is_narrow_enough_for_a_terminal(folder: Path) -> None:
    write(
        folder,
        "bao-mot",
        more="listings: [{url: /}, {url: /cong-doan/}]\nverified: false\nschedule: 30 4 * * 1\n",
    )
    write(folder, "bao-hai", more="allow_loopback: true\n")
    result = sources("list", "--sources", str(folder))
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) <= 80
    first, second = (
        re.search(rf"{name}(?s:.*?)\n\n|{name}(?s:.*)", result.stdout) for name in ("bao-mot", "bao-hai")
    )
    assert first is not None
    assert second is not None
    for said in ("no", "1 feed", "2 listings", "2 s", "04:30", "(30 4 * * 1)"):
        assert said in first[0]
    assert "(on this machine)" in result.stdout


def test_a_bad_manifest_costs_itself_alone(folder: Path) -> None:
    write(folder, "a-good")
    write(folder, "b-bad", more="delay: 3\n")
    (folder / "c-broken.yaml").write_text("name: [\n", encoding="utf-8")
    shutil.copy(folder / "a-good.yaml", folder / "d-twice.yaml")
    result = sources("list", "--sources", str(folder))
    assert result.exit_code == 2
    assert "a-good" in result.stdout
    bad, broken, twice = complaints(result)
    assert bad == f"{folder / 'b-bad.yaml'}: field delay: Extra inputs are not permitted"
    assert broken.startswith(f"{folder / 'c-broken.yaml'}: cannot be read as YAML: ")
    assert (
        twice
        == f"{folder / 'd-twice.yaml'}: field name: 'a-good' is already used by {folder / 'a-good.yaml'}"
    )
    assert load_each(folder).sources[0].name == "a-good"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["list", "--sources", "none"], "none: no such folder of source manifests"),
        (["list", "--sources", "empty"], "empty: no source manifest in it: write one with `tongket sources new URL`"),
        (["check", "bao", "--sources", "none"], "none: no such folder of source manifests"),
        (["check", "bao", "--sources", "empty"], "empty: no source named 'bao': there are none"),
        (["check", "../tin", "--sources", "one"], "one: no source named '../tin': there are tin"),
        (["check", "tin", "--sources", "one", "--url", "https://zalo.me/x"],
         "--url: https://zalo.me/x is not on tin.example; further hosts of the site belong into hosts of the manifest"),
        (["check", "tin", "--sources", "one", "--url", "mailto:tin@bao.vn"], "--url: 'mailto:tin@bao.vn' is no web address"),
        (["new", "mailto:tin@bao.vn"], "'mailto:tin@bao.vn' is no web address"),
        (["new", "https://bao.example/", "--name", "Báo"], "--name: 'Báo': letters a-z, digits, - and _ only"),
        (["new", "https://bao.example/", "--output", "none"], "none: no such folder: make it first"),
        (["new", "https://tin.example/", "--output", "one"],
         "one/tin.yaml: is there already: choose another --name or --output, or remove it"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_one_line(
    args: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("empty", "one"):
        (tmp_path / name).mkdir()
    before = write(tmp_path / "one", "tin").read_text(encoding="utf-8")
    result = sources(*args)
    assert (result.exit_code, complaints(result)) == (2, [said])
    assert (tmp_path / "one" / "tin.yaml").read_text(encoding="utf-8") == before


@pytest.mark.guard("terminal")
def test_nothing_of_a_manifest_or_a_site_steers_the_terminal(folder: Path, serve: Any) -> None:
    write(folder, "bao", title='"Báo \\e[2J Tỉnh"')
    assert "\x1b" not in sources("list", "--sources", str(folder)).stdout
    site = serve("songtien", title="\x1b[2J")
    story = site.stories()[0]
    site.edit(story.path, story.title, "\u202eTít \x07 ngược")
    result = sources("check", "songtien", "--sources", str(folder), "--articles", "1")
    assert not {"\x1b", "\u202e", "\x07"} & set(result.stdout)


@pytest.mark.parametrize("name", sorted(DEMO))
def test_a_site_that_is_as_its_manifest_says(
    name: str, folder: Path, serve: Any, tongket: Any, tmp_path: Path
) -> None:
    site = serve(name)
    env = os.environ | {
        "TONGKET_ARCHIVE": str(tmp_path / "archive"),
        "TONGKET_DB": str(tmp_path / "x.db"),
        "TONGKET_CONTACT": "thu@bao.vn",
    }
    before = sorted(folder.iterdir())
    result = tongket("sources", "check", name, "--sources", str(folder), env=env, cwd=tmp_path)
    shown = result.stdout.decode()
    assert result.returncode == 0, shown
    assert shown.endswith("✓ looks right\n")
    newest = site.stories()[0]
    for said in (
        newest.title,
        newest.published.isoformat(),
        newest.byline,
        "a union's event",
        "layouts[0]",
        "next page",
    ):
        assert said in shown
    # Nothing is kept, robots.txt comes first, and the site knows whom to ask.
    assert sorted(folder.iterdir()) == before
    assert sorted(tmp_path.iterdir()) == [folder]
    assert site.log.paths()[0] == "/robots.txt"
    assert len(site.log.paths()) < 20
    assert {answer.user_agent for answer in site.log.answers} == {"tongket/0.1 (+thu@bao.vn)"}


def test_an_unverified_manifest_that_passes_says_what_to_do_next(folder: Path, serve: Any) -> None:
    serve("truongson", verified=False)
    result = sources("check", "truongson", "--sources", str(folder), "--articles", "1")
    assert result.exit_code == 0
    assert (
        "looks right: compare two articles with the site in your browser, then set verified: true"
        in result.stdout
    )


def test_one_article_alone(folder: Path, serve: Any) -> None:
    site = serve("truongson")
    story = site.stories()[3]
    url = f"{site.base_url}/print{story.path}"
    result = sources("check", "truongson", "--sources", str(folder), "--url", url, "--json")
    told = json.loads(result.stdout)
    assert told["starts"] == []
    (article,) = told["articles"]
    assert (article["title"], article["shows"]) == (story.title, site.base_url + story.path)
    assert site.log.paths() == ["/robots.txt", f"/print{story.path}"]


def test_what_json_tells(folder: Path, serve: Any) -> None:
    site = serve("songtien")
    result = sources("check", "songtien", "--sources", str(folder), "--articles", "2", "--json")
    told = json.loads(result.stdout)
    assert (told["ok"], told["verdict"], told["findings"]) == (True, "looks right", [])
    assert told["requests"] == len(site.log.paths())
    feed, listing, _ = told["starts"]
    assert (feed["kind"], feed["status"], feed["articles"], feed["dated"]) == ("feed", 200, 10, 10)
    assert (listing["next_url"], listing["next_articles"]) == (f"{site.base_url}/cong-doan/page/2/", 6)
    first, second = told["articles"]
    newest = site.stories()[0]
    assert first["url"] == site.base_url + newest.path
    assert first["found_by"]["published"] == "json-ld"
    assert first["layout"] == second["layout"] == 0
    assert first["paragraphs"] == sum(1 for block in newest.body if block.kind != "caption")


def test_links_that_are_left_out_are_shown_with_the_reason(folder: Path, serve: Any) -> None:
    serve("truongson", sitemaps=[], listings=[{"url": "/hoat-dong.aspx"}])
    told = json.loads(
        sources("check", "truongson", "--sources", str(folder), "--articles", "1", "--json").stdout
    )
    (listing,) = told["starts"]
    assert listing["articles"] + listing["rejected"] == listing["links"]
    assert len(listing["rejected_examples"]) == 3
    assert {one["why"] for one in listing["rejected_examples"]} == {"does not match article_pattern"}


@pytest.mark.parametrize(
    ("over", "faults", "what", "advice"),
    [
        ({"article_pattern": "-bai\\d+$"}, {}, "no article among 1", "change article_pattern"),
        ({"listings": [{"url": "/cong-doan/", "link": ".khong-co a"}], "feeds": []}, {},
         "/cong-doan/: no article among 0 links", "listings.link selects nothing there"),
        ({"feeds": ["/cong-doan/"]}, {}, "/cong-doan/: no RSS or Atom feed", "change feeds[0]"),
        ({"feeds": ["/khong-co.rss"]}, {}, "/khong-co.rss: HTTP 404", "look for it in your browser, and change feeds[0]"),
        ({"sitemaps": ["/cong-doan/"]}, {}, "/cong-doan/: no sitemap", "change sitemaps[0]"),
        ({}, {"/feed/": Fault.redirect("https://baosongtien.example/feed/")},
         "/feed/: redirected off the site, to https://baosongtien.example/feed/", "its host into base_url or hosts"),
        ({}, {"/cong-doan/page/2/": Fault.status(404)}, "/cong-doan/page/2/: HTTP 404", "change listings[0].next"),
        ({}, {"/robots.txt": Fault.status(503)}, "robots.txt cannot be read (HTTP 503", "try again later"),
        ({}, {"articles": Fault.status(404)}, "HTTP 404 Not Found", "the site links to what is gone"),
        ({}, {"articles": Fault.challenge(200)}, "post1188.html: ", "the site keeps programs out: ask its owner"),
        ({}, {"articles": Fault.empty_shell()}, "post1188.html: ", "name its text in layouts.body"),
        ({}, {"articles": Fault.not_html("application/pdf")}, "application/pdf, no page", "make article_pattern leave such addresses out"),
        ({"bounds": {"min_links": 500}}, {}, "links found, at least 500 expected (min_links)", "change article_pattern or listings.link"),
        ({"layouts": [{"body": ".khong-co"}]}, {}, "0 of 2 new articles fit a layout", "change layouts.body or add a layout"),
        ({"layouts": [{"body": ".site-footer"}]}, {}, "0 of 2 new articles fit a layout", "change layouts.body"),
        ({"allow_loopback": False}, {}, "is not a public address", "set allow_loopback: true"),
    ],
)  # fmt: skip
def test_each_problem_names_what_to_change(
    over: dict[str, Any], faults: dict[str, Fault], what: str, advice: str, folder: Path, serve: Any
) -> None:  # fmt: skip
    site = serve("songtien", **over)
    site.faults.update(faults)
    result = sources("check", "songtien", "--sources", str(folder), "--articles", "2", "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    problems = [finding for finding in told["findings"] if finding["is_problem"]]
    assert any(what in one["what"] and advice in one["do"] for one in problems), problems
    assert not told["ok"]


def test_the_sites_markup_changed(folder: Path, serve: Any) -> None:
    site = serve("truongson")
    site.layout = "changed"
    result = sources("check", "truongson", "--sources", str(folder), "--articles", "2")
    assert result.exit_code == 1
    assert (
        "✗ 0 of 2 new articles fit a layout of the manifest, at least 90% expected (min_layout_share)"
        in result.stdout
    )


@pytest.mark.parametrize(
    ("robots", "asked", "said"),
    [
        ("User-agent: *\nDisallow: /\n", ["/robots.txt"], "robots.txt disallows it"),
        ("User-agent: *\nCrawl-delay: 900\n", ["/robots.txt"], "asks for 900 s between two requests"),
    ],
)
def test_robots_txt_is_obeyed(robots: str, asked: list[str], said: str, folder: Path, serve: Any) -> None:
    site = serve("songtien")
    site.robots = robots
    result = sources("check", "songtien", "--sources", str(folder))
    assert result.exit_code == 1
    assert said in result.stdout
    assert site.log.paths() == asked
    result = sources("new", site.base_url, "--loopback", "--output", "-")
    assert result.exit_code == 2
    assert len(complaints(result)) == 1
    assert said in complaints(result)[0]
    assert site.log.paths() == asked * 2


def test_a_site_that_is_not_up(folder: Path) -> None:
    with socket.socket() as nobody:  # bound and not listening: connections are refused
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        (folder / "bao.yaml").write_text(
            f"name: bao\ntitle: Báo\nbase_url: {url}\nfeeds: [/rss]\n"
            "allow_loopback: true\ndelay_seconds: 0\n",
            encoding="utf-8",
        )
        result = sources("check", "bao", "--sources", str(folder))
        assert result.exit_code == 1
        assert "robots.txt cannot be read (ConnectionError" in result.stdout
        result = sources("new", url, "--loopback", "--output", str(folder))
    assert result.exit_code == 2
    assert complaints(result)[0].startswith(f"{url}/robots.txt: cannot be read (ConnectionError")
    assert complaints(result)[0].endswith("check the address and the network")


def read_by(path: Path, site: DemoSite, index: int) -> tuple[Source, Any]:
    """One of the site's articles as the manifest at `path` has it parsed."""
    import requests

    from pipeline.crawl.parse import parse_html

    source, story = load_source(path), site.stories()[index]
    answer = requests.get(site.base_url + story.path, timeout=10)
    return source, parse_html(answer.content, site.base_url + story.path, source=source)


def clean(text: str) -> str:
    """Without what some editors paste into words and a parser takes out."""
    return normalise(text).replace("\u00ad", "")


@pytest.mark.parametrize("layout", [None, "changed"])
@pytest.mark.parametrize(
    ("name", "start", "pages"),
    [
        ("songtien", "/", "a.next"),
        ("songtien", "/cong-doan/", "a.next"),
        ("mietthu", "/tin.asp?cat=tin-tuc", "/tin.asp?cat=tin-tuc&trang={page}"),
        ("mietthu", "/", None),
        ("truongson", "/hoat-dong.aspx", "a.next"),
        ("truongson", "/", None),
    ],
)
def test_a_draft_passes_the_check_and_its_selectors_give_the_article(
    name: str, start: str, pages: str | None, layout: str | None, tmp_path: Path
) -> None:
    with DemoSite(FOLDER / name) as site:
        site.layout = layout
        result = sources(
            "new", site.base_url + start, "--loopback", "--name", "bao", "--output", str(tmp_path)
        )
        assert result.exit_code == 0, result.stderr
        path = tmp_path / "bao.yaml"
        assert (
            result.stdout
            == f"{path}: written. Look it over, then: tongket sources check bao --sources {tmp_path}\n"
        )
        assert site.log.paths()[0] == "/robots.txt"
        assert len(site.log.paths()) <= 20
        assert len(set(site.log.paths())) == len(site.log.paths()), "nothing is asked for twice"

        source, _ = read_by(path, site, 0)
        assert (source.title, source.verified, source.allow_loopback) == (site.title, False, True)
        changed = layout and name == "songtien"  # there the way on is an arrow without words
        assert source.listings[0].next == ("a.td-ajax-next-page" if changed else pages)
        (known,) = source.layouts
        assert known.body is not None
        assert known.title is not None
        for index in range(len(site.stories())):
            story = site.stories()[index]
            assert source.article(site.base_url + story.path) == site.base_url + story.path
            _, article = read_by(path, site, index)
            assert (article.layout, article.title) == (0, story.title)
            told = [clean(block.text) for block in story.body if block.kind == "paragraph"]
            assert [text for text in told if text not in clean(article.text)] == []
        for other in ("/", start, "/lien-he.aspx", "/tin.asp?cat=tin-tuc&trang=2", "/cong-doan/page/2/"):
            assert source.article(site.base_url + other) is None

        result = sources("check", "bao", "--sources", str(tmp_path), "--json")
        assert result.exit_code == 0, result.stdout
        assert json.loads(result.stdout)["verdict"].endswith("then set verified: true")


def test_a_draft_finds_feeds_and_sitemaps(tmp_path: Path) -> None:
    drafts = {}
    for name in sorted(DEMO):
        with DemoSite(FOLDER / name) as site:
            result = sources("new", f"{site.base_url}/", "--loopback", "--output", "-")
            drafts[name] = Source.model_validate(yaml.safe_load(result.stdout))
    assert drafts["songtien"].feeds == ["/feed/"]
    assert drafts["truongson"].sitemaps == ["/sitemap.xml", "/news-sitemap.xml"]
    assert (drafts["mietthu"].feeds, drafts["mietthu"].sitemaps) == ([], [])
    assert all(re.fullmatch(r"site-127-0-0-1-\d+", draft.name) for draft in drafts.values())


@pytest.mark.parametrize(
    ("path", "faults", "said"),
    [
        ("/khong-co", {}, "HTTP 404 Not Found: check the address and the network"),
        ("/feed/", {}, "application/rss+xml, no page: it is no HTML page: give the home page or that of a section"),
        ("/", {"/": Fault.not_html("text/html")}, "it is no HTML page"),
        ("/", {"/": Fault.empty_shell(), "/feed/": Fault.status(404)}, "no articles found (0 links that look like some)"),
        ("/", {"/": Fault.redirect("https://baosongtien.example/")}, "redirected off the site, to https://baosongtien.example/"),
    ],
)  # fmt: skip
def test_no_draft_without_articles(path: str, faults: dict[str, Fault], said: str, tmp_path: Path) -> None:
    with DemoSite(FOLDER / "songtien") as site:
        site.faults.update(faults)
        result = sources("new", site.base_url + path, "--loopback", "--output", str(tmp_path))
    assert result.exit_code == 2
    (line,) = complaints(result)
    assert line.startswith(f"{site.base_url}{path}: ")
    assert said in line
    assert list(tmp_path.iterdir()) == []


def test_a_site_on_this_machine_needs_to_be_meant(tmp_path: Path) -> None:
    with DemoSite(FOLDER / "songtien") as site:
        result = sources("new", site.base_url, "--output", str(tmp_path))
        assert site.log.paths() == []
    assert result.exit_code == 2
    assert complaints(result)[0].endswith("for a site that is meant to be on this machine, add --loopback")


def test_the_contact_of_the_command_line_outranks_that_of_the_environment(
    tongket: Any, tmp_path: Path
) -> None:
    with DemoSite(FOLDER / "songtien") as site:
        args = ["--loopback", "--contact", "https://bao.example/hoi", "--output", "-"]
        env = os.environ | {"TONGKET_CONTACT": "thu@bao.vn"}
        result = tongket("sources", "new", site.base_url, *args, env=env, cwd=tmp_path)
        assert result.returncode == 0
        assert {answer.user_agent for answer in site.log.answers} == {
            "tongket/0.1 (+https://bao.example/hoi)"
        }
    assert result.stdout.decode().startswith("# A draft of ")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["check"], "Missing argument"),
        (["check", "x", "--articles", "0"], "Invalid value for '--articles'"),
        (["remove"], "No such command"),
    ],
)
def test_misuse(args: list[str], said: str) -> None:
    result = sources(*args)
    assert result.exit_code == 2
    assert said in result.stderr


@pytest.mark.parametrize("command", ["list", "check", "new"])
def test_help_shows_examples_whose_options_exist(command: str) -> None:
    result = CliRunner().invoke(app, ["sources", command, "--help"], env={"COLUMNS": "200"})
    assert result.exit_code == 0
    group: Any = typer.main.get_command(app)
    leaf = group.commands["sources"].commands[command]
    examples = re.findall(rf"tongket sources {command}[^\n]*", leaf.epilog)
    used = {word for line in examples for word in re.findall(r"(?<=\s)--?[a-z][a-z-]*", line)}
    assert examples
    assert f"\n {examples[0]}" in result.stdout
    assert used <= {option for parameter in leaf.params for option in parameter.opts}
