import json
import sys

from django.core.management.base import BaseCommand
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.products.models import Shop
from apps.products.services.export import DIALECTS, ExportOutcome, ExportRefused, export_products

DONE, IN_PART, REFUSED = 0, 1, 2


class Command(BaseCommand):
    help = "Write approved copy to a file that the shop's platform imports."

    def add_arguments(self, parser):
        parser.add_argument("path")
        parser.add_argument("--dialect", required=True, help=f"One of: {', '.join(DIALECTS)}.")
        parser.add_argument("--shop", default="", help="The shop's code; may be left out where there is one shop.")
        parser.add_argument("--language", default="", help="Only texts in this language.")
        parser.add_argument("--full", action="store_true", help="Every row and column as it came, copy in place.")
        parser.add_argument("--again", action="store_true", help="Also what was exported and not yet seen live.")
        parser.add_argument("--json", action="store_true", help="Print one JSON object and nothing else.")

    def handle(self, *args, **options):
        try:
            outcome = export_products(
                shop=_shop(options["shop"]),
                dialect=options["dialect"],
                path=options["path"],
                language=options["language"],
                full=options["full"],
                again=options["again"],
            )
        except ExportRefused as error:
            if options["json"]:
                self.stdout.write(json.dumps({"refused": str(error)}, ensure_ascii=False))
            self.stderr.write(str(error))
            sys.exit(REFUSED)
        if options["json"]:
            self.stdout.write(json.dumps(outcome.as_json(), ensure_ascii=False))
        else:
            self._tell(outcome)
        sys.exit(IN_PART if outcome.is_partial else DONE)

    def _tell(self, outcome: ExportOutcome) -> None:
        self.stdout.write(
            _("%(texts)d approved texts of %(products)d products in %(rows)d rows.")
            % {"texts": outcome.texts, "products": outcome.products, "rows": outcome.rows}
        )
        for path in outcome.files:
            self.stdout.write(f"  {path}")
        if outcome.waiting_undo:
            self.stdout.write(waiting_line(outcome.waiting_undo, outcome.waiting_until))
        for note in outcome.notes:
            self.stdout.write(note)


def waiting_line(count: int, until) -> str:
    return ngettext(
        "%(count)d approved text is in its undo window until %(time)s and is not in the file.",
        "%(count)d approved texts are in their undo window until %(time)s and are not in the file.",
        count,
    ) % {"count": count, "time": f"{localtime(until):%H:%M:%S}"}


def _shop(code: str) -> Shop:
    if code:
        shop = Shop.objects.filter(code=code).first()
        if shop is None:
            raise ExportRefused(_("There is no shop with the code %(code)s.") % {"code": code})
        return shop
    shops = list(Shop.objects.order_by("pk")[:2])
    if len(shops) != 1:
        message = _("Name the shop with --shop.") if shops else _("There is no shop yet; import products first.")
        raise ExportRefused(message)
    return shops[0]
