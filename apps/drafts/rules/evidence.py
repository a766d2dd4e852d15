"""The evidence checker's verdicts as rules: one a family of claims, so that each can be named, counted and explained."""

from django.utils.translation import gettext_lazy as _

from apps.drafts.evidence.check import evidence_of
from apps.drafts.models import BannedWord
from apps.drafts.rules.base import Rule, Span
from apps.drafts.rules.words import WordList


class EvidenceRule(Rule):
    """`kinds` of apps.drafts.evidence.claims.Unsupported that it tells of; the text is read once for all such rules."""

    kinds: frozenset[str] = frozenset()

    def loaded(self):
        """Itself; its key follows the words of equal meaning that managers keep."""
        self.pack_key = (WordList.current or WordList.loaded()).key_of((BannedWord.Kind.SYNONYM,))
        return self

    def find(self, text, context):
        for claim in evidence_of(text, context).unsupported:
            if claim.kind in self.kinds:
                yield Span(claim.start, claim.end, claim.message, claim.severity)


class UnsupportedNumber(EvidenceRule):
    id = "number"
    name = _("Number without a fact")
    explanation = _("Every number must stand in a confirmed fact, with its unit, under the right name and no sharper.")
    kinds = frozenset(["number", "wrong_name", "sharpened"])
    may_except = False


class SomeVariantsOnly(EvidenceRule):
    id = "variant"
    name = _("Only some variants")
    explanation = _("What only some variants have can't be said of the whole product.")
    kinds = frozenset(["variant"])


class UnsupportedMaterial(EvidenceRule):
    id = "material"
    name = _("Material or ingredient without a fact")
    explanation = _("Every material and ingredient must stand in a confirmed fact.")
    kinds = frozenset(["material", "ingredient"])


class UnsupportedOrigin(EvidenceRule):
    id = "origin"
    name = _("Origin without a fact")
    explanation = _("Where and how it was made must stand in a confirmed fact.")
    kinds = frozenset(["origin"])


class UnsupportedCertificate(EvidenceRule):
    id = "certificate"
    name = _("Certificate without a fact")
    explanation = _("Certificates, seals, standards and tests must stand in a confirmed fact.")
    kinds = frozenset(["certification"])
    may_except = False


class UnsupportedPraise(EvidenceRule):
    id = "praise"
    name = _("Award, rating or superlative without a fact")
    explanation = _("Awards, experts, ratings, sales and superlatives must stand in a confirmed fact.")
    kinds = frozenset(["award_authority", "rating", "superlative"])
    may_except = False


class UnsupportedComparison(EvidenceRule):
    id = "comparison"
    name = _("Comparison without a fact")
    explanation = _("A comparison with other products must stand in a confirmed fact.")
    kinds = frozenset(["comparison"])


class UnsupportedEffect(EvidenceRule):
    id = "effect"
    name = _("Effect on health without a fact")
    explanation = _("Effects on health, body and mind must stand in a confirmed fact.")
    kinds = frozenset(["health"])
    may_except = False


class UnsupportedFit(EvidenceRule):
    id = "fit"
    name = _("Use without a fact")
    explanation = _("What it fits and for which age must stand in a confirmed fact.")
    kinds = frozenset(["compatibility", "age"])


class UnsupportedFeature(EvidenceRule):
    id = "feature"
    name = _("Property without a fact")
    explanation = _("A property that can be checked, such as “waterproof”, must stand in a confirmed fact.")
    kinds = frozenset(["feature"])


class UnsupportedName(EvidenceRule):
    id = "name"
    name = _("Name without a fact")
    explanation = _("Names of brands, people, places and techniques must stand in a confirmed fact.")
    kinds = frozenset(["name"])
