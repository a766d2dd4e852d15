import json
import os
import sys
from contextlib import ExitStack
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from apps.drafts.services.copy_files import BadLine, Tally, check_lines


class Command(BaseCommand):
    help = (
        "Check texts from anywhere with the rules that drafts are checked with. A line of PATH: text, field, language, "
        "title, brand, category, facts {name: value}. Exit status 1 where something blocks, 2 where the file can't be "
        "read."
    )

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, help="a JSONL file, or - for standard input")
        parser.add_argument("--out", type=Path, help="write every line with its findings to this JSONL file")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, path: Path, *, out: Path | None, **options):
        tally = Tally()
        try:
            self._check(path, out, tally)
        except (OSError, UnicodeDecodeError, BadLine) as error:
            raise CommandError(str(error), returncode=2) from None
        except DatabaseError as error:
            why = str(error).splitlines()[0]
            raise CommandError(
                f"The list of banned words can't be read ({why}). Run `migrate`.", returncode=2
            ) from None
        if options["json"]:
            figures = {"n": tally.n, "blocked": tally.blocked, "warned": tally.warned}
            self.stdout.write(json.dumps(figures | {"per_rule": dict(sorted(tally.per_rule.items()))}))
        else:
            self.stdout.write(f"{tally.n} texts: {tally.blocked} blocked, {tally.warned} with warnings")
            for rule, count in tally.per_rule.most_common():
                self.stdout.write(f"  {rule:<14}{count:>8}")
        if tally.blocked:
            sys.exit(1)

    def _check(self, path: Path, out: Path | None, tally: Tally) -> None:
        """The result appears under its name when it is whole: a file that can't be read leaves nothing behind."""
        with ExitStack() as stack:
            lines = sys.stdin if str(path) == "-" else stack.enter_context(path.open(encoding="utf-8-sig"))
            if out is None:
                for _row in check_lines(lines, tally):
                    pass
                return
            part = out.with_name(out.name + ".part")
            stack.callback(part.unlink, missing_ok=True)
            with part.open("w", encoding="utf-8") as written:
                for row in check_lines(lines, tally):
                    written.write(json.dumps(row, ensure_ascii=False) + "\n")
            os.replace(part, out)
