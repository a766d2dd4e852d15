"""Unfold's settings: title, colours, our stylesheet and the sidebar."""

from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

UNFOLD = {
    "SITE_TITLE": "ShopAI",
    "SITE_HEADER": "ShopAI",
    "SITE_SYMBOL": "storefront",
    "SITE_URL": None,
    "SHOW_LANGUAGES": True,
    "SHOW_BACK_BUTTON": True,
    "STYLES": [lambda request: static("shopai/shopai.css")],
    "SCRIPTS": [],
    "SIDEBAR": {"show_search": False, "show_all_applications": False, "navigation": []},
    "LOGIN": {"redirect_after": None},
}

TITLE = _("ShopAI")
