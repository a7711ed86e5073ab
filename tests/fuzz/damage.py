"""What disks, networks and people do to files: cut, flipped, doubled, swapped."""

from __future__ import annotations

from hypothesis import strategies as st


def _places(data: bytes) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(st.integers(0, len(data)), st.integers(0, len(data))).map(
        lambda pair: (min(pair), max(pair))
    )


def _flipped(data: bytes, at: int, bits: int) -> bytes:
    at %= len(data)
    return data[:at] + bytes([data[at] ^ bits]) + data[at + 1 :]


def _once(data: bytes) -> st.SearchStrategy[bytes]:
    """`data` damaged in one place."""
    if not data:
        return st.binary(max_size=20)
    ends, at, bits = _places(data), st.integers(0, len(data)), st.integers(1, 255)
    return st.one_of(
        at.map(lambda a: data[:a]),
        at.map(lambda a: data[a:]),
        st.builds(lambda a, b: _flipped(data, a, b), at, bits),
        ends.map(lambda e: data[: e[0]] + data[e[1] :]),
        ends.map(lambda e: data[: e[1]] + data[e[0] :]),
        ends.map(lambda e: data[e[0] : e[1]] + data[: e[0]] + data[e[1] :]),
        st.builds(lambda a, more: data[:a] + more + data[a:], at, st.binary(max_size=30)),
        st.builds(lambda e, byte: data[: e[0]] + bytes([byte]) * (e[1] - e[0]) + data[e[1] :], ends, st.sampled_from(b"\0\n\"'{<\xff")),
    )  # fmt: skip


def damaged(data: bytes) -> st.SearchStrategy[bytes]:
    """`data` damaged in one to three places."""
    return _once(data).flatmap(lambda once: st.one_of(st.just(once), _once(once), _once(once).flatmap(_once)))
