"""Sentences that are stored once and read in every language of the UI."""

from django.utils.translation import gettext


class Wording:
    """A message of the catalogue (marked with gettext_noop) and its values; `str()` says it in the reader's language.

    A value that is itself to be translated is a Wording too.
    """

    __slots__ = ("message", "values")

    def __init__(self, message: str, **values: "str | int | Wording"):
        self.message = message
        self.values = values

    def __str__(self) -> str:
        text = gettext(self.message)
        if not self.values:
            return text
        return text % {name: str(v) if isinstance(v, Wording) else v for name, v in self.values.items()}

    def to_json(self) -> dict:
        values = {name: v.to_json() if isinstance(v, Wording) else v for name, v in self.values.items()}
        return {"message": self.message, "values": values} if values else {"message": self.message}

    @classmethod
    def from_json(cls, stored: dict) -> "Wording":
        """The reverse of `to_json`. Raises KeyError or TypeError on anything else."""
        values = stored.get("values", {})
        return cls(
            stored["message"], **{name: cls.from_json(v) if isinstance(v, dict) else v for name, v in values.items()}
        )


def reworded(stored: dict, otherwise: str) -> str:
    """A stored Wording in the reader's language; `otherwise` where there is none or the catalogue has moved on."""
    try:
        return str(Wording.from_json(stored))
    except (KeyError, TypeError, ValueError):
        return otherwise
