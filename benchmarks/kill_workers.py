"""Kill, freeze and empty: every draft must reach review exactly once.

kill -9 of the model worker at random moments, one worker frozen until after its lease and woken, Redis emptied and
restarted. Exit status 1 where a draft was lost, doubled or failed.
"""

import argparse
import random
import signal
import time

from _system import beat, prepare, table, wait_for, worker


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--drafts", type=int, default=500)
    options.add_argument("--kills", type=int, default=20)
    options.add_argument("--freezes", type=int, default=1)
    options.add_argument("--redis-losses", type=int, default=3)
    options.add_argument("--seed", type=int, default=20261124)
    options.add_argument("--lease", type=float, default=6.0)
    options.add_argument("--seconds", type=float, default=1800)
    args = options.parse_args()
    prepare(SHOPAI_LEASE_SECONDS=str(args.lease), SHOPAI_TICK_SECONDS="1", SHOPAI_LLM_THREADS="1")
    return Scenario(args).run()


class Scenario:
    def __init__(self, args) -> None:
        import _data

        from apps.products.services.generation import request_copy

        self.args = args
        self.random = random.Random(args.seed)
        shop = _data.make_shop()
        self.ids = _data.make_products(args.drafts, shop=shop)
        self.outcome = request_copy(
            user=_data.make_user(), product_ids=self.ids, fields=["long_description"], languages=["en"]
        )
        self.helpers = [worker("default"), beat()]
        self.model = worker("model")
        self.dead: set = set()
        self.log: list[list] = []

    def run(self) -> int:
        events = ["kill"] * self.args.kills + ["freeze"] * self.args.freezes + ["redis"] * self.args.redis_losses
        self.random.shuffle(events)
        began = time.monotonic()
        self._wait_for_work()
        for event in events:
            if not self._unfinished():
                break
            getattr(self, f"_{event}")()
        wait_for(lambda: not self._unfinished(), seconds=self.args.seconds)
        return self._judge(time.monotonic() - began, len(events))

    def _unfinished(self) -> int:
        from apps.work.models import WorkItem

        return WorkItem.objects.filter(state="open").count()

    def _wait_for_work(self) -> None:
        """Until a worker holds rows that it claimed itself, so that what follows hits it at work (or nothing is left)."""
        wait_for(lambda: self._tokens() - self.dead or not self._unfinished(), seconds=180, pause=0.02)

    def _tokens(self) -> set:
        from apps.work.models import WorkItem

        return set(WorkItem.objects.leased().values_list("lease_token", flat=True))

    def _kill(self) -> None:
        self._wait_for_work()
        time.sleep(self.random.uniform(0, 1.5))
        self._note("kill -9")
        self.model.kill()
        # What a dead worker left leased is no sign of the next one's work.
        self.dead |= self._tokens()
        self.model = worker("model")

    def _freeze(self) -> None:
        self._wait_for_work()
        frozen = self.model
        frozen.signal(signal.SIGSTOP)
        self.dead |= self._tokens()
        self._note("frozen")
        self.model = worker("model", name="second")
        time.sleep(self.args.lease + 4)
        frozen.signal(signal.SIGCONT)
        self._note("woken after its lease")
        time.sleep(6)
        frozen.kill()

    def _redis(self) -> None:
        self._wait_for_work()
        self._note("Redis emptied and restarted")
        lose_redis()

    def _note(self, what: str) -> None:
        self.log.append([f"{time.strftime('%H:%M:%S')}", what, self._unfinished()])

    def _judge(self, seconds: float, events: int) -> int:
        from django.db.models import Count

        from apps.drafts.models import Candidate, Draft
        from apps.work.models import WorkItem

        wanted = len(self.outcome.draft_ids)
        states = dict(Draft.objects.values_list("status").annotate(n=Count("id")))
        doubled = (
            Candidate.objects.values("draft", "ordinal").annotate(n=Count("id")).filter(n__gt=1).count()
            + Candidate.objects.filter(round__gt=1).count()
            + Draft.objects.annotate(n=Count("candidates")).filter(n__gt=2).count()
        )
        table("What happened", ["at", "event", "unfinished then"], self.log)
        rows = [
            ["drafts requested", wanted],
            ["in review", states.get("in_review", 0)],
            ["failed", states.get("failed", 0)],
            ["lost (in any other status)", wanted - states.get("in_review", 0) - states.get("failed", 0)],
            ["doubled candidates", doubled],
            ["rows done", WorkItem.objects.filter(state="done").count()],
            ["events", f"{len(self.log)} of {events}"],
            ["seconds", f"{seconds:.0f}"],
        ]
        table("Result", ["", "count"], rows)
        is_good = states == {"in_review": wanted} and not doubled
        print("\nEvery draft is in review exactly once." if is_good else "\nSOMETHING WAS LOST OR DOUBLED")
        return 0 if is_good else 1


def lose_redis() -> None:
    """Empty Redis, stop it hard and start it again."""
    import redis
    from django.conf import settings

    from shopai.embedded import redis_server
    from shopai.embedded.account import services_home

    client = redis.Redis.from_url(settings.REDIS_URL)
    client.flushall()
    client.save()
    redis_server.stop(services_home())
    time.sleep(1)
    redis_server.start(services_home())


if __name__ == "__main__":
    raise SystemExit(main())
