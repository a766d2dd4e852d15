"""Copies per second of the whole system, beside bare `generate` on the same batches and one Celery task per product.

All three use the same model, products, prompts, threads and machine, one after the other. The system's figure counts
everything: claim, prompt, generation, rules, storing. Candidates stored are counted, so texts that were dropped as
doubles count for nothing.
"""

import argparse
import time
from itertools import groupby

from _system import Process, prepare, table, wait_for, wait_for_model, worker


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--drafts", type=int, default=400)
    options.add_argument("--naive-drafts", type=int, default=40)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--threads", type=int, default=0)
    args = options.parse_args()
    prepare(SHOPAI_LLM_THREADS=str(args.threads))
    bench = Bench(args)
    rows = []
    for number in range(1, args.rounds + 1):
        system, batches = bench.system()
        direct = bench.direct(batches)
        naive = bench.naive()
        rows.append(
            [
                number,
                f"{system:.1f}",
                f"{direct:.1f}",
                f"{system / direct:.2f}",
                f"{naive:.2f}",
                f"{system / naive:.1f}",
            ]
        )
    table(
        f"Copies per second ({args.drafts} drafts, 2 candidates each; naive: {args.naive_drafts} drafts)",
        ["round", "system", "generate, same batches", "ratio", "one task per product", "ratio"],
        rows,
    )
    middle = sorted(float(row[3]) for row in rows)[len(rows) // 2]
    many = sorted(float(row[5]) for row in rows)[len(rows) // 2]
    print(f"\nMedian: {middle:.2f} of bare generate (bar 0.85), {many:.1f} times one task per product (bar 5).")
    return 0 if middle >= 0.85 and many >= 5 else 1


class Bench:
    def __init__(self, args) -> None:
        import _data

        self.args = args
        self.user = _data.make_user()
        self.ids = _data.make_products(args.drafts, shop=_data.make_shop())

    def _request(self, count: int, *, is_queued: bool = True) -> list[int]:
        from unittest import mock

        from apps.drafts.models import Draft
        from apps.products.services import generation

        Draft.objects.exclude(status="rejected").update(status="rejected", reviewed_at="2026-01-01T00:00Z")
        queue = mock.patch.object(generation, "enqueue") if not is_queued else mock.MagicMock()
        with queue:
            outcome = generation.request_copy(
                user=self.user, product_ids=self.ids[:count], fields=["long_description"], languages=["en"], n=2
            )
        return outcome.draft_ids

    def system(self) -> tuple[float, list[list[int]]]:
        """Candidates per second through the real worker, and its batches as lists of draft ids."""
        from apps.drafts.models import Candidate
        from apps.work.models import WorkItem

        process = worker("model")
        try:
            wait_for_model()
            ids = self._request(64)  # so that the worker has found its batch size
            wait_for(lambda: not WorkItem.objects.filter(state="open").exists(), seconds=600)
            began = time.monotonic()
            ids = self._request(self.args.drafts)
            wait_for(lambda: not WorkItem.objects.filter(state="open").exists(), seconds=3600, pause=0.05)
            seconds = time.monotonic() - began
        finally:
            process.stop()
        count = Candidate.objects.filter(draft__in=ids).count()
        done = WorkItem.objects.filter(target_id__in=ids, state="done").order_by("finished_at", "id")
        rows = done.values_list("finished_at", "target_id")
        return count / seconds, [[target for _, target in group] for _, group in groupby(rows, key=lambda row: row[0])]

    def direct(self, batches: list[list[int]]) -> float:
        """Texts per second of `model.generate` called on exactly these batches, rows sorted by length."""
        import _naive

        from apps.drafts.registry import provider_of
        from apps.drafts.services.sampling import sampling_for
        from apps.llm import prompts

        ready = []
        for ids in batches:
            contexts = provider_of("description").prompt_contexts(ids)
            texts = [
                prompts.render(task="description", language="en", style="plain", context=context).text
                for context in contexts.values()
            ]
            ready.append(sorted(texts, key=len))
        limit = sampling_for(field="long_description", style="plain").max_new_tokens
        _naive.load()
        _naive.generate(ready[0][:4], n=2, max_new_tokens=limit)
        began = time.monotonic()
        count = sum(len(_naive.generate(texts, n=2, max_new_tokens=limit)) for texts in ready)
        return count / (time.monotonic() - began)

    def naive(self) -> float:
        import os
        from pathlib import Path

        from celery import current_app

        from apps.drafts.models import Candidate

        ids = self._request(self.args.naive_drafts, is_queued=False)
        os.environ["PYTHONPATH"] = str(Path(__file__).parent)
        process = Process(
            "naive", "worker", "-Q", "naive", "-n", "naive@%h", "-P", "prefork", "-c", "1", "-I", "_naive"
        )
        process.start()
        try:
            current_app.send_task("naive.write_copy", [ids[0]], queue="naive")
            wait_for(lambda: Candidate.objects.filter(draft=ids[0]).count() >= 2, seconds=180)
            began = time.monotonic()
            for pk in ids[1:]:
                current_app.send_task("naive.write_copy", [pk], queue="naive")
            wanted = 2 * (len(ids) - 1)
            wait_for(lambda: Candidate.objects.filter(draft__in=ids[1:]).count() >= wanted, seconds=3600, pause=0.05)
            return wanted / (time.monotonic() - began)
        finally:
            process.stop()


if __name__ == "__main__":
    raise SystemExit(main())
