"""A Shopify catalogue through `import_products`: rows per second and peak memory, first time and unchanged."""

import argparse
import csv
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

from _system import BASE_DIR, prepare, table

HEADER = [
    "Handle", "Title", "Body (HTML)", "Vendor", "Product Category", "Type", "Tags", "Published", "Option1 Name",
    "Option1 Value", "Option2 Name", "Option2 Value", "Variant SKU", "Variant Grams", "Variant Inventory Qty",
    "Variant Price", "Variant Barcode", "Image Src", "Image Position", "Image Alt Text", "SEO Title",
    "SEO Description", "Variant Weight Unit", "Status", "Material (product.metafields.custom.material)",
]  # fmt: skip
COLOURS, SIZES = ["Navy", "Black", "Sand", "Olive"], ["S", "M", "L"]
MATERIALS = ["Steel", "Cotton", "Oak", "Glass"]
SENTENCE = "made to last in every kitchen and workshop with care from simple parts that fit any home or office"


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=100_000)
    args = options.parse_args()
    folder = prepare()
    path = folder / "catalogue.csv"
    count = write_catalogue(path, args.rows)
    size = path.stat().st_size / 1024**2
    lines = [
        measure("dry run", path, "--new-shop", "--dry-run"),
        measure("first import", path, "--new-shop"),
        measure("the same file again", path),
    ]
    table(
        f"{count} rows, {size:.0f} MB, {os.cpu_count()} cores",
        [
            "import_products",
            "rows/s",
            "seconds",
            "of our processor",
            "peak MB",
            "created",
            "updated",
            "unchanged",
            "rejected",
        ],
        lines,
    )
    return 0


def write_catalogue(path: Path, rows: int) -> int:
    """About `rows` rows: two to six variants a product and a row that carries an image and nothing else."""
    chance = random.Random(7)
    written = number = 0
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, HEADER, restval="")
        writer.writeheader()
        while written < rows:
            number += 1
            for row in product_rows(number, chance):
                writer.writerow(row)
                written += 1
    return written


def product_rows(number: int, chance: random.Random) -> list[dict[str, str]]:
    handle = f"item-{number}"
    variants = [(colour, size) for colour in COLOURS[: chance.randint(1, 2)] for size in SIZES[: chance.randint(2, 3)]]
    rows = []
    for place, (colour, size) in enumerate(variants):
        rows.append(
            {
                "Handle": handle, "Option1 Value": colour, "Option2 Value": size, "Variant SKU": f"S{number}-{place}",
                "Variant Grams": str(chance.randint(100, 3000)), "Variant Price": "19.90", "Variant Weight Unit": "kg",
                "Variant Inventory Qty": "5",
            }
        )  # fmt: skip
    text = " ".join(chance.choices(SENTENCE.split(), k=80))
    rows[0] |= {
        "Title": f"Item {number} {chance.choice(SENTENCE.split())}", "Body (HTML)": f"<p>{text}</p><ul><li>{text[:60]}</li></ul>",
        "Vendor": f"Brand {number % 50}", "Type": f"Type {number % 40}", "Tags": "home, kitchen, new", "Published": "true",
        "Option1 Name": "Color", "Option2 Name": "Size", "Status": "active", "SEO Title": f"Item {number}",
        "Image Src": f"https://shop.example/{number}.jpg", "Image Position": "1", "Image Alt Text": f"Item {number}",
        "Material (product.metafields.custom.material)": chance.choice(MATERIALS),
    }  # fmt: skip
    rows.append({"Handle": handle, "Image Src": f"https://shop.example/{number}-2.jpg", "Image Position": "2"})
    return rows


def measure(name: str, path: Path, *options: str) -> list:
    command = [sys.executable, "manage.py", "import_products", str(path), "--shop", "web", "--json", *options]
    began = time.monotonic()
    process = subprocess.Popen(command, cwd=BASE_DIR, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, errors = process.stdout.read(), process.stderr.read()
    _pid, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - began
    if status:
        raise SystemExit(
            f"import_products ended with {os.waitstatus_to_exitcode(status)}: {out.decode()[:500]}{errors.decode()[-2000:]}"
        )
    report = json.loads(out)
    products = report["products"]
    processor = usage.ru_utime + usage.ru_stime
    figures = [products["created"], products["updated"], products["unchanged"], report["rejected"]]
    return [
        name,
        round(report["rows"] / seconds),
        round(seconds, 1),
        round(processor, 1),
        usage.ru_maxrss // 1024,
        *figures,
    ]


if __name__ == "__main__":
    raise SystemExit(main())
