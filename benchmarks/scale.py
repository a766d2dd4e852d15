"""The desk and the lists with 200,000 drafts: queries and response times, the stock admin changelist beside them."""

import argparse
import statistics
import time

from _system import percentile, prepare, table


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--drafts", type=int, default=200_000)
    options.add_argument("--requests", type=int, default=40)
    args = options.parse_args()
    prepare(SHOPAI_ALLOWED_HOSTS="testserver,localhost")
    import _data

    user = _data.make_user()
    began = time.monotonic()
    ids = _data.make_products(args.drafts, shop=_data.make_shop())
    count = _data.make_reviewed_drafts(ids)
    analyze()
    print(f"{count} drafts with {2 * count} candidates made in {time.monotonic() - began:.0f} s")
    install_stock_admin()
    rows = [measure(name, url, user, args.requests) for name, url in PAGES]
    table(
        f"{count} drafts in the database, {args.requests} requests each",
        ["page", "queries", "median ms", "p95 ms", "slowest ms"],
        rows,
    )
    return 0


PAGES = [
    ("desk: next sheet", "/admin/desk/next/?after={cursor}"),
    ("desk: whole page", "/admin/desk/"),
    ("draft list", "/admin/drafts/draft/"),
    ("draft list, filtered", "/admin/drafts/draft/?status__exact=in_review&severity__exact=3"),
    ("home page", "/admin/"),
    ("product list", "/admin/products/product/"),
    ("stock admin: draft list", "/stock/drafts/draft/"),
    ("stock admin: filtered", "/stock/drafts/draft/?status__exact=in_review&severity__exact=3"),
]


def analyze() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def install_stock_admin() -> None:
    """Django's own changelist on the same table, with the columns and filters of ours and default settings else.

    In Unfold's site, whose templates replace the admin's own, so that both render the same page around the list.
    """
    from django.contrib import admin
    from django.urls import path
    from unfold.sites import UnfoldAdminSite

    from apps.drafts.models import Draft
    from shopai import urls

    site = UnfoldAdminSite(name="stock")

    class StockDraftAdmin(admin.ModelAdmin):
        list_display = [
            "__str__",
            "subject_id",
            "field",
            "language",
            "status",
            "severity",
            "model_version",
            "created_at",
        ]
        list_filter = ["status", "severity", "field", "language", "is_edited"]

    site.register(Draft, StockDraftAdmin)
    urls.urlpatterns.append(path("stock/", site.urls))


def measure(name: str, url: str, user, requests: int) -> list:
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    cursor, seconds, queries = "", [], []
    for number in range(requests + 2):
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(url.format(cursor=cursor))
        spent = time.perf_counter() - began
        assert answer.status_code == 200, (url, answer.status_code)
        if number >= 2:  # the first requests load code and templates
            seconds.append(spent * 1000)
            queries.append(len(captured))
        cursor = cursor_of(answer) or cursor
    cache.clear()
    shown = f"{min(queries)}" if min(queries) == max(queries) else f"{min(queries)}-{max(queries)}"
    return [
        name,
        shown,
        *(f"{value:.0f}" for value in (statistics.median(seconds), percentile(seconds, 0.95), max(seconds))),
    ]


def cursor_of(answer) -> str:
    import html
    import re

    found = re.search(r'data-cursor="([^"]*)"', answer.content.decode())
    return html.unescape(found[1]) if found else ""


if __name__ == "__main__":
    raise SystemExit(main())
