"""Whether a sentence encoder finds planted claims that the exact checker misses: likeness of clauses to facts, milliseconds."""

import argparse
import json
import re
import time

from _system import prepare, table
from evidence import _read

# A clause of copy: what stands between two signs.
_CLAUSE = re.compile(r"[^.!?\n•;:–—,]+")
SHORTEST = 8


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", help="an encoder that transformers loads, such as all-MiniLM-L6-v2")
    options.add_argument("--language", default="en")
    args = options.parse_args()
    prepare()
    from apps.llm.backends.transformers import TransformersBackend

    clauses = [each for row in _read("open", args.language) for each in _clauses(row)]
    texts = list({text for clause in clauses for text in (clause["text"], *clause["facts"])})
    encoder = TransformersBackend(model=args.folder)
    encoder.embed(texts[:8])
    began = time.perf_counter()
    vectors = dict(zip(texts, encoder.embed(texts), strict=True))
    spent = (time.perf_counter() - began) * 1000
    silent = [each for each in clauses if not each["is_told"]]
    planted = [_likeness(each, vectors) for each in silent if each["is_planted"]]
    others = [_likeness(each, vectors) for each in silent if not each["is_planted"]]
    figures = [f"{x:.2f}" for x in (_median(planted), _median(others), _auc(planted, others))]
    table(
        "clauses of which the exact checker says nothing",
        ["planted", "others", "likeness, planted", "others", "AUC (0.5: tells nothing)", "ms a clause or fact"],
        [[len(planted), len(others), *figures, f"{spent / len(texts):.1f}"]],
    )
    return 0


def _clauses(row: dict) -> list[dict]:
    from apps.drafts.evidence.check import evidence_of
    from apps.drafts.services.copy_files import _read as read_line

    context = read_line(1, json.dumps(row))[1]
    found = evidence_of(row["text"], context)
    facts = [f"{fact.name}: {fact.text}" for fact in context.facts]
    start, end = row["planted"] or (0, 0)
    return [
        {
            "text": match[0].strip(), "facts": facts, "is_planted": match.start() < end and start < match.end(),
            "is_told": any(
                match.start() <= each.start < match.end() for each in (*found.links, *found.unsupported)
            ),
        }
        for match in _CLAUSE.finditer(row["text"])
        if len(match[0].strip()) >= SHORTEST
    ]  # fmt: skip


def _likeness(clause: dict, vectors: dict) -> float:
    """Cosine to the nearest fact."""
    mine = vectors[clause["text"]]
    return max(sum(a * b for a, b in zip(mine, vectors[fact], strict=True)) for fact in clause["facts"])


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2] if values else float("nan")


def _auc(planted: list[float], others: list[float]) -> float:
    """How often a planted clause is less like the facts than another one."""
    pairs = [(one < other) + (one == other) / 2 for one in planted for other in others]
    return sum(pairs) / len(pairs) if pairs else float("nan")


if __name__ == "__main__":
    raise SystemExit(main())
