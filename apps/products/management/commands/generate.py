"""manage.py generate: ask the model for copy of products; see docs/operating.md."""

import json
import time

import redis
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count

from apps.core import languages as tags
from apps.drafts.models import Draft, Field
from apps.drafts.services import Refused
from apps.products.models import Product, Shop, Variant
from apps.products.services.generation import request_copy
from apps.work import liveness

POLL_SECONDS = 0.5


class Command(BaseCommand):
    help = "Ask the model for product copy. The drafts wait for a person's approval."

    def add_arguments(self, parser):
        which = parser.add_argument_group("which products")
        which.add_argument("--shop", metavar="CODE")
        which.add_argument("--sku", nargs="+", metavar="SKU", help="these SKUs or handles")
        which.add_argument("--all", action="store_true", help="every product (of the shop)")
        which.add_argument("--limit", type=int, metavar="N", help="at most N products")
        parser.add_argument("--field", nargs="+", choices=Field.values, default=[Field.LONG_DESCRIPTION.value])
        parser.add_argument("--language", nargs="+", metavar="LANG", help="default: the shop's base language")
        parser.add_argument("--wait", action="store_true", help="until the model has written them")
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, **options):
        began = time.monotonic()
        shop = self._shop(options["shop"])
        wanted = self._languages(options["language"], shop)
        ids = self._products(options, shop)
        if options["wait"]:
            self._require_worker()
        try:
            outcome = request_copy(user=None, product_ids=ids, fields=options["field"], languages=wanted)
        except Refused as refused:
            raise CommandError(str(refused), returncode=2) from None
        if options["wait"]:
            self._wait(outcome.draft_ids)
        counts = dict(
            Draft.objects.filter(pk__in=outcome.draft_ids).values_list("status").annotate(n=Count("id"))
        )  # fmt: skip
        report = {
            "requested": outcome.requested,
            "in_review": counts.get("in_review", 0),
            "failed": counts.get("failed", 0),
            "skipped": sum(outcome.skipped.values()),
            "seconds": round(time.monotonic() - began, 2),
            "skipped_why": dict(outcome.skipped),
            "job": outcome.job and outcome.job.pk,
        }
        self.stdout.write(json.dumps(report) if options["json"] else self._words(report))
        if report["failed"]:
            raise SystemExit(1)

    def _shop(self, code: str | None) -> Shop | None:
        if code is None:
            return None
        shop = Shop.objects.filter(code=code).first()
        if shop is None:
            known = ", ".join(Shop.objects.values_list("code", flat=True)) or "none yet"
            raise CommandError(f"There is no shop {code!r}; shops: {known}.", returncode=2)
        return shop

    def _languages(self, given: list[str] | None, shop: Shop | None) -> list[str]:
        if given:
            try:
                return [tags.normalize(language) for language in given]
            except ValueError as error:
                raise CommandError(str(error), returncode=2) from None
        if shop is not None:
            return [shop.base_language]
        bases = list(Shop.objects.values_list("base_language", flat=True).distinct())
        if len(bases) == 1:
            return bases
        if not bases:
            raise CommandError("There is no shop yet: import a catalogue first.", returncode=2)
        raise CommandError("The shops have several base languages: name --shop or --language.", returncode=2)

    def _products(self, options: dict, shop: Shop | None) -> list[int]:
        if not (options["all"] or options["sku"] or options["limit"]):
            raise CommandError("Say which products: --sku, --limit or --all.", returncode=2)
        products = Product.objects.order_by("id")
        if shop is not None:
            products = products.filter(listings__shop=shop)
        if options["sku"]:
            products = products.filter(pk__in=self._named(options["sku"], shop))
        return list(products.values_list("pk", flat=True)[: options["limit"]])

    def _named(self, names: list[str], shop: Shop | None) -> set[int]:
        """Products that have a variant with such a SKU or a listing with such a handle; each name must find one."""
        found, unknown = set(), []
        for name in names:
            listed = {"listings__external_key": name} | ({"listings__shop": shop} if shop else {})
            ids = set(Variant.objects.filter(sku=name).values_list("product_id", flat=True))
            ids |= set(Product.objects.filter(**listed).values_list("pk", flat=True))
            found |= ids
            if not ids:
                unknown.append(name)
        if unknown:
            raise CommandError(f"No product has this SKU or handle: {', '.join(unknown)}.", returncode=2)
        return found

    def _require_worker(self) -> None:
        try:
            is_alive = bool(liveness.alive("model"))
        except redis.RedisError:
            raise CommandError("--wait needs a broker, and Redis does not answer.", returncode=2) from None
        if not is_alive:
            raise CommandError("--wait needs a running model worker, and none answers (make run).", returncode=2)

    def _wait(self, draft_ids: list[int]) -> None:
        shown = -1
        while left := Draft.objects.filter(pk__in=draft_ids, status="requested").count():
            if left != shown:
                self.stderr.write(f"{len(draft_ids) - left} of {len(draft_ids)} written")
                shown = left
            if not self._any_alive():
                raise CommandError("The model worker is gone; the drafts wait for it.", returncode=1)
            time.sleep(POLL_SECONDS)

    def _any_alive(self) -> bool:
        """Whether a worker has beaten lately; one that restarts gets half a minute."""
        for _try in range(60):
            try:
                if liveness.alive("model"):
                    return True
            except redis.RedisError:
                pass
            time.sleep(POLL_SECONDS)
        return False

    def _words(self, report: dict) -> str:
        why = ", ".join(f"{count} {code}" for code, count in report["skipped_why"].items())
        skipped = f"{report['skipped']} skipped" + (f" ({why})" if why else "")
        return (
            f"{report['requested']} drafts requested, {report['in_review']} in review, {report['failed']} failed, "
            f"{skipped}, {report['seconds']} s"
        )
