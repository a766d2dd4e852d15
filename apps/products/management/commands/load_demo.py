"""Load the demo shops; nothing happens where they were loaded before."""

from django.core.management.base import BaseCommand, CommandError

from apps.imports.errors import ImportRefused
from apps.products.demo.loader import load_demo


class Command(BaseCommand):
    help = "Load the demo shops and ask the model for the first drafts; a second run changes nothing."

    def handle(self, *args, **options):
        try:
            counts = load_demo()
        except ImportRefused as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"{counts['shops']} shops, {counts['created']} products and {counts['banned_words']} banned words new, "
            f"{counts['requested']} drafts requested."
        )
