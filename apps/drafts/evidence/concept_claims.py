"""Claims that no number carries: materials, ingredients, origins, certificates, awards, effects, superlatives, features."""

import re

from django.utils.translation import gettext_noop as _

from apps.core.wording import Wording
from apps.drafts.evidence.choices import is_offered, some_variants
from apps.drafts.evidence.claims import Collected, Link, Unsupported
from apps.drafts.evidence.cues import pieces, words
from apps.drafts.evidence.facts import ReadFact, Stated, stem
from apps.drafts.evidence.lexicon import Concept, Mention
from apps.drafts.evidence.parts import PartJudge
from apps.drafts.evidence.reading import Reading
from apps.drafts.evidence.scenes import is_scenery
from apps.drafts.evidence.words import STOP, Words
from apps.drafts.models import Severity

# What each kind of claim lacks.
KINDS: dict[str, str] = {
    "material": _("No confirmed fact names the material “%(words)s”."),
    "ingredient": _("No confirmed fact names the ingredient “%(words)s”."),
    "origin": _("No confirmed fact says where it comes from or who makes it: “%(words)s”."),
    "certification": _("No confirmed fact names the certificate or test “%(words)s”."),
    "award_authority": _("No confirmed fact names the award or authority “%(words)s”."),
    "health": _("No confirmed fact states the effect “%(words)s”."),
    "superlative": _("No confirmed fact proves “%(words)s”."),
    "comparison": _("No confirmed fact gives the comparison “%(words)s”."),
    "rating": _("No confirmed fact gives the rating “%(words)s”."),
    "compatibility": _("No confirmed fact says that it fits “%(words)s”."),
    "age": _("No confirmed fact names the age group “%(words)s”."),
    "feature": _("No confirmed fact says “%(words)s”."),
    "name": _("No confirmed fact names “%(words)s”."),
}
DENIED = _("A confirmed fact says the contrary of “%(words)s”: “%(fact)s”.")
BARE = _("The text says “%(words)s”; the fact “%(fact)s” says less.")
OTHER_PART = _("The text says “%(words)s” of another part than the fact “%(fact)s” does.")
# Denying one of these claims nothing: "not waterproof", "this is no medicine".
_HARMLESS_DENIALS = frozenset(
    ["feature", "award_authority", "health", "superlative", "comparison", "rating", "compatibility", "age", "name",
     "origin", "certification"]
)  # fmt: skip
_PURE, _CHINESE_PURE = words("pure"), pieces("pure, Chinese")
_DENIER = re.compile(
    r"^(?:不含|无添加|未添加|不添加|零添加|不加|无|零|0)|[- ]free$|^(?:no|without|zero|free (?:of|from)) |^un(?=scented)|^0%?"
)
_CLASS = re.compile(r"IPX? ?\d{1,2}", re.IGNORECASE)
# “最高1350转” limits a number and praises nothing.
_LIMIT = re.compile(r"最[高大多低小少长短快慢远重轻早晚]|(?:the )?(?:max(?:imum)?|most|highest|lowest)", re.IGNORECASE)
_PROMISED_AWAY = re.compile(
    r"(?:告别|远离|拒绝|摆脱|甩掉|赶走|不再)[^，。！？\n]{0,6}\Z"
    r"|\b(?:goodbye to|no more|minus|without|an end to|rid of|free (?:of|from)|forget)(?: [\w']+){0,3} \Z",
    re.IGNORECASE,
)
_PAUSE = re.compile(r"[，。；！？,.;!?\n]")
_MADE_OF = re.compile(r"(?:材质|材料|质地|面料|制|质|面)\Z")
_WET = frozenset(["waterproof", "water-resistant", "water-repellent", "splashproof", "sweatproof", "dustproof"])
_LINKS = words("links") | {STOP}
_BLENDS = frozenset(["blend", "mix", "混", "纺", "-"])
# “Conforms to EN 1335” says EN 1335.
_MEETS = frozenset(
    map(
        stem,
        [
            "conforms",
            "conforming",
            "complies",
            "meets",
            "certified",
            "certificate",
            "tested",
            "passed",
            "to",
            "standard",
        ],
    )
)
_MIXED, _CHINESE_MIXED = words("mixed"), pieces("mixed, Chinese")


class ConceptReader:
    """Reads the concepts that one text names against the facts."""

    def __init__(self, reading: Reading):
        self.reading = reading
        self.base = reading.base
        self.parts = PartJudge(reading)

    def read(self, into: Collected) -> None:
        for mention in self.reading.claims:
            if mention.concept.kind in KINDS and not self._is_told_by_a_number(mention):
                self._judge(mention, into)

    def _is_told_by_a_number(self, mention: Mention) -> bool:
        """“for ages 2+”, “4.6 out of 5”, 最高 1350 转: the number is judged as a number."""
        kind = mention.concept.kind
        if kind == "superlative" and not _LIMIT.fullmatch(self._written(mention)):
            return False
        if kind == "comparison":  # “fewer than five grams” bounds a number
            return any(0 <= quantity.start - mention.end <= 1 for quantity in self.reading.quantities)
        if kind not in ("age", "rating", "superlative"):
            return False
        reach = 7 if kind == "superlative" else 0
        return any(
            mention.start < quantity.end
            and quantity.start < mention.end + reach
            and not _PAUSE.search(self.reading.text[mention.end : quantity.start])
            for quantity in self.reading.quantities
        )

    def _judge(self, mention: Mention, into: Collected) -> None:
        negated = self.reading.negates(mention) and not self._is_promised_away(mention)
        supports = self._supports(mention, negated)
        if supports:
            self._judge_supported(mention, negated, supports, into)
        elif not (negated and mention.concept.kind in _HARMLESS_DENIALS) and not is_scenery(
            self.reading, mention, negated
        ):
            self._add(into, mention, self._why(mention, negated))

    def _is_promised_away(self, mention: Mention) -> bool:
        """“Goodbye to headaches”, 告别脚气: who promises that an ailment goes claims an effect."""
        return mention.concept.kind == "health" and bool(
            _PROMISED_AWAY.search(self.reading.text[max(0, mention.start - 32) : mention.start])
        )

    def _supports(self, mention: Mention, negated: bool) -> list[tuple[ReadFact, Stated]]:
        """The facts that state what the text names, directly or in other words; empty where none does."""
        supports = self.base.stating(mention.concept, negated)
        if not supports and not negated:
            supports = self._in_the_same_words(mention) or self._by_its_parts(mention)
        if not supports and (negated or mention.concept.id.endswith("-free") or mention.concept.id.startswith("no-")):
            supports = self._denied_in_other_words(mention)
        if not supports and _DENIER.match(self.reading.text[mention.start : mention.end].casefold()):
            supports = [row for row in self.base.stating(mention.concept, True) if row[0].is_denied]
        if not supports and mention.concept.id in _WET and not negated:
            supports = self._by_protection_class(mention)
        return supports

    def _judge_supported(
        self, mention: Mention, negated: bool, supports: list[tuple[ReadFact, Stated]], into: Collected
    ) -> None:
        """Whether the facts say it as purely, of the same part and of all variants."""
        kind = mention.concept.kind
        if not negated and kind in ("material", "feature") and self._is_called_pure(mention):
            is_less = _is_mixed if kind == "material" else lambda fact, _stated: _is_partial(fact, mention.concept)
            kept = [row for row in supports if not is_less(*row)]
            if not kept:
                self._add(into, mention, self._worded(BARE, mention, supports[0][0]), "sharpened")
                return
            supports = kept
        if kind == "material" and not negated and self.parts.is_of_another(mention, [fact for fact, _ in supports]):
            self._add(into, mention, self._worded(OTHER_PART, mention, supports[0][0]))
            return
        offered = [
            row
            for row in supports
            if not row[0].choices or is_offered(self.reading, mention.start, mention.end, row[0])
        ]
        if not offered:
            self._add(into, mention, some_variants(self._written(mention), supports[0][0]), "variant")
            return
        for fact, stated in offered[:3]:
            into.links.append(Link(mention.start, mention.end, fact.index, stated.start, stated.end, kind))

    def _denied_in_other_words(self, mention: Mention) -> list[tuple[ReadFact, Stated]]:
        """“no palm oil” from `Palm oil: none`, 无谷 from `谷物: 不添加`."""
        written = _DENIER.sub("", self.reading.text[mention.start : mention.end].casefold())
        rest = {stem(word.lemma) for word in Words(written).words if word.lemma not in _LINKS}
        return [
            (fact, Stated(mention.concept, True, 0, len(fact.view.text)))
            for fact in self.base.facts
            if rest and rest <= fact.name_stems and fact.is_denied
        ]

    def _by_protection_class(self, mention: Mention) -> list[tuple[ReadFact, Stated]]:
        """IPX4防水: where the class stands beside the word, the word says no more than the class."""
        around = self.reading.text[max(0, mention.start - 8) : mention.end + 8]
        match = _CLASS.search(around)
        if match is None:
            return []
        return [
            (fact, Stated(mention.concept, False, 0, len(fact.view.text)))
            for fact in self.base.facts
            if match[0].replace(" ", "").casefold() in fact.view.text.replace(" ", "").casefold()
        ]

    def _by_its_parts(self, mention: Mention) -> list[tuple[ReadFact, Stated]]:
        """“Turkish cotton” from a fact that says Turkey and one that says cotton."""
        found, covered = [], set()
        for part in self.base.lexicon.parts(self.reading.words, mention):
            rows = self.base.stating(part.concept, False) if part.concept.kind in KINDS else []
            if rows:
                found += rows[:1]
                covered |= set(range(part.first, part.last))
        rest = [
            self.reading.words.words[place].lemma
            for place in range(mention.first, mention.last)
            if place not in covered
        ]
        if rest and mention.last - 1 not in covered and len(rest[-1]) == 1 and rest[-1].isascii():
            return []  # the A of “energy class A” is all that it says
        if found and set(rest) <= _BLENDS and all(_is_mixed(*row) for row in found):
            return found
        if not found or any(stem(lemma) not in self.base.stems and lemma not in _LINKS for lemma in rest):
            return []
        return found

    def _in_the_same_words(self, mention: Mention) -> list[tuple[ReadFact, Stated]]:
        """Facts that hold every word of the mention, whatever their dictionary entry is."""
        lemmas = self.reading.lemmas(mention.first, mention.last)
        # The A of “class A” is no article.
        stems = {stem(lemma) for lemma in lemmas[:-1] if lemma not in _LINKS} | {stem(each) for each in lemmas[-1:]}
        if mention.concept.kind == "certification":
            stems = {each for each in stems if each not in _MEETS} or stems
        if _MADE_OF.search(self.reading.text[mention.start : mention.end]):
            stems -= set("材质料地面制的")
        found = []
        is_loose = mention.concept in self.base.lexicon.soft or mention.concept.kind in ("compatibility", "origin")
        for fact in self.base.stems.get(next(iter(stems)), ()) if stems else ():
            if (
                stems <= fact.stems
                and not fact.is_denied
                and not any(stated.is_negated and stated.concept == mention.concept for stated in fact.stated)
            ):
                if (
                    any("\u3400" <= each <= "\u9fff" for each in stems)
                    and not is_loose
                    and not self._stands_in(mention, fact)
                ):
                    continue
                found.append((fact, Stated(mention.concept, False, 0, len(fact.view.text))))
        return found

    def _stands_in(self, mention: Mention, fact: ReadFact) -> bool:
        """Single characters prove nothing: in Chinese the words have to stand together."""
        written = _MADE_OF.sub("", self.reading.text[mention.start : mention.end])
        return written in f"{fact.view.name}{fact.view.text}" or written in f"{fact.view.text}{fact.view.name}"

    def _is_called_pure(self, mention: Mention) -> bool:
        before = self.reading.lemmas(mention.first - 2, mention.first)
        behind = self.reading.lemmas(mention.last, mention.last + 1)
        if before[-1:] == ["all"] and behind and behind[0] not in _LINKS:
            return False  # “all wooden parts” calls none of them pure
        if _PURE & set(before[-1:]) or "".join(before[-2:]) == "100%":
            return True
        return self.reading.text[: mention.start].endswith(_CHINESE_PURE)

    def _why(self, mention: Mention, negated: bool) -> Wording:
        contrary = self.base.stating(mention.concept, not negated)
        if contrary and not negated:
            return self._worded(DENIED, mention, contrary[0][0])
        return Wording(KINDS[mention.concept.kind], words=self._written(mention))

    def _worded(self, message: str, mention: Mention, fact: ReadFact) -> Wording:
        return Wording(message, words=self._written(mention), fact=fact.said)

    def _written(self, mention: Mention) -> str:
        return self.reading.text[mention.start : mention.end][:100]

    def _add(self, into: Collected, mention: Mention, message: Wording, kind: str = "") -> None:
        named = mention.concept.kind
        severity = Severity.WARN if mention.concept in self.base.lexicon.soft else Severity.BLOCK
        into.unsupported.append(Unsupported(mention.start, mention.end, kind or named, message, severity))


def _is_partial(fact: ReadFact, concept: Concept) -> bool:
    """Whether the fact grants a share only, “at least 60 % recycled”, or denies it of a part: 枕套可机洗，枕芯不可水洗."""
    if any(each.is_negated for each in fact.stated if each.concept.kind == concept.kind):
        return True
    shares = [int(part) for part in re.findall(r"(\d{1,3})\s*[%％]", fact.view.text)]
    return bool(shares) and max(shares) < 100


def _is_mixed(fact: ReadFact, stated: Stated) -> bool:
    """Whether the fact names the material as a part only: "contains cotton", "60% cotton, 40% linen", a blend."""
    text = fact.view.text
    others = [
        each for each in fact.stated
        if each.concept.kind == "material" and (each.start, each.end) != (stated.start, stated.end) and not each.is_negated
    ]  # fmt: skip
    window = text[max(0, stated.start - 14) : stated.end + 10].casefold()
    if any(word in window.split() for word in _MIXED) or any(word in window for word in _CHINESE_MIXED):
        return True
    shares = [int(part) for part in re.findall(r"(\d{1,3})\s*[%％]", text)]
    return bool(others and (not shares or max(shares) < 100)) or bool(shares and max(shares) < 100)
