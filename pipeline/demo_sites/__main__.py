"""`python -m pipeline.demo_sites`: the demo's sites until Ctrl-C, for whoever tries a manifest on them."""

from __future__ import annotations

import argparse
import signal
import sys
import threading

from pipeline.demo_sites.faults import Fault, parse_fault
from pipeline.demo_sites.server import PORT, serve_all
from pipeline.demo_sites.story import DemoSiteError


def main(arguments: list[str] | None = None) -> int:
    """Serve all sites and print their addresses. Exit status 2 where a port is taken or a file is at fault."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.demo_sites", description=__doc__)
    parser.add_argument("--port", type=int, default=PORT, help=f"of the first site (default: {PORT})")
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        type=_fault,
        metavar="PATH=KIND",
        help="what goes wrong where, on every site: '*=status,503', articles=slow,0.5,10; may be repeated",
    )
    given = parser.parse_args(arguments)
    try:
        with serve_all(given.port) as sites:
            for site in sites:
                site.faults.update(given.fault)
                print(f"{site.base_url}  {site.name}: {site.title}", flush=True)  # noqa: T201  its output
            threading.Event().wait()
    except DemoSiteError as error:
        print(error, file=sys.stderr)  # noqa: T201  its output
        return 2
    except KeyboardInterrupt:
        return 0
    return 0


def _fault(written: str) -> tuple[str, Fault]:
    path, is_there, kind = written.rpartition("=")
    if not is_there:
        raise argparse.ArgumentTypeError("write it as PATH=KIND")
    try:
        return path, parse_fault(kind)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


if __name__ == "__main__":
    # A script's background job starts with the signal ignored; then nothing would end it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    raise SystemExit(main())
