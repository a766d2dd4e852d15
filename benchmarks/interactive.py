"""One product asked for while 20,000 drafts of one job and 50 of another wait: click to candidates, in a real browser.

A web server, a model worker, a default worker and beat run; Chromium opens the generate page of one product after
another, clicks "Write copy", and the clock stops when the candidates are on the desk.
"""

import argparse
import os
import statistics
import sys
import time

from _server import Server, browser_page
from _system import BASE_DIR, beat, percentile, prepare, table, wait_for, wait_for_model, worker

PASSWORD = "bench-pass-1"


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--large", type=int, default=20_000)
    options.add_argument("--small", type=int, default=50)
    options.add_argument("--clicks", type=int, default=20)
    args = options.parse_args()
    prepare(DJANGO_ALLOW_ASYNC_UNSAFE="1")
    import _data

    from apps.products.services.generation import request_copy
    from apps.work.models import Job

    user = _data.make_user()
    ids = _data.make_products(args.large + args.small + args.clicks, shop=_data.make_shop())
    ask = {"user": user, "fields": ["long_description"], "languages": ["en"]}
    processes = [worker("default"), beat(), worker("model")]
    wait_for_model()
    began = time.monotonic()
    request_copy(product_ids=ids[: args.large], **ask)
    requested = time.monotonic() - began
    small = request_copy(product_ids=ids[args.large : args.large + args.small], **ask).job
    with Server() as server:
        seconds = click_through(server.base, ids[args.large + args.small :])
    wait_for(lambda: Job.objects.get(pk=small.pk).state == "done", seconds=1800)
    job = Job.objects.get(pk=small.pk)
    report(args, seconds, requested, (job.finished_at - job.created_at).total_seconds())
    for process in processes:
        process.stop()
    return 0 if percentile(seconds, 0.95) < 5 else 1


def report(args, seconds, requested, small) -> None:
    from apps.work.models import WorkItem

    left = WorkItem.objects.filter(state="open").count()
    table(
        f"{len(seconds)} clicks while a job of {args.large} waits (4 candidates each)",
        ["", "seconds"],
        [
            ["click to candidates, median", f"{statistics.median(seconds):.2f}"],
            ["click to candidates, p95", f"{percentile(seconds, 0.95):.2f}"],
            ["slowest", f"{max(seconds):.2f}"],
            [f"job of {args.small}: request to done", f"{small:.1f}"],
            [f"asking for {args.large} drafts", f"{requested:.1f}"],
        ],
    )
    print(f"\n{left} drafts of the large job still wait: it was there all the time.")


def click_through(base: str, ids: list[int]) -> list[float]:
    """Seconds from the click to the candidates on the desk, product by product."""
    from tests.e2e import flow

    seconds = []
    with browser_page() as page:
        page.set_default_timeout(120_000)
        flow.sign_in(page, base, "bench", PASSWORD)
        for pk in ids:
            page.goto(f"{base}/admin/products/product/generate/?ids={pk}")
            page.wait_for_load_state("load")
            began = time.monotonic()
            page.click("button[name=confirm]")
            page.wait_for_selector(".desk-candidates button >> nth=1")
            seconds.append(time.monotonic() - began)
            print(f"  {seconds[-1]:.2f} s", file=sys.stderr)
    return seconds


if __name__ == "__main__":
    os.chdir(BASE_DIR)
    raise SystemExit(main())
