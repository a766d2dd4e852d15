"""Things that some variants have and others lack: a stand, a second pocket, a scent."""

from apps.drafts.evidence.choices import YES_OR_NO, choice_facts, is_offered, places_of, some_variants
from apps.drafts.evidence.claims import Collected, Link, Unsupported
from apps.drafts.evidence.facts import ReadFact
from apps.drafts.evidence.reading import Reading
from apps.drafts.models import Severity


class VariantReader:
    """Finds what the text says of the whole product and only some variants have."""

    def __init__(self, reading: Reading):
        self.reading = reading

    def read(self, into: Collected) -> None:
        for fact in choice_facts(self.reading.base):
            if all(choice.casefold().strip() in YES_OR_NO for choice in fact.choices):
                self._judge(self.reading.find_value(fact.view.name), fact, into)
            else:
                for choice in fact.choices:
                    if _is_telling(choice):
                        self._judge(places_of(self.reading, choice), fact, into)

    def _judge(self, places, fact: ReadFact, into: Collected) -> None:
        for start, end in places:
            if self._is_said_elsewhere(start, end, fact):
                continue
            if is_offered(self.reading, start, end, fact) or self.reading.is_denied(start, end):
                into.links.append(Link(start, end, fact.index, 0, len(fact.view.text), "variant"))
                continue
            words = some_variants(self.reading.text[start:end], fact)
            into.unsupported.append(Unsupported(start, end, "variant", words, Severity.BLOCK))

    def _is_said_elsewhere(self, start: int, end: int, fact: ReadFact) -> bool:
        """Whether a fact of the whole product says the same words, its title for one."""
        written = self.reading.text[start:end].casefold()
        return any(
            written in other.view.text.casefold() or written in other.view.name.casefold()
            for other in self.reading.base.facts
            if not other.choices
        )


def _is_telling(choice: str) -> bool:
    """Numbers are judged as numbers; “S” and “M” stand for many things."""
    return len(choice) > 1 and choice.casefold() not in YES_OR_NO and not any(char.isdigit() for char in choice)
