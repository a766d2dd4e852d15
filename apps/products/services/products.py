"""What people decide about a whole product."""

from django.db import transaction

from apps.core.services import record_event
from apps.drafts.services.errors import not_allowed
from apps.products.models import Product


@transaction.atomic
def leave_alone(*, user, product_ids: list[int], is_on: bool) -> int:
    """Set or clear the mark that keeps the model away from these products; returns how many changed."""
    if not user.has_perm("products.change_product"):
        raise not_allowed()
    changed = list(
        Product.objects.select_for_update()
        .filter(pk__in=product_ids)
        .exclude(leave_alone=is_on)
        .values_list("pk", flat=True)
    )
    Product.objects.filter(pk__in=changed).update(leave_alone=is_on)
    for product_id in changed:
        record_event(
            user=user, verb="leave_alone" if is_on else "no_longer_leave_alone", kind="product", subject_id=product_id
        )
    return len(changed)
