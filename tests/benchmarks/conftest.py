"""Benchmarks are programs: `make bench` runs them, pytest imports of them only what a test asks for."""

collect_ignore_glob = ["bench_*.py"]
