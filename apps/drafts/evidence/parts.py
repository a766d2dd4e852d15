"""What part a material is said of: the sole of “a leather sole”, the jar of “jar of aluminium”, and of which its fact says it."""

import re

from apps.drafts.evidence.facts import ReadFact, stem
from apps.drafts.evidence.lexicon import Concept, Mention
from apps.drafts.evidence.reading import Reading
from apps.drafts.evidence.subjects import SubjectJudge, is_part
from apps.drafts.evidence.words import STOP, lemma, words_of

_OWNER = re.compile(
    r"\b(?P<owner>[a-z]{3,})(?: ?:|,? (?:is|are|of|in|from)|,? (?:is |are )?(?:made|turned|cut|spun|woven|carved|cast|milled|sewn|"
    r"knitted|built|crafted|formed|moulded|pressed)(?: \w+)? (?:from|of|in|with|out of)) "
    r"(?:(?:a|an|the|solid|pure|fine|real|genuine|\w+ed) ){0,2}\Z",
    re.IGNORECASE,
)
_LINED = re.compile(r"\blined (?:with|in)(?: \w+)? \Z", re.IGNORECASE)


class PartJudge:
    def __init__(self, reading: Reading):
        self.reading = reading
        self.base = reading.base
        self.subjects = SubjectJudge(reading)

    def is_of_another(self, mention: Mention, supports: list[ReadFact]) -> bool:
        """Whether the text says the material of a part or thing that another fact is about, and no support is."""
        owner = self._owner(mention)
        parts = (
            {each.concept for each in self.base.cue_lexicon.find(words_of(owner)) if is_part(each)} if owner else set()
        )
        if not owner and not self.reading.text.isascii():
            parts = self._part_beside(mention)
        if parts:
            parts = {wider for each in parts for wider in self.base.cue_lexicon.broader[each]}
            known = [self.subjects.parts_of(fact) for fact in supports]
            if any(parts & each for each in known):
                return False
            return all(known) or self._has_its_own(parts, supports)
        return bool(owner) and self._is_name_of_another(owner, supports)

    def _has_its_own(self, parts: set[Concept], supports: list[ReadFact]) -> bool:
        """Whether another fact says what this very part is made of."""
        return any(
            any(is_part(each) and each.concept in parts for each in self.base.cue_lexicon.find(fact.name_words))
            and any(stated.concept.kind == "material" for stated in fact.stated)
            for fact in self.base.facts
            if fact not in supports and fact.view.role == "attribute"
        )

    def _owner(self, mention: Mention) -> str:
        """The English word whose material it is: behind it, or in front where the grammar says so."""
        rows = self.reading.words.words
        behind = rows[mention.last].lemma if mention.last < len(rows) else STOP
        if behind.isalpha() and behind.isascii():
            return behind
        before = self.reading.text[max(0, mention.start - 48) : mention.start]
        if _LINED.search(before):
            return "lining"
        match = _OWNER.search(before)
        return lemma(match["owner"].casefold()) if match else ""

    def _part_beside(self, mention: Mention) -> set[Concept]:
        return {
            each.concept for each in self.reading.cues
            if is_part(each) and mention.first in (each.last, each.last + 1) or is_part(each) and each.first == mention.last
        }  # fmt: skip

    def _is_name_of_another(self, owner: str, supports: list[ReadFact]) -> bool:
        word = stem(owner)
        if len(owner) < 3 or word in self.base.title_stems or any(word in fact.stems for fact in supports):
            return False
        return any(word in fact.name_stems for fact in self.base.facts if fact.view.role == "attribute")
