import json
from collections.abc import Iterator

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from apps.core import people  # noqa: F401  (registers them)
from apps.core.lists import ExactFilter, ReadOnlyAdmin, distinct_values
from apps.core.models import AuditEvent


def audit_word(code: str) -> str:
    """A verb or kind of the trail in the reader's language; shopai.other_messages lists them."""
    return pgettext("audit", code)


class KindFilter(ExactFilter):
    title = _("kind")
    parameter_name = "subject_kind"

    def lookups(self, request, model_admin):
        return [(kind, audit_word(kind)) for kind in distinct_values(AuditEvent, "subject_kind")]


class ActorFilter(ExactFilter):
    title = _("who")
    parameter_name = "actor"
    column = "actor_id"

    def lookups(self, request, model_admin):
        return staff_choices()

    def queryset(self, request, queryset):
        return super().queryset(request, queryset) if (self.value() or "0").isdecimal() else queryset.none()


def _in_short(data: dict) -> Iterator[tuple[str, str]]:
    """What fits in a cell: names and values, one level deep; the event's own page has the whole."""
    for name, value in data.items():
        if isinstance(value, dict):
            plain = {key: each for key, each in value.items() if not isinstance(each, dict | list)}
            value = ", ".join(f"{key} {each}" for key, each in plain.items() if each not in ("", None))
        elif isinstance(value, list):
            value = ", ".join(map(str, value))
        elif name == "sha256":
            value = f"{value[:12]}…"
        if value not in ("", None):
            yield name, str(value)


def staff_choices() -> list[tuple[str, str]]:
    """The people who can be asked for in a filter."""
    staff = get_user_model().objects.filter(is_staff=True).order_by("username")[:200]
    return [(str(user.pk), user.get_username()) for user in staff]


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "shown_actor", "shown_verb", "shown_kind", "subject_id", "shown_data"]
    list_display_links = ["at"]
    list_select_related = ["actor"]
    list_filter = [ActorFilter, KindFilter]
    ordering = ["-id"]
    fields = ["at", "shown_actor", "shown_verb", "shown_kind", "subject_id", "whole_data"]
    readonly_fields = fields

    @admin.display(description=_("who"))
    def shown_actor(self, event: AuditEvent) -> str:
        if event.actor_id is None:
            return _("the system")
        # The trail outlives its actors.
        return event.actor.get_username() if event.actor else f"#{event.actor_id}"

    @admin.display(description=_("what"))
    def shown_verb(self, event: AuditEvent) -> str:
        return audit_word(event.verb)

    @admin.display(description=_("kind"))
    def shown_kind(self, event: AuditEvent) -> str:
        return audit_word(event.subject_kind)

    @admin.display(description=_("details"))
    def shown_data(self, event: AuditEvent) -> str:
        text = "; ".join(f"{name}: {value}" for name, value in _in_short(event.data))
        return text if len(text) <= 120 else text[:119] + "…"

    @admin.display(description=_("details"))
    def whole_data(self, event: AuditEvent) -> str:
        return json.dumps(event.data, ensure_ascii=False, indent=1)
