"""Catalogue files and imports of them, each with what it needs and nothing else."""

import csv
import io
import json
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from apps.imports.models import Import
from apps.imports.services import running, uploading

HEADER = [
    "Handle", "Title", "Body (HTML)", "Vendor", "Type", "Tags", "Option1 Name", "Option1 Value", "Variant SKU",
    "Variant Grams", "Variant Weight Unit", "Image Src", "Image Position", "SEO Title", "Status",
]  # fmt: skip


def row(handle: str, title: str = "", **named: str) -> dict[str, str]:
    """A row by column names; a row with a title is a whole product with one variant."""
    whole = {"Option1 Name": "Title", "Option1 Value": "Default Title", "Status": "active"} if title else {}
    return {
        "Handle": handle,
        "Title": title,
        **whole,
        **{name.replace("_", " "): value for name, value in named.items()},
    }


def csv_text(rows: list[dict[str, str]], header: list[str] = HEADER, delimiter: str = ",") -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, header, restval="", delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def write_file(path: Path, rows: list[dict[str, str]], header: list[str] = HEADER) -> Path:
    path.write_text(csv_text(rows, header), encoding="utf-8", newline="")
    return path


def products(count: int, **named: str) -> list[dict[str, str]]:
    return [
        row(f"kettle-{n}", f"Kettle {n}", **{"Vendor": "Auvio", "Variant SKU": f"K-{n}"} | named) for n in range(count)
    ]


def import_file(path: Path, *options: str, shop: str = "web") -> dict:
    """What `import_products --json` prints, with its exit status as `status`."""
    out, status = io.StringIO(), 0
    try:
        call_command(
            "import_products",
            str(path),
            "--shop",
            shop,
            "--new-shop",
            "--json",
            *options,
            stdout=out,
            stderr=io.StringIO(),
        )
    except SystemExit as ended:
        status = ended.code or 0
    return {**json.loads(out.getvalue()), "status": status}


def import_rows(folder: Path, rows: list[dict[str, str]], *options: str, shop: str = "web", header=HEADER) -> dict:
    return import_file(write_file(folder / "catalogue.csv", rows, header), *options, shop=shop)


def upload(content: str | bytes, *, name: str = "catalogue.csv", dialect: str = "auto", **params) -> Import:
    """An upload that was understood and waits for a person."""
    blocks = [content.encode() if isinstance(content, str) else content]
    params = {"shop": "web", "new_shop": True, "language": "en", **params}
    return uploading.upload_file(user=None, kind="products", name=name, blocks=blocks, params=params, dialect=dialect)


def advance_to_rest(of: Import) -> Import:
    while running.advance_safely(of.pk, waits=True):
        pass
    of.refresh_from_db()
    return of


def staged(content: str | bytes, **params) -> Import:
    made = upload(content, **params)
    running.start_staging(user=None, upload=made)
    return advance_to_rest(made)


def accounted(report: dict) -> bool:
    return report["rows"] == report["accepted"] + report["rejected"] + report["ignored"]


def media_root() -> Path:
    return Path(settings.MEDIA_ROOT)
