"""Real Shopify files through the whole product: uploaded, written, approved and exported in a real browser.

    python benchmarks/real_files.py FILE.csv [FILE.csv ...]

Exit status 1 where an export does not hold exactly the approved text.
"""

import argparse
import csv
import sys
import tempfile
import time
from pathlib import Path

from _server import Server, browser_page
from _system import beat, prepare, table, wait_for, wait_for_model, worker


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("files", nargs="+", type=Path)
    args = options.parse_args()
    prepare(DJANGO_ALLOW_ASYNC_UNSAFE="1", SHOPAI_UNDO_SECONDS="2", SHOPAI_BATCH_SECONDS="2")
    import _data

    from tests.e2e import flow

    _data.make_user()
    processes = [worker("default"), beat(), worker("model")]
    wait_for_model()
    rows = []
    with Server() as server, browser_page() as page:
        page.set_default_timeout(30_000)
        flow.sign_in(page, server.base, "bench", "bench-pass-1")
        for number, path in enumerate(args.files):
            rows.append(one_file(page, server.base, path, shop=f"shop-{number}"))
            print(f"  {path.name}: done", file=sys.stderr)
    for process in processes:
        process.stop()
    header = ["file", "rows", "products", "import s", "write s", "review s", "approved", "left", "exported", "exact"]
    table("Real files in a real browser", header, rows)
    return 0 if all(row[-1] == "yes" for row in rows) else 1


def one_file(page, base: str, path: Path, *, shop: str) -> list:
    from apps.drafts.models import Draft
    from apps.imports.models import Import
    from apps.products.models import Listing
    from tests.e2e import flow

    clock = [time.monotonic()]
    flow.upload(page, base, path, shop=shop)
    clock.append(time.monotonic())
    flow.write_copy(page)
    clock.append(time.monotonic())
    counts = flow.review(page)
    clock.append(time.monotonic())
    listings = Listing.objects.filter(shop__code=shop)
    drafts = Draft.objects.filter(subject_id__in=listings.values("product"))
    wait_for(lambda: not drafts.filter(status="approved").exists(), seconds=60)
    texts = {}
    for pk, text in drafts.filter(status="published").values_list("subject_id", "text"):
        texts[listings.get(product=pk).external_key] = text
    with tempfile.TemporaryDirectory() as folder:
        exported = read_bodies(flow.export(page, base, shop=shop, folder=Path(folder)) if texts else [])
    spent = [f"{after - before:.1f}" for before, after in zip(clock, clock[1:], strict=False)]
    is_exact = exported == texts
    rows = Import.objects.latest("pk").counts["rows"]
    left = drafts.filter(status="in_review").count()
    return [
        path.name,
        rows,
        listings.count(),
        *spent,
        counts["approved"],
        left,
        len(exported),
        "yes" if is_exact else "NO",
    ]


def read_bodies(files: list[Path]) -> dict[str, str]:
    """Handle -> text of every body in the exported files."""
    from apps.products.html import body_to_text

    bodies = {}
    for path in files:
        with path.open(newline="", encoding="utf-8-sig") as file:
            for row in csv.DictReader(file):
                handle, body = (
                    row.get("Handle") or row.get("URL handle"),
                    row.get("Body (HTML)") or row.get("Description"),
                )
                if handle and body:
                    bodies[handle] = body_to_text(body)
    return bodies


if __name__ == "__main__":
    raise SystemExit(main())
