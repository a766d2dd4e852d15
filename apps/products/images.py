"""Which picture addresses a page may show. Catalogues hold any address; a browser that loads it tells its owner."""

from urllib.parse import urlsplit

from django.conf import settings


def shown_url(address: str) -> str:
    """The address where it is our own static file or https on a host of SHOPAI_IMAGE_HOSTS, else ""."""
    address = address.strip()
    if any(ord(letter) <= 32 or letter == "\\" for letter in address):
        return ""
    if not address.startswith("//") and address.startswith(settings.STATIC_URL):
        return "" if ".." in address else address
    try:
        parts = urlsplit(address)
        is_plain = parts.scheme == "https" and parts.port is None and not parts.username and not parts.password
        return address if is_plain and parts.hostname in settings.SHOPAI_IMAGE_HOSTS else ""
    except ValueError:
        return ""
