"""A release described for programs: Frictionless `datapackage.json` over the CSV files, `croissant.json` over Parquet."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from pipeline.dataset.release import about
from pipeline.dataset.release.codebook import Codebook
from pipeline.dataset.release.model import ReleasedField, ReleasedTable

Json = dict[str, Any]

_FRICTIONLESS = {
    "string": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "list": "array",
    "integers": "array",
}
_CROISSANT = {
    "string": "sc:Text",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "list": "sc:Text",
    "integers": "sc:Integer",
}
_CONTEXT = Path(__file__).with_name("croissant_context.json")


def datapackage(
    folder: Path, date: str, tables: tuple[ReleasedTable, ...], codebook: Codebook, *, bom: bool
) -> Json:
    """A tabular data package (https://specs.frictionlessdata.io) of the CSV files in `folder`."""
    return {
        "profile": "tabular-data-package",
        "name": about.NAME,
        "title": about.TITLE,
        "description": f"{about.DESCRIPTION} {about.LICENCE_NOTE}",
        "version": about.version(date),
        "created": f"{date}T00:00:00Z",
        "keywords": about.KEYWORDS,
        "licenses": [about.LICENCE],
        "resources": [_resource(folder, table, codebook, bom=bom) for table in tables],
    }


def _resource(folder: Path, table: ReleasedTable, codebook: Codebook, *, bom: bool) -> Json:
    path = folder / f"{table.name}.csv"
    keys = [
        {
            "fields": field.name,
            "reference": {
                "resource": "" if field.refers[0] == table.name else field.refers[0],
                "fields": field.refers[1],
            },
        }
        for field in table.fields
        if field.refers
    ]
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": codebook.tables[table.name].en,
        "path": path.name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8-sig" if bom else "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256(path)}",
        "schema": {
            "fields": [_field(table, field, codebook) for field in table.fields],
            "primaryKey": list(table.key),
            "foreignKeys": keys,
            "missingValues": [""],
        },
    }


def _field(table: ReleasedTable, field: ReleasedField, codebook: Codebook) -> Json:
    words = codebook.fields[table.name, field.name]
    kind = "date" if field.date else _FRICTIONLESS[field.type]
    told: Json = {"name": field.name, "type": kind, "description": words.en, "description_vi": words.vi}
    # In CSV an empty text is a missing one: only what is never empty is required.
    never_empty = field.type != "string" or field.codes or field.refers or field.name in table.key
    constraints: Json = {"required": True} if field.required and never_empty else {}
    if field.codes and field.type == "string":
        constraints["enum"] = list(field.codes)
    if constraints:
        told["constraints"] = constraints
    return told


def croissant(folder: Path, date: str, tables: tuple[ReleasedTable, ...], codebook: Codebook) -> Json:
    """The release as Croissant 1.0 (https://docs.mlcommons.org/croissant), reading the Parquet files in `folder`.

    Foreign keys stand in the data package: mlcroissant takes a reference for a join of both files while it reads one.
    """
    return {
        "@context": json.loads(_CONTEXT.read_text(encoding="utf-8")),
        "@type": "sc:Dataset",
        "name": about.NAME,
        "description": f"{about.DESCRIPTION} {about.LICENCE_NOTE}",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "license": about.LICENCE["path"],
        "url": "https://example.org/tongket",
        "version": about.version(date),
        "datePublished": date,
        "citeAs": about.citation(date),
        "keywords": about.KEYWORDS,
        "distribution": [_file(folder / f"{table.name}.parquet") for table in tables],
        "recordSet": [_records(table, codebook) for table in tables],
    }


def _file(path: Path) -> Json:
    return {
        "@type": "cr:FileObject",
        "@id": path.name,
        "name": path.name,
        "contentUrl": path.name,
        "contentSize": f"{path.stat().st_size} B",
        "encodingFormat": "application/x-parquet",
        "sha256": sha256(path),
    }


def _records(table: ReleasedTable, codebook: Codebook) -> Json:
    fields = []
    for field in table.fields:
        told: Json = {
            "@type": "cr:Field",
            "@id": f"{table.name}/{field.name}",
            "name": field.name,
            "description": codebook.fields[table.name, field.name].en,
            "dataType": _CROISSANT[field.type],
            "source": {
                "fileObject": {"@id": f"{table.name}.parquet"},
                "extract": {"column": field.name},
            },
        }
        if field.type in {"list", "integers"}:
            told["repeated"] = True
        fields.append(told)
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": codebook.tables[table.name].en,
        "key": [{"@id": f"{table.name}/{name}"} for name in table.key],
        "field": fields,
    }


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits, without reading it whole."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def codebook_markdown(tables: tuple[ReleasedTable, ...], codebook: Codebook) -> str:
    """The code book for people: each table with its fields, then each vocabulary with its codes, in both languages."""
    lines = ["# Code book / Bảng mã", "", "Generated from the tables. / Lập tự động từ cấu trúc dữ liệu.", ""]
    for table in tables:
        words = codebook.tables[table.name]
        lines += [
            f"## {table.name}",
            "",
            words.en,
            "",
            words.vi,
            "",
            "| field | type | English | Tiếng Việt |",
            "| --- | --- | --- | --- |",
        ]
        for field in table.fields:
            told = codebook.fields[table.name, field.name]
            kind = f"code: {field.vocabulary}" if field.codes else "date" if field.date else field.type
            lines.append(
                f"| `{field.name}` | {kind}{', required' * field.required} | {told.en} | {told.vi} |"
            )
        lines.append("")
    vocabularies: dict[str, list[str]] = {}
    for (vocabulary, code), (label, words) in codebook.codes.items():
        row = f"| `{code}` | {label.en} | {label.vi} | {words.en} | {words.vi} |"
        vocabularies.setdefault(vocabulary, []).append(row)
    for vocabulary in sorted(vocabularies):
        lines += [
            f"## Codes: {vocabulary}",
            "",
            "| code | label | nhãn | English | Tiếng Việt |",
            "| --- | --- | --- | --- | --- |",
        ]
        lines += [*vocabularies[vocabulary], ""]
    return "\n".join(lines)
