"""What the page and the workbook of the audit tell: figures, and the ranked live texts behind filters."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count, Max, Prefetch, Q
from django.utils.translation import gettext as _

from apps.core import languages
from apps.drafts.models import Draft, Severity
from apps.drafts.states import OPEN_STATUSES, Status
from apps.products.models import AuditRun, DescriptionDraft, Listing, LiveFinding, LiveText, Shop
from apps.products.services.audit.advice import claim_rules, rule_names
from apps.products.services.audit.contradictions import RULE as CONTRADICTION
from apps.products.services.audit.judging import sentence_of
from apps.products.services.audit.texts import KIND

RECENT = 5
FILTERS = ("rule", "severity", "shop", "language", "category")


@dataclass
class Tally:
    """Texts, and those of them with findings and with such as block approval."""

    name: str
    value: str
    texts: int = 0
    flagged: int = 0
    blocked: int = 0

    def add(self, texts: int, flagged: int, blocked: int) -> None:
        self.texts, self.flagged, self.blocked = self.texts + texts, self.flagged + flagged, self.blocked + blocked


@dataclass(frozen=True)
class Touch:
    """Code points [start, end) of a sentence."""

    sentence: str
    start: int
    end: int
    severity: int
    shown: str = ""


@dataclass
class Overview:
    total: Tally
    shops: list[Tally] = field(default_factory=list)
    languages: list[Tally] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    # Rows of (rule id, name, findings, texts), most findings first.
    rules: list[tuple[str, str, int, int]] = field(default_factory=list)
    claims: int = 0
    contradictions: int = 0
    checked_at: object = None

    @property
    def broken(self) -> int:
        """Findings of rules that ask for no fact."""
        return sum(row[2] for row in self.rules) - self.claims - self.contradictions


def overview() -> Overview:
    """Three queries, whatever there is."""
    told = Overview(Tally("", ""))
    shops: dict[int, Tally] = {}
    spoken: dict[str, Tally] = {}
    categories = Counter()
    names = dict(Shop.objects.values_list("pk", "name"))
    for shop, tag, category, texts, flagged, blocked, checked_at in _grouped():
        told.total.add(texts, flagged, blocked)
        shops.setdefault(shop, Tally(names.get(shop, ""), str(shop))).add(texts, flagged, blocked)
        spoken.setdefault(tag, Tally(languages.name(tag), tag)).add(texts, flagged, blocked)
        categories[category] += flagged
        told.checked_at = max(checked_at, told.checked_at or checked_at)
    told.shops = sorted(shops.values(), key=lambda tally: -tally.flagged)
    told.languages = sorted(spoken.values(), key=lambda tally: -tally.flagged)
    told.categories = sorted(name for name, flagged in categories.items() if name and flagged)
    known = rule_names()
    counted = (
        LiveFinding.objects.order_by().values_list("rule").annotate(n=Count("pk"), texts=Count("text", distinct=True))
    )
    told.rules = [(rule, known.get(rule, rule), n, texts) for rule, n, texts in counted.order_by("-n", "rule")]
    evidence = set(claim_rules())
    told.claims = sum(n for rule, _name, n, _texts in told.rules if rule in evidence)
    told.contradictions = sum(n for rule, _name, n, _texts in told.rules if rule == CONTRADICTION)
    return told


def _grouped():
    return LiveText.objects.order_by().values_list("shop", "language", "category").annotate(
        texts=Count("pk"), flagged=Count("pk", filter=Q(findings_count__gt=0)),
        blocked=Count("pk", filter=Q(severity=Severity.BLOCK)), last=Max("checked_at"),
    )  # fmt: skip


def chosen_filters(asked) -> dict[str, str]:
    """Those of FILTERS that are set and make sense; `asked` is a request's GET or POST."""
    found = {name: asked.get(name, "").strip()[:200] for name in FILTERS}
    if not (found["shop"].isascii() and found["shop"].isdecimal() and len(found["shop"]) < 18):
        found["shop"] = ""
    if found["severity"] not in {str(value) for value in Severity.values}:
        found["severity"] = ""
    return {name: value for name, value in found.items() if value}


def ranked_texts(chosen: dict[str, str]):
    """The live texts with findings, the gravest first."""
    texts = LiveText.objects.flagged().ranked()
    if rule := chosen.get("rule"):
        texts = texts.filter(rules__contains=[rule])
    columns = {"severity": "severity", "shop": "shop_id", "language": "language", "category": "category"}
    return texts.filter(**{column: chosen[name] for name, column in columns.items() if name in chosen})


def with_findings(texts):
    """With shop, product and findings: one query more, and what the page does not show stays unread."""
    found = Prefetch("findings", LiveFinding.objects.order_by("-severity", "start", "pk"))
    shown = texts.select_related("shop", "product").prefetch_related(found)
    return shown.only(
        "field", "language", "source", "severity", "findings_count", "category", "shop__name", "product__title"
    )  # fmt: skip


def mark_those_on_the_desk(texts: list[LiveText]) -> None:
    """Sets `is_on_desk` where a person has this text to decide, or the model is writing another. One query."""
    rows = Draft.objects.filter(kind=KIND, subject_id__in={text.product_id for text in texts})
    rows = rows.filter(Q(status__in=OPEN_STATUSES) | Q(status=Status.OUTDATED))
    taken = set(rows.values_list("subject_id", "scope_id", "field", "language"))
    for text in texts:
        places = [(text.product_id, scope, text.field, text.language) for scope in (0, text.shop_id)]
        text.is_on_desk = any(place in taken for place in places)


def outdated_drafts():
    """What stands in the shops, is no longer true or allowed, and waits for a person; the newest first."""
    drafts = DescriptionDraft.objects.filter(status=Status.OUTDATED).select_related("product", "shop")
    listings = Listing.objects.select_related("shop").only("product", "shop__name").order_by("pk")
    sold = Prefetch("product__listings", listings)
    return drafts.defer("product__search").prefetch_related(sold).order_by("-pk")


def shops_of(draft: DescriptionDraft) -> list[str]:
    """Names of the shops in which the text of a draft of `outdated_drafts` stands."""
    if draft.shop:
        return [draft.shop.name]
    return [listing.shop.name for listing in draft.product.listings.all()]


def touched_sentences(draft: DescriptionDraft) -> list[list[Touch]]:
    """The sentences of an outdated text that are no longer true or allowed, each with the places in it."""
    spans = [span for span in draft.outdated_by.get("spans", []) if span[1] <= len(draft.text)]
    sentences: dict[int, list[Touch]] = {}
    for start, end in sorted(spans):
        sentence, first = sentence_of(draft.text, start, end)
        sentences.setdefault(first, []).append(
            Touch(sentence, start - first, end - first, draft.severity or int(Severity.WARN))
        )
    return list(sentences.values())


def recent_runs() -> list[AuditRun]:
    return list(AuditRun.objects.select_related("shop", "requested_by").order_by("-pk")[:RECENT])


def said_cause(run: AuditRun, names: dict[str, str]) -> str:
    """Why a run began, with the rules by name where these changed."""
    if run.cause == AuditRun.Cause.PERSON:
        return _("asked for by %(name)s") % {"name": run.requested_by.get_username()} if run.requested_by else ""
    rules = [names[rule] for rule in run.changed_rules if rule in names]
    if not rules:
        return _("the checker is new")
    return _("these rules changed: %(rules)s") % {"rules": ", ".join(rules[:5]) + (" …" if len(rules) > 5 else "")}
