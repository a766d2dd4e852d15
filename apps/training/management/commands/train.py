"""`manage.py train TASK`: trains a model and prints what it measured."""

import json
import logging
import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from apps.training import services
from apps.training.config import PRESETS


class Command(BaseCommand):
    help = "Train a model. Exit status: 0 done, 2 refused."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("task", choices=services.TASKS)
        parser.add_argument("--config", default="bundled", help=f"{', '.join(PRESETS)}, or a JSON file")
        parser.add_argument("--data", default="corpus", help="'corpus', or a JSONL file of texts")
        parser.add_argument("--out", type=Path, help="Folder of the run (default: training-runs/TASK-TIME)")
        parser.add_argument("--resume", action="store_true", help="Go on from the last checkpoint in --out")
        parser.add_argument("--base", default="", help="Folder or hub id of a model to tune further")
        parser.add_argument("--lora", action="store_true", help="Train an adapter for --base, not all of it")
        parser.add_argument("--max-tokens", type=int)
        parser.add_argument("--max-minutes", type=float)
        parser.add_argument("--seed", type=int)
        parser.add_argument("--threads", type=int)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args, **options) -> None:
        logging.getLogger("apps.training").setLevel(logging.WARNING if options["json"] else logging.INFO)
        folder = options["out"] or Path(settings.BASE_DIR) / "training-runs" / time.strftime(
            f"{options['task']}-%Y%m%d-%H%M%S"
        )
        changes = {key: options[key] for key in ("max_tokens", "max_minutes", "seed", "threads")}
        try:
            config = services.load_config(options["config"], **changes)
            result = services.train_description(
                config=config, folder=folder, data=options["data"], resume=options["resume"], base=options["base"],
                lora=options["lora"],
            )  # fmt: skip
        except (ValueError, OSError) as error:
            self.stderr.write(str(error))
            raise SystemExit(2) from error
        self.stdout.write(json.dumps(result, ensure_ascii=False, indent=None if options["json"] else 2))
        if not options["json"]:
            self.stderr.write(_("The model lies in %(folder)s.") % {"folder": result["folder"]})
