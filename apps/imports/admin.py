"""The list of uploads; their pages are in views.py."""

from django.contrib import admin
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from apps.core.lists import ReadOnlyAdmin
from apps.imports.models import Import

_COLOURS = {"done": "success", "running": "info", "staging": "info", "staged": "warning", "refused": "danger"}


@admin.register(Import)
class ImportAdmin(ReadOnlyAdmin):
    list_display = ["shown_name", "shown_state", "dialect", "rows", "rejected", "uploaded_by", "created_at"]
    list_display_links = None
    list_filter = ["state"]
    list_select_related = ["uploaded_by"]
    ordering = ["-id"]
    list_before_template = "imports/list_tools.html"
    empty_hint = _("A file that you upload is listed here, with what became of every row.")

    class Media:
        css = {"all": ["shopai/jobs.css"]}

    def has_add_permission(self, request) -> bool:
        return request.user.has_perm("imports.add_import")

    def add_view(self, request, form_url="", extra_context=None):
        return redirect("upload-choose")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not str(object_id).isdecimal():
            return redirect("admin:imports_import_changelist")
        return redirect("upload", object_id)

    @admin.display(description=_("file"))
    def shown_name(self, upload: Import):
        return format_html('<a href="{}">{}</a>', reverse("upload", args=[upload.pk]), upload.original_name)

    @display(description=_("state"), label=_COLOURS)
    def shown_state(self, upload: Import):
        return upload.state, upload.get_state_display()

    @admin.display(description=_("rows"))
    def rows(self, upload: Import) -> int:
        return upload.counts.get("rows", 0)

    @admin.display(description=_("rows rejected"))
    def rejected(self, upload: Import) -> int:
        return upload.counts.get("rejected", 0)
