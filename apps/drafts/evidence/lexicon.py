"""The dictionary of concepts: which words of English and Chinese name the same material, country, certificate, effect.

One file a kind in terms/, one concept a line::

    id = English forms, by comma | Chinese forms, by 、 < broader ids, by comma

`(a/b)` gives alternatives, `_` up to three words (six characters in Chinese) between, `*` any ending of a word. The id
`-` marks innocent words: where they stand, the shorter words inside them mean nothing (地铁 holds no iron). An id that
ends in `-named` is a bare word: a fact states its broader concept by it, a text mostly paints a scene. Behind a line `@warn`
stand concepts that are worth a warning without a fact, behind `@block` those that block.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import NamedTuple

from apps.drafts.evidence.words import STOP, Words

TERMS = Path(__file__).parent / "terms"
# Words that one `_` may leap over.
GAP, CHINESE_GAP = 3, 6
PREFIX = 2
CUES = ("aspect", "part")
INNOCENT = "-"
_ALTERNATIVES = re.compile(r"\(([^()]*)\)")
_CHINESE = re.compile(r"[\u3400-\u9fff]")


class Concept(NamedTuple):
    """`id` is unique within its kind."""

    kind: str
    id: str


class Mention(NamedTuple):
    """A concept named by words [first, last) of a text, which are its code points [start, end)."""

    concept: Concept
    first: int
    last: int
    start: int
    end: int


@dataclass
class _Node:
    words: dict[str, "_Node"] = field(default_factory=dict)
    # By its first PREFIX letters, each prefix that ends in `*`.
    prefixes: dict[str, list[tuple[str, "_Node"]]] = field(default_factory=dict)
    gap: "_Node | None" = None
    reach: int = 0
    concepts: tuple[Concept, ...] = ()


class Lexicon:
    """All concepts in one tree of words; `broader` maps each to everything that it is a kind of, itself included."""

    def __init__(self, rows: Iterable[tuple[Concept, str]] = (), parents: dict[Concept, set[str]] | None = None):
        self._root = _Node()
        self.broader: dict[Concept, frozenset[Concept]] = {}
        self.soft: frozenset[Concept] = frozenset()
        for concept, form in rows:
            self.add(concept, form)
        self._resolve(parents or {})

    def add(self, concept: Concept, form: str) -> None:
        """Raises ValueError for a form without any word."""
        for spelling in _spellings(form):
            node = self._root
            for element in _elements(spelling):
                node = _child(node, element)
            if node is self._root:
                raise ValueError(f"{concept}: the form {form!r} holds no word")
            if concept not in node.concepts:
                node.concepts += (concept,)

    def find(self, words: Words) -> list[Mention]:
        """Every longest mention from left to right; words inside a longer mention name nothing of their own."""
        return [each for each in self.find_all(words) if each.concept.id != INNOCENT]

    def find_all(self, words: Words) -> list[Mention]:
        """As `find`, with the innocent words, whose concept has the id INNOCENT."""
        found: list[Mention] = []
        rows = words.words
        reached = guarded = 0
        for first in range(len(rows)):
            last, concepts = self._longest(rows, first)
            if last <= reached or first < guarded:
                continue
            if concepts:
                reached = last
                guarded = last if all(each.id == INNOCENT for each in concepts) else guarded
                place = (first, last, rows[first].start, rows[last - 1].end)
                found += [Mention(each, *place) for each in concepts]
        return found

    def parts(self, words: Words, mention: Mention) -> list[Mention]:
        """The shorter mentions inside one, from left to right: “Turkish cotton” holds Turkey and cotton."""
        found, rows, place = [], words.words[: mention.last], mention.first
        while place < mention.last:
            end = mention.last - 1 if place == mention.first else mention.last
            last, concepts = self._longest(rows[:end], place) if place < end else (0, ())
            if concepts:
                found += [Mention(each, place, last, rows[place].start, rows[last - 1].end) for each in concepts]
            place = max(last, place + 1)
        return found

    def _longest(self, rows, first: int) -> tuple[int, tuple[Concept, ...]]:
        best: tuple[int, tuple[Concept, ...]] = (0, ())
        if rows[first].lemma == STOP:
            return best
        pending = [(self._root, first)]
        while pending:
            node, place = pending.pop()
            if node.concepts and place > best[0]:
                best = (place, node.concepts)
            if place >= len(rows) or rows[place].lemma == STOP:
                continue
            pending += [(child, place + 1) for child in _steps(node, rows[place].lemma)]
            if node.gap is not None:
                for leap in range(node.reach + 1):
                    if place + leap >= len(rows) or rows[place + leap].lemma == STOP:
                        break
                    pending += [(each, place + leap + 1) for each in _steps(node.gap, rows[place + leap].lemma)]
        return best

    def _resolve(self, parents: dict[Concept, set[str]]) -> None:
        def up(concept: Concept, seen: frozenset) -> frozenset:
            if concept in seen:
                return seen
            seen |= {concept}
            for parent in parents.get(concept, ()):
                seen = up(Concept(concept.kind, parent), seen)
            return seen

        self.broader = {concept: up(concept, frozenset()) for concept in parents}

    def is_kind_of(self, narrow: Concept, broad: Concept) -> bool:
        """Whether whoever says `narrow` has also said `broad`: oak is wood."""
        return narrow == broad or broad in self.broader.get(narrow, ())


def _steps(node: _Node, lemma: str) -> Iterator[_Node]:
    if child := node.words.get(lemma):
        yield child
    if node.prefixes:
        for prefix, child in node.prefixes.get(lemma[:PREFIX], ()):
            if lemma.startswith(prefix):
                yield child


def _child(node: _Node, element: str) -> _Node:
    if element in ("_", "__"):
        if node.gap is None:
            node.gap = _Node()
        node.reach = max(node.reach, CHINESE_GAP if element == "__" else GAP)
        return node.gap
    if element.endswith("*"):
        stem = element[:-1]
        if len(stem) < PREFIX:
            raise ValueError(f"{element}: a star needs {PREFIX} letters before it")
        known = node.prefixes.setdefault(stem[:PREFIX], [])
        for prefix, child in known:
            if prefix == stem:
                return child
        known.append((stem, _Node()))
        return known[-1][1]
    return node.words.setdefault(element, _Node())


def _spellings(form: str) -> Iterator[str]:
    """`(dentist/doctor) recommended` -> both."""
    pieces = _ALTERNATIVES.split(form)
    for chosen in product(*(piece.split("/") if place % 2 else [piece] for place, piece in enumerate(pieces))):
        yield " ".join("".join(chosen).split())


def _elements(spelling: str) -> Iterator[str]:
    gap = "__" if _CHINESE.search(spelling) else "_"
    for piece in re.split(r"(_|[A-Za-zÀ-ɏ]+\*)", spelling):
        if piece == "_":
            yield gap
        elif piece.endswith("*"):
            yield piece.casefold()
        else:
            yield from (word.lemma for word in Words(piece).words if word.lemma != STOP)


def read_terms(path: Path) -> Iterator[tuple[str, list[str], list[str], bool]]:
    """(id, forms, broader ids, whether it only warns) of every line. Raises ValueError that names file and line."""
    is_soft = False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip() in ("@warn", "@block"):
            is_soft = line.strip() == "@warn"
        if not line.strip() or line[0] in "#@":
            continue
        name, equals, rest = line.partition("=")
        forms, _less, broader = rest.partition("<")
        english, _bar, chinese = forms.partition("|")
        listed = [form.strip() for form in [*english.split(","), *re.split("[、,，]", chinese)] if form.strip()]
        if not equals or not listed:
            raise ValueError(f"{path.name}:{number}: expected `id = forms | forms < broader`")
        yield name.strip(), listed, [each.strip() for each in broader.split(",") if each.strip()], is_soft


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """What a text may claim, of the dictionary that ships with the project; read once."""
    return _read_kinds([path for path in sorted(TERMS.glob("*.txt")) if path.stem not in CUES])


@lru_cache(maxsize=1)
def cue_lexicon() -> Lexicon:
    """What a number measures, and of which part: apart, since such a word may stand inside a claim."""
    return _read_kinds([TERMS / f"{kind}.txt" for kind in CUES])


def _read_kinds(paths: list[Path]) -> Lexicon:
    rows: list[tuple[Concept, str]] = []
    parents: dict[Concept, set[str]] = {}
    soft: set[Concept] = set()
    for path in paths:
        for name, forms, broader, is_soft in read_terms(path):
            concept = Concept(path.stem, name)
            rows += [(concept, form) for form in forms]
            parents.setdefault(concept, set()).update(broader)
            if is_soft:
                soft.add(concept)
    made = Lexicon(rows, parents)
    made.soft = frozenset(soft)
    return made
