"""Masking of personal data before it reaches a prompt, a log or an append-only table."""

import re

from stdnum import iban, luhn

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
CARD = re.compile(r"(?<!\d)(?:\d[ -]?){12,18}\d(?!\d)")
IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")
PHONE = re.compile(r"(?<![\w.])(?:\+\d{1,3}[ .-]?)(?:\(?\d{1,4}\)?[ .-]?){2,5}\d{2,4}(?!\w)|(?<!\d)1[3-9]\d{9}(?!\d)")


def mask_text(text: str) -> str:
    """Return `text` with e-mail addresses, card numbers, IBANs and phone numbers replaced by a name in brackets."""
    text = EMAIL.sub("[email]", text)
    text = IBAN.sub(lambda match: "[iban]" if iban.is_valid(match[0]) else match[0], text)
    text = CARD.sub(lambda match: "[card]" if luhn.is_valid(re.sub(r"\D", "", match[0])) else match[0], text)
    return PHONE.sub("[phone]", text)


def mask_json(value):
    """`mask_text` over every string of a JSON value."""
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, dict):
        return {key: mask_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [mask_json(item) for item in value]
    return value
