"""What long lists in the admin share: rows that nobody edits by hand, and counts that stay cheap."""

from datetime import datetime, time, timedelta

from django.contrib.admin import ShowFacets
from django.core.paginator import Paginator
from django.db import connection
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import DropdownFilter, RangeDateFilter
from unfold.utils import parse_date_str
from unfold.views import ChangeList


class CappedPaginator(Paginator):
    """Counts no further than MOST rows: counting a million for page numbers takes longer than showing a page.

    Pages behind the cap can't be reached; a filter or the search leads there.
    """

    MOST = 10_000
    template_name = "admin/pagination_capped.html"

    @cached_property
    def _counted(self) -> int:
        return self.object_list.order_by()[: self.MOST + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self._counted, self.MOST)

    @property
    def is_capped(self) -> bool:
        return self._counted > self.MOST


class CappedChangeList(ChangeList):
    """Offers "show all" only where a filter or a search hides something, and says no number that is only the cap."""

    def get_results(self, request):
        super().get_results(request)
        if self.paginator.is_capped or not (self.has_active_filters or self.query):
            self.full_result_count = self.result_count


class ReadOnlyAdmin(ModelAdmin):
    """Rows that the system writes: a person may look, with the view permission, and no more.

    Lists are ordered by an index and by nothing else, so that no click on a column sorts a million rows.
    """

    paginator = CappedPaginator
    show_full_result_count = False
    list_filter_submit = True
    list_per_page = 50
    sortable_by = ()
    # Neither counts beside the filters nor all rows on one page: both read the whole table.
    show_facets = ShowFacets.NEVER
    list_max_show_all = 0

    def get_changelist(self, request, **kwargs):
        return CappedChangeList

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


class ExactFilter(DropdownFilter):
    """A dropdown for `field = value`; its name in the address is `parameter_name`. Subclasses give `lookups`."""

    column = ""

    def choices(self, changelist):
        for choice in super().choices(changelist):
            # Unfold's "By …" makes sense for some titles and in some languages only.
            choice["form"].fields[self.parameter_name].label = capfirst(self.title)
            yield choice

    def queryset(self, request, queryset):
        value = self.value()
        return queryset.filter(**{self.column or self.parameter_name: value}) if value else queryset


class DayRangeFilter(RangeDateFilter):
    """From one day to another, both whole, in the time zone of the reader."""

    def queryset(self, request, queryset):
        bounds = {"from": ("gte", 0), "to": ("lt", 1)}
        for name, (lookup, days) in bounds.items():
            day = parse_date_str(self.used_parameters.get(f"{self.parameter_name}_{name}") or "")
            if day:
                moment = timezone.make_aware(datetime.combine(day, time.min)) + timedelta(days=days)
                queryset = queryset.filter(**{f"{self.parameter_name}__{lookup}": moment})
        return queryset


def distinct_values(model, column: str, *, condition: str = "TRUE", limit: int = 200) -> list[str]:
    """The different values of an indexed column, in order; one step of the index per value, not per row.

    `condition` is SQL of this code base (never of a request) that makes a partial index usable.
    """
    table, name = model._meta.db_table, model._meta.get_field(column).column
    step = f"SELECT {name} FROM {table} WHERE {condition}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH RECURSIVE found AS (
                ({step} ORDER BY {name} LIMIT 1)
                UNION ALL
                SELECT ({step} AND {name} > found.{name} ORDER BY {name} LIMIT 1) FROM found
                WHERE found.{name} IS NOT NULL)
            SELECT {name} FROM found WHERE {name} IS NOT NULL LIMIT %s
            """,
            [limit],
        )
        return [row[0] for row in cursor.fetchall()]
