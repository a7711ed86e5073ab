"""Where words stand in files, packed or not: what must be gone is looked for in every byte."""

from __future__ import annotations

import gzip
import json
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq


def leaks(folder: Path, *words: str) -> list[str]:
    """`NAME: WORDS` for each file below `folder` (or that file) in which any of `words` stands, in whatever Unicode form.

    Gzip, zip (workbooks) and Parquet are unpacked; what JSON and HTML escape counts too.
    """
    files = [folder] if folder.is_file() else sorted(path for path in folder.rglob("*") if path.is_file())
    assert files, f"{folder} holds no file"
    return [
        f"{path.name}: {one}"
        for path in files
        for one in words
        if any(form in piece for piece in _pieces(path) for form in _forms(one))
    ]


def _pieces(path: Path) -> Iterator[bytes]:
    data = path.read_bytes()
    yield data
    if path.suffix == ".gz":
        yield gzip.decompress(data)
    elif path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            yield from (book.read(name) for name in book.namelist())
    elif path.suffix == ".parquet":
        yield json.dumps(pq.read_table(path).to_pylist(), ensure_ascii=False).encode()


def _forms(words: str) -> set[bytes]:
    escaped = json.dumps(words)[1:-1]
    entities = "".join(f"&#{ord(letter)};" if ord(letter) > 127 else letter for letter in words)
    forms = {words, words.upper(), unicodedata.normalize("NFD", words), escaped, entities}
    return {form.encode() for form in forms}
