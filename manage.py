#!/usr/bin/env python
"""Django's command line for ShopAI."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shopai.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from shopai import embedded

    try:
        with embedded.for_command(sys.argv):
            execute_from_command_line(sys.argv)
    except (embedded.StartupError, ImproperlyConfigured) as error:
        print(f"shopai: {error}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
