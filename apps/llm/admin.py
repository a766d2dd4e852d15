from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from apps.core.lists import ReadOnlyAdmin
from apps.llm.models import ModelVersion, Prompt

TASKS = {"generate": _("writes copy and answers"), "score": _("scores sentiment")}


@admin.register(ModelVersion)
class ModelVersionAdmin(ReadOnlyAdmin):
    list_display = ["name", "revision", "shown_task", "shown_languages", "is_bundled", "is_active", "created_at"]
    list_filter = ["is_active", "is_bundled"]
    search_fields = ["name", "source"]
    fields = [
        "name", "source", "revision", "adapter", "shown_task", "style", "dtype", "shown_languages", "is_bundled", "is_active",
        "parent", "metrics", "card", "fingerprint", "created_at",
    ]  # fmt: skip

    @admin.display(description=_("task"), ordering="task")
    def shown_task(self, version: ModelVersion) -> str:
        return TASKS.get(version.task, version.task)

    @admin.display(description=_("languages"))
    def shown_languages(self, version: ModelVersion) -> str:
        return ", ".join(version.languages)


@admin.register(Prompt)
class PromptAdmin(ReadOnlyAdmin):
    list_display = ["hash", "task", "language", "created_at"]
    list_filter = ["task", "language"]
    search_fields = ["hash__startswith"]
