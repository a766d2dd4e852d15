from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _

from apps.products.images import shown_url

register = template.Library()


@register.simple_tag
def product_image(address: str, alt: str = "", size: str = "small"):
    """The picture of a product, or a neutral place where it may not be shown. `size`: small or large."""
    if url := shown_url(address):
        return format_html(
            '<img class="product-image is-{}" src="{}" alt="{}" loading="lazy" referrerpolicy="no-referrer">',
            size, url, alt,
        )  # fmt: skip
    reason = _("Pictures from this host are not shown.") if address.strip() else _("No picture")
    return format_html(
        '<span class="product-image is-{} is-missing" role="img" aria-label="{}" title="{}">'
        '<span class="material-symbols-outlined" aria-hidden="true">image</span></span>',
        size, reason, reason,
    )  # fmt: skip
