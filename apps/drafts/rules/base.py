"""What a quality rule is."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from apps.core.wording import Wording
from apps.drafts.models import Severity
from apps.drafts.registry import CheckContext


class Span(NamedTuple):
    """A place in the text, in code points, and what is wrong there. `severity`, `may_except` None: the rule's own.

    A Wording reaches every reader in the reader's language, a plain `str` all of them as it is.
    """

    start: int
    end: int
    message: Wording | str
    severity: int | None = None
    may_except: bool | None = None


class Rule:
    """Looks at one text and yields what is wrong with it; exact, in linear time, with no side effects.

    `find` may raise: the checker then blocks the text, since what could not be checked may not be published.
    """

    id: str
    name = ""
    explanation = ""
    severity: int = Severity.BLOCK
    # Changes whenever the same text may be judged otherwise because of a list that people keep.
    pack_key: str = ""
    # Whether a person with the right may accept a finding of it with a reason; never for numbers, certificates, health, law.
    may_except: bool = True
    # Whether managers may switch it by market, language and category.
    is_switchable: bool = False

    def is_on(self, *, language: str, market: str) -> bool:
        """Whether it counts where no manager has switched it; `market` is empty where none is known."""
        return True

    def loaded(self) -> "Rule":
        """The rule to use for one run of the checker: itself, or a copy that holds the lists as they are now."""
        return self

    def prepared(self, items: Sequence[tuple[str, CheckContext]]) -> "Rule":
        """The rule to use for these texts: itself, or a copy that has looked up in one go what all of them need."""
        return self

    def find(self, text: str, context: CheckContext) -> Iterable[Span]:
        raise NotImplementedError
