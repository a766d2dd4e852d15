"""Language tags: BCP 47, compared without case; `zh` means `zh-Hans`."""

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

_ENGLISH_NAMES = {
    "en": _("English"),
    "zh-Hans": _("Simplified Chinese"),
    "zh-Hant": _("Traditional Chinese"),
    "de": _("German"),
    "fr": _("French"),
    "es": _("Spanish"),
    "it": _("Italian"),
    "pt": _("Portuguese"),
    "nl": _("Dutch"),
    "pl": _("Polish"),
    "sv": _("Swedish"),
    "sr": _("Serbian"),
    "ru": _("Russian"),
    "ja": _("Japanese"),
    "ko": _("Korean"),
}
NAMES = {tag: gettext_lazy(name) for tag, name in _ENGLISH_NAMES.items()}
_ALIASES = {"zh": "zh-Hans", "zh-cn": "zh-Hans", "zh-sg": "zh-Hans", "zh-tw": "zh-Hant", "zh-hk": "zh-Hant"}


def normalize(tag: str) -> str:
    """`ZH-hans` -> `zh-Hans`, `zh` -> `zh-Hans`, `pt-br` -> `pt-BR`. Raises ValueError on what is no language tag."""
    parts = tag.strip().replace("_", "-").split("-")
    if not (parts[0].isalpha() and parts[0].isascii() and 2 <= len(parts[0]) <= 3):
        raise ValueError(f"{tag!r} is not a language tag such as en or zh-Hans")
    if not all(part.isalnum() and part.isascii() and len(part) <= 8 for part in parts[1:]):
        raise ValueError(f"{tag!r} is not a language tag such as en or zh-Hans")
    if alias := _ALIASES.get("-".join(parts).lower()):
        return alias
    shaped = [parts[0].lower()]
    for part in parts[1:]:
        shaped.append(part.title() if len(part) == 4 else part.upper() if len(part) == 2 else part.lower())
    return "-".join(shaped)


def same(left: str, right: str) -> bool:
    """Whether two tags name the same language."""
    return normalize(left) == normalize(right)


def english_name(tag: str) -> str:
    """The name as the catalogue of translations knows it."""
    return _ENGLISH_NAMES.get(normalize(tag), tag)


def name(tag: str) -> str:
    return str(NAMES.get(normalize(tag), tag))


def is_within(tag: str, wider: str) -> bool:
    """Whether `tag` is `wider` or a kind of it: `en-GB` is within `en`; nothing but itself is within what is no tag."""
    try:
        tag, wider = normalize(tag), normalize(wider)
    except ValueError:
        return tag == wider
    return tag == wider or tag.startswith(wider + "-")


def primary(tag: str) -> str:
    """The language of a tag without its script and region: `zh` of `zh-Hans`. Any string is taken."""
    return tag.lower().replace("_", "-").split("-")[0]
