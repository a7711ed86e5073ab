"""Benchmarks are programs: `make bench` runs them, pytest does not import them."""

collect_ignore_glob = ["bench_*.py"]
