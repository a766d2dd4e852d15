"""What a quality rule is."""

from collections.abc import Iterable
from typing import NamedTuple

from apps.core.wording import Wording
from apps.drafts.models import Severity
from apps.drafts.registry import CheckContext


class Span(NamedTuple):
    """A place in the text, in code points, and what is wrong there. `severity` None: the rule's own.

    A Wording reaches every reader in the reader's language, a plain `str` all of them as it is.
    """

    start: int
    end: int
    message: Wording | str
    severity: int | None = None


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

    def loaded(self) -> "Rule":
        """The rule to use for one run of the checker: itself, or a copy that holds the lists as they are now."""
        return self

    def find(self, text: str, context: CheckContext) -> Iterable[Span]:
        raise NotImplementedError
