"""The home page: what waits for me first, then the week, then the model and its queue."""

from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from urllib.parse import urlencode

import redis
from django.core.cache import cache
from django.db.models import Count, Min, Q
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.core import languages as tags
from apps.drafts.models import Decision, Draft
from apps.drafts.services.sheets import reviewer_languages
from apps.drafts.states import TO_READ, Status
from apps.imports.models import Import
from apps.llm.services import model_card
from apps.products.models import Product
from apps.work import liveness
from apps.work.models import Job, WorkItem

CACHE_SECONDS = 10
# A longer gap between two decisions was a pause, not a decision.
LONGEST_DECISION = 300
MAX_GAPS = 2000


@dataclass(frozen=True)
class Waiting:
    """One line of what waits: a number, what it is, since when, and where it is dealt with."""

    count: int
    label: str
    url: str
    since: object = None
    is_urgent: bool = False


def link(name: str, *args, **query) -> str:
    """The address of a page, or "" where this installation has none."""
    try:
        url = reverse(name, args=args)
    except NoReverseMatch:
        return ""
    return f"{url}?{urlencode(query)}" if query else url


def dashboard(request, context: dict) -> dict:
    """Unfold's DASHBOARD_CALLBACK."""
    user = request.user
    context["title"] = _("Home")
    may = user.has_perm
    context["waiting"] = waiting_for(user) if may("drafts.view_draft") else []
    context["week"] = remembered("home-week", week) if may("drafts.view_decision") else None
    context["engine"] = remembered(f"home-engine-{get_language()}", engine)
    context["is_writing"] = bool(context["engine"]["waiting"] or context["engine"]["running"])
    context["is_empty"] = not Product.objects.exists()
    context["may_upload"] = may("imports.add_import")
    return context


def remembered(key: str, count):
    """`count()`, at most every CACHE_SECONDS; without a cache, counted each time."""
    try:
        return cache.get_or_set(key, count, CACHE_SECONDS)
    except redis.RedisError:
        return count()


def waiting_for(user) -> list[Waiting]:
    rows = [*_reviews(user), *_trouble()]
    if user.has_perm("imports.view_import"):
        rows += _uploads()
    return [row for row in rows if row.count]


def _reviews(user) -> list[Waiting]:
    mine = reviewer_languages(user)
    to_review = remembered("home-review", lambda: list(_by_language()))
    rows = _second_readings(user, mine)
    for language, count, oldest in to_review:
        if mine and language not in mine:
            continue
        label = _("texts to review in %(language)s") % {"language": tags.name(language)}
        rows.append(Waiting(count, label, link("desk:desk", language=language), oldest))
    outdated = Draft.objects.to_review().filter(status=Status.OUTDATED).in_languages(list(mine))
    rows.append(
        Waiting(
            outdated.count(), _("outdated texts in the shops to look at again"),
            link("desk:desk", status="outdated"), is_urgent=True,
        )
    )  # fmt: skip
    parked = Draft.objects.filter(status__in=TO_READ, parked_at__isnull=False)
    url = link("admin:drafts_draft_changelist", status__in=",".join(TO_READ), parked="yes")
    rows.append(Waiting(parked.count(), _("parked texts"), url))
    return rows


def _second_readings(user, languages) -> list[Waiting]:
    """What another person has approved and waits for this one; then what this one has and waits for another."""
    drafts = Draft.objects.to_review().filter(status=Status.SECOND_REVIEW).in_languages(list(languages))
    count = {
        "n": Count("id"),
        "own": Count("id", filter=Q(reviewed_by=user)),
        "oldest": Min("reviewed_at", filter=~Q(reviewed_by=user) | Q(reviewed_by=None)),
    }
    found = remembered(f"home-second-{user.pk}", lambda: drafts.order_by().aggregate(**count))
    desk = link("desk:desk", status="second_review")
    listed = link("admin:drafts_draft_changelist", status="second_review")
    return [
        Waiting(found["n"] - found["own"], _("texts that wait for you as the second reader"), desk, found["oldest"]),
        Waiting(found["own"], _("texts that you approved and another person has to read"), listed),
    ]


def _by_language():
    drafts = Draft.objects.to_review().filter(status=Status.IN_REVIEW).order_by()
    return drafts.values_list("language").annotate(n=Count("id"), oldest=Min("delivered_at"))


def _trouble() -> list[Waiting]:
    jobs = Job.objects.filter(state=Job.State.SAMPLING)
    ready = [job.pk for job in jobs if not WorkItem.objects.filter(job=job, state="open").exists()]
    url = link("admin:work_job_change", ready[0]) if len(ready) == 1 else link("admin:work_job_changelist")
    failed = Draft.objects.filter(status=Status.FAILED).count()
    return [
        Waiting(len(ready), _("samples to read before the rest is written"), url),
        Waiting(
            failed, _("texts that failed"), link("admin:drafts_draft_changelist", status__exact="failed"), None, True
        ),
    ]


def _uploads() -> list[Waiting]:
    staged = Import.objects.filter(state=Import.State.STAGED).count()
    recent = Import.objects.filter(state=Import.State.DONE, finished_at__gte=timezone.now() - timedelta(days=7))
    rejected = recent.filter(counts__rejected__gt=0).count()
    url = link("admin:imports_import_changelist")
    return [
        Waiting(staged, _("uploads to confirm"), url),
        Waiting(rejected, _("uploads with rejected rows this week"), url, None, True),
    ]


def week() -> dict:
    """Decisions of the last seven days: how many, how they went, and the median time of one."""
    since = timezone.now() - timedelta(days=7)
    decisions = Decision.objects.filter(at__gte=since)
    approved = Q(verb__in=["approve", "ask_second", "confirm_second"])
    counts = decisions.aggregate(
        untouched=Count("id", filter=approved & Q(changed_share=0)),
        edited=Count("id", filter=approved & Q(changed_share__gt=0)),
        rejected=Count("id", filter=Q(verb="reject")),
        taken_back=Count("id", filter=Q(verb__in=["take_back", "take_back_second"])),
    )
    counts["reviewed"] = counts["untouched"] + counts["edited"] + counts["rejected"]
    counts["seconds"] = _median_seconds(decisions.filter(is_bulk=False))
    for name in ("untouched", "edited", "rejected"):
        counts[f"{name}_share"] = round(100 * counts[name] / counts["reviewed"]) if counts["reviewed"] else 0
    return counts


def _median_seconds(decisions) -> int | None:
    """The median gap between two sheets that one reviewer decided; fields of one sheet are one decision."""
    last: dict[int, tuple] = {}
    gaps = []
    rows = decisions.order_by("-id").values_list("by", "at", "subject_id")[:MAX_GAPS]
    for user, at, subject in reversed(rows):
        if user in last and last[user][1] != subject:
            gaps.append((at - last[user][0]).total_seconds())
        if user not in last or last[user][1] != subject:
            last[user] = (at, subject)
    gaps = [gap for gap in gaps if gap <= LONGEST_DECISION]
    return round(median(gaps)) if gaps else None


def engine() -> dict:
    """The model in use, whether a worker has it, and what waits for it."""
    card = model_card()
    items = WorkItem.objects.filter(state="open").aggregate(
        waiting=Count("id", filter=Q(lease_token__isnull=True)),
        running=Count("id", filter=Q(lease_token__isnull=False)),
    )
    done = WorkItem.objects.filter(finished_at__gte=timezone.now() - timedelta(seconds=60), state="done").count()
    left = items["waiting"] + items["running"]
    state = {"name": card.get("name", ""), "is_bundled": card["is_bundled"], "per_minute": done, **items}
    state["minutes_left"] = max(1, round(left / done)) if done and left else None
    try:
        told, workers = liveness.models(), liveness.alive("model")
    except redis.RedisError:
        return state | {"problem": _("The broker (Redis) does not answer.")}
    if not workers:
        return state | {"problem": _("No model worker is running.")}
    reasons = [model["reason"] for model in told if model.get("reason")]
    return state | {"problem": reasons[0] if reasons else "", "workers": len(workers)}
