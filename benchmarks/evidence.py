"""The evidence checker on labelled texts: recall of planted claims, false blocks, time; a plain number check beside it."""

import argparse
import json
import math
import re
import statistics
import time
from collections import Counter, defaultdict
from pathlib import Path

from _system import prepare, table

LABELS = Path(__file__).parent / "evidence"
LANGUAGES = ["en", "zh-Hans"]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--part", choices=["open", "closed"], default="open")
    options.add_argument("--language", choices=LANGUAGES, action="append")
    options.add_argument("--evidence-only", action="store_true", help="without the other rules and packs")
    options.add_argument(
        "--show", action="store_true", help="print what was missed or blocked wrongly (open part only)"
    )
    args = options.parse_args()
    if args.show and args.part == "closed":
        options.error("the closed part is not to be looked at")
    prepare()
    rows = [row for language in args.language or LANGUAGES for row in _read(args.part, language)]
    verdicts = judge(rows, args.evidence_only)
    report(rows, verdicts, [plain_numbers(row) for row in rows])
    if args.show:
        show(rows, verdicts)
    time_it(rows)
    return 0


def _read(part: str, language: str) -> list[dict]:
    rows = []
    for path in sorted((LABELS / part).glob(f"{language}*.jsonl")):
        rows += [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return rows


def judge(rows: list[dict], evidence_only: bool) -> list[list[tuple[int, int, str, str]]]:
    """The blocking findings of each text: start, end, rule, message. By the code of `check_copy`."""
    from apps.drafts.services.copy_files import Tally, check_lines

    checked = check_lines((json.dumps(row) for row in rows), Tally())
    rules = _evidence_rules()
    return [
        [
            (found["start"], found["end"], found["rule"], found["message"])
            for found in row["findings"]
            if found["severity"] == "block" and (not evidence_only or found["rule"] in rules)
        ]
        for row in checked
    ]


def _evidence_rules() -> set[str]:
    from apps.drafts.checking import configured_rules
    from apps.drafts.rules.evidence import EvidenceRule

    return {rule.id for rule in configured_rules() if isinstance(rule, EvidenceRule)}


def plain_numbers(row: dict) -> list[tuple[int, int, str, str]]:
    """The peer: every run of digits in the text must occur in the title or a fact."""
    said = " ".join([row["title"], row["brand"], *row["facts"].values(), *(str(each) for each in row["variants"])])
    known = set(re.findall(r"\d+(?:\.\d+)?", said))
    return [
        (match.start(), match.end(), "plain", match[0])
        for match in re.finditer(r"\d+(?:\.\d+)?", row["text"])
        if match[0] not in known
    ]


def is_found(row: dict, findings) -> bool:
    """Whether a finding lies on the planted words, and not on half the text."""
    start, end = row["planted"]
    widest = max(3 * (end - start), end - start + 24)
    return any(each[0] < end and each[1] > start and each[1] - each[0] <= widest for each in findings)


def wilson(hits: int, n: int) -> str:
    if not n:
        return "-"
    z, share = 1.96, hits / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return f"{share:.3f} ({max(0, middle - half):.3f}-{min(1, middle + half):.3f})"


def report(rows, verdicts, peer) -> None:
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    blocked: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row, mine, plain in zip(rows, verdicts, peer, strict=True):
        if row["label"] == "true":
            for group in (row["language"], "all"):
                blocked[group][0] += 1
                blocked[group][1] += bool(mine)
                blocked[group][2] += bool(plain)
            continue
        for group in (f"{row['language']} {row['kind']}", row["language"], "all"):
            counts[group][0] += 1
            counts[group][1] += is_found(row, mine)
            counts[group][2] += is_found(row, plain)
    table(
        "planted false claims found",
        ["group", "n", "found (95 %)", "plain number check (95 %)"],
        [[name, n, wilson(hits, n), wilson(plain, n)] for name, (n, hits, plain) in sorted(counts.items())],
    )
    rules = Counter(
        rule
        for row, mine in zip(rows, verdicts, strict=True)
        if row["label"] == "true"
        for rule in {found[2] for found in mine}
    )
    table("rules that blocked true texts", ["rule", "texts"], [[rule, n] for rule, n in rules.most_common()])
    table(
        "true texts with a blocking finding",
        ["group", "n", "blocked (95 %)", "plain number check (95 %)"],
        [[name, n, wilson(hits, n), wilson(plain, n)] for name, (n, hits, plain) in sorted(blocked.items())],
    )


def show(rows, verdicts) -> None:
    for row, found in zip(rows, verdicts, strict=True):
        facts = f"{row['title']} | {row['facts']} {row['variants'] or ''}"
        if row["label"] == "true" and found:
            marks = "; ".join(f"[{rule}] {message[:110]}" for _start, _end, rule, message in found)
            print(f"BLOCKED {row['id']}: {marks}\n    {row['text']}\n    {facts}")
        elif row["label"] == "false" and not is_found(row, found):
            planted = row["text"][slice(*row["planted"])]
            print(f"MISSED {row['id']} {row['kind']}: {planted!r}\n    {row['text']}\n    {facts}")


def time_it(rows) -> None:
    """Milliseconds a text on one core, every rule, facts read anew for each product as on the desk."""
    from apps.drafts.checking import check_texts
    from apps.drafts.evidence import check
    from apps.drafts.services.copy_files import _read as read_line

    items = [(row["text"], read_line(1, json.dumps(row))[1]) for row in rows]
    check_texts(items[:1])
    spent = []
    for text, context in items:
        check._evidence.cache_clear()
        began = time.perf_counter()
        check.evidence_of(text, context)
        spent.append((time.perf_counter() - began) * 1000)
    began = time.perf_counter()
    check._evidence.cache_clear()
    check_texts(items)
    whole = (time.perf_counter() - began) * 1000 / len(items)
    ordered = sorted(spent)
    table(
        "milliseconds a text, one core",
        ["texts", "evidence median", "evidence p95", "evidence mean", "all rules, mean"],
        [
            [
                len(items),
                *(
                    f"{x:.2f}"
                    for x in (statistics.median(spent), ordered[int(0.95 * len(spent))], statistics.mean(spent), whole)
                ),
            ]
        ],
    )


if __name__ == "__main__":
    raise SystemExit(main())
