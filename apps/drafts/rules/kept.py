"""Lists that people keep in the admin and every process reads: whether one has changed, and whom a row concerns."""

from django.db.models import Count, Max, Model, Sum
from django.db.models.functions import Extract

from apps.core import languages, markets
from apps.drafts.registry import CheckContext


def state_of(model: type[Model]) -> tuple:
    """Differs from before after every change of a TimeStamped table; one query.

    The sum sees an edit that was committed late, behind a newer one; the maximum alone would not.
    """
    return tuple(
        model.objects.aggregate(
            n=Count("id"), last=Max("updated_at"), total=Sum(Extract("updated_at", "epoch")), ids=Sum("id")
        ).values()
    )


def concerns(context: CheckContext, *, language: str = "", market: str = "", category: str = "") -> bool:
    """Whether a row with this scope counts for a text; what is empty counts everywhere.

    A row for `en` counts in `en-GB` too, one for `EU` in every member state.
    """
    return (
        (not language or languages.is_within(context.language, language))
        and (not market or any(markets.is_in(each, (market,)) for each in context.markets))
        and (not category or category.casefold() == context.category.casefold())
    )
