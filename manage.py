#!/usr/bin/env python
"""Django's command line for ShopAI."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shopai.settings")
    from django.core.management import execute_from_command_line

    from shopai import embedded

    try:
        with embedded.for_command(sys.argv):
            execute_from_command_line(sys.argv)
    except embedded.StartupError as error:
        sys.exit(f"shopai: {error}")


if __name__ == "__main__":
    main()
