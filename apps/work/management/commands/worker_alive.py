from socket import gethostname
from typing import Any

import redis
from django.core.management.base import BaseCommand, CommandParser

from apps.work import liveness


class Command(BaseCommand):
    help = "Exit status 0 if a worker of the queue on this machine lives, 1 if not (for container health checks)."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("queue", choices=["default", "model"])

    def handle(self, *args: Any, queue: str, **options: Any) -> None:
        try:
            here = [worker for worker in liveness.alive(queue) if worker["hostname"].endswith(f"@{gethostname()}")]
        except redis.RedisError as error:
            self.stderr.write(f"Redis does not answer: {error}")
            here = []
        raise SystemExit(0 if here else 1)
