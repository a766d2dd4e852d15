"""An audit of live texts through its slices: texts per second, beside the bare loop over check_texts as the peer.

The shop is made of the demo shop's products and copy in English and Chinese, written over with numbers of their own; one
text in eight says a number that no fact has. Both sides read the same rows of the same tables, one after the other.
"""

import argparse
import json
import os
import random
import re
import resource
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from _system import prepare, table

DEMO = Path(__file__).resolve().parent.parent / "apps" / "products" / "demo" / "products.json"
LANGUAGES = {"en": "en", "zh-Hans": "zh"}
FALSE_EVERY = 8
# What makes copy and names of one product differ from those of the next, and claims nothing.
NAMES = [
    f"{one}{two}"
    for one in ("Al", "Bren", "Cor", "Dun", "El", "Fen", "Gar", "Hol")
    for two in ("by", "don", "ley", "mar", "ric", "wen")
]
PHRASES = {
    "en": [
        f"{verb} {where} {when}."
        for verb in ("Use it", "Keep it", "Take it along", "Put it down", "Share it", "Think of it", "Enjoy it")
        for where in ("at home", "on the way", "with friends", "by the door", "in the garden", "near the window")
        for when in (
            "when the day begins",
            "after work",
            "on a slow Sunday",
            "while the rain falls",
            "before you leave",
        )
    ],
    "zh-Hans": [
        f"{when}，{where}{verb}。"
        for verb in ("用起来", "放一放", "带上它", "看一看", "摆好它", "想起它")
        for where in ("在家里", "在路上", "和朋友一起", "在门边", "在花园里", "在窗前")
        for when in ("清早时分", "下班以后", "周末午后", "下雨的时候", "出门之前")
    ],
}
CHUNK = 1_000
PEER_PRODUCTS = 500
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--texts", type=int, default=100_000)
    options.add_argument("--peer-texts", type=int, default=20_000, help="the peer checks the first so many of them")
    args = options.parse_args()
    prepare()
    texts = make_shop(args.texts)
    warm_up()
    audit = run_audit()
    pages = open_pages()
    peer = run_peer(args.peer_texts)
    lines = [
        [name, row["texts"], round(row["seconds"], 1), round(row["texts"] / row["seconds"]), row["findings"],
         round(row["processor"], 1)]
        for name, row in (("audit through slices", audit), ("bare check_texts", peer))
    ]  # fmt: skip
    heads = ["side", "texts", "seconds", "texts/s", "findings", "processor seconds"]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    table(f"{texts} live texts, one process of {os.cpu_count()} cores, peak {memory} MB", heads, lines)
    table("what an operator waits for afterwards", ["page", "seconds"], [[name, f"{s:.2f}"] for name, s in pages])
    return 0


def make_shop(wanted: int) -> int:
    """Products with facts in both languages, each with a listing in the English shop and one in the Chinese."""
    from apps.products.models import Fact, Listing, Product, Shop

    shops = {
        language: Shop.objects.create(code=key, name=key, base_language=language, languages=[language])
        for language, key in LANGUAGES.items()
    }
    rows, made = _told_products(wanted), 0
    while part := list(islice(rows, CHUNK)):
        products = Product.objects.bulk_create(Product(**row["product"]) for row in part)
        pairs = list(zip(products, part, strict=True))
        Fact.objects.bulk_create(Fact(product=product, **fact) for product, row in pairs for fact in row["facts"])
        Listing.objects.bulk_create(
            Listing(product=product, shop=shops[language], external_key=f"p-{product.pk}", live=live)
            for product, row in pairs
            for language, live in row["live"].items()
        )
        made += sum(len(live) for _product, row in pairs for live in row["live"].values())
    return made


def _told_products(wanted: int) -> Iterator[dict]:
    catalogue = json.loads(DEMO.read_text(encoding="utf-8"))
    told = [product for product in catalogue["products"] if product["body_html"] and len(product["facts"]) > 2]
    rng, made = random.Random(3), 0
    while made < wanted:
        row = _one(told[rng.randrange(len(told))], catalogue["kinds"], rng)
        made += sum(len(live) for live in row["live"].values())
        yield row


def _one(told: dict, kinds: dict, rng: random.Random) -> dict:
    """A demo product with every number moved by the same step in its facts and in its texts."""
    from apps.products.html import body_to_text

    step = rng.randrange(1, 2_000)
    is_false = rng.randrange(FALSE_EVERY) == 0

    def moved(text: str, by: int = step) -> str:
        return _NUMBER.sub(lambda match: f"{float(match[0]) + by:g}", text)

    name, live = " ".join(rng.choices(NAMES, k=2)), {}
    for language, key in LANGUAGES.items():
        if body := told["body_html"].get(key):
            own = " ".join(rng.choices(PHRASES[language], k=12))
            live[language] = {"long_description": f"{moved(body_to_text(body), step + 1 if is_false else step)}\n{own}"}
    facts = [
        _fact(name=fact["name"][key], value=moved(fact["value"][key]), unit=fact["unit"][key] if fact["unit"] else "",
              language=language)
        for language, key in LANGUAGES.items()
        for fact in told["facts"]
    ]  # fmt: skip
    facts += [
        _fact(name="Title", value=f"{name} {told['title'][key]}", role="title", language=language)
        for language, key in LANGUAGES.items()
    ]
    product = {"title": f"{name} {told['title']['en']}", "brand": told["brand"], "category": kinds[told["kind"]]["en"]}
    return {"product": product | {"facts_key": f"{rng.getrandbits(64):x}"}, "facts": facts, "live": live}


def _fact(*, name: str, value: str, language: str, unit: str = "", role: str = "attribute") -> dict:
    return {
        "name": name, "value": value, "unit": unit, "language": language, "role": role, "source": "import",
        "status": "confirmed", "canonical": value, "fingerprint": f"{name}/{value}/{unit}/{language}"[:64],
    }  # fmt: skip


def warm_up() -> None:
    """Reading the dictionaries costs a worker two seconds once, whoever comes first."""
    from apps.drafts.checking import check_text
    from apps.drafts.registry import CheckContext

    check_text("A kettle that holds 1.7 l.", CheckContext(field="long_description", language="en"))


def _measured(act) -> dict:
    began, used = time.monotonic(), time.process_time()
    texts, findings = act()
    return {
        "texts": texts, "findings": findings, "seconds": time.monotonic() - began,
        "processor": time.process_time() - used,
    }  # fmt: skip


def run_audit() -> dict:
    """The slices as the default worker runs them: claim, read, check, compare the languages, store, commit."""
    from django.contrib.auth.models import User

    from apps.products.models import LiveFinding
    from apps.products.services.audit import runs

    user = User.objects.create_superuser("bench")

    def act() -> tuple[int, int]:
        run = runs.start_audit(user=user, shop=None)
        while runs.run_slice():
            pass
        run.refresh_from_db()
        assert run.state == "done", run.message
        return run.texts, LiveFinding.objects.count()

    return _measured(act)


def open_pages() -> list[tuple[str, float]]:
    """The slower of two calls of each page: what the database has not read yet, it reads then."""
    from django.contrib.auth.models import User
    from django.test import Client
    from django.urls import reverse

    client, seconds = Client(SERVER_NAME="localhost"), {}
    client.force_login(User.objects.get(username="bench"))
    for name, address in (
        ("the page", reverse("products:audit")),
        ("filtered by rule", reverse("products:audit") + "?rule=number"),
        ("the Excel file", reverse("products:audit_workbook")),
    ):
        for _call in range(2):
            began = time.monotonic()
            answer = client.get(address)
            assert answer.status_code == 200, answer
            if answer.streaming:
                answer.getvalue()
            seconds[name] = max(seconds.get(name, 0), time.monotonic() - began)
    return list(seconds.items())


def run_peer(most: int) -> dict:
    """The rules alone over the same texts: read in batches and checked, nothing compared and nothing stored."""
    from apps.drafts.checking import check_texts
    from apps.products.models import Product
    from apps.products.services.audit.texts import load_live

    def act() -> tuple[int, int]:
        ids, texts, findings = list(Product.objects.order_by("pk").values_list("pk", flat=True)), 0, 0
        for start in range(0, len(ids), PEER_PRODUCTS):
            if texts >= most:
                break
            batch = load_live(ids[start : start + PEER_PRODUCTS])
            results = check_texts([(copy.text, batch.context(copy)) for copy in batch.copies])
            texts += len(results)
            findings += sum(len(result.findings) for result in results)
        return texts, findings

    return _measured(act)


if __name__ == "__main__":
    raise SystemExit(main())
