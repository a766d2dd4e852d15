"""“Monitors of any size”, “whatever your wall is made of”, 通吃: all of a kind, where no fact says all."""

import re

from django.utils.translation import gettext_noop as _

from apps.core.wording import Wording
from apps.drafts.evidence.claims import Collected, Unsupported
from apps.drafts.evidence.reading import Reading
from apps.drafts.models import Severity

_KINDS = r"(?:size|type|kind|make|brand|model|height|width|shape|sort|thickness|material|surface)s?"
_ALL = re.compile(
    rf"\b(?i:of (?:any|every|all) {_KINDS}\b|(?:any|every|all) {_KINDS} of [a-z]+\b"
    r"|(?:whatever|no matter what|regardless of what) (?:your|the) [a-z]+(?= (?:is|are|you|has|have)\b)"
    r"|at whatever (?:heat|temperature|setting|speed)\b|works with (?:anything|everything)\b)"
    r"|\b(?i:any other) (?:[A-Z]\w+ )?[a-z]+\b"
)
_CHINESE_ALL = re.compile(
    r"通吃|来者不拒|全(?:适配|兼容|通用)|(?:任何|所有|一切)[^，。！？\n]{1,8}(?:都能|都可|均可|通用|都行|都适用|都合适)|"
    r"不(?:限|挑|分)(?:品牌|型号|尺寸|机型|材质|灶具|肤质|年龄|车型|墙面)"
)
_SAID = re.compile(r"\b(?:any|every|all|universal|each)\b|所有|任何|全部|各种|各类|通用|不限|一切|每", re.IGNORECASE)
# “Any other questions”, “like any other day”: no other goods.
_IDLE = re.compile(r"any other (?:day|way|time|question|morning|evening|night|name|thing|one|reason)", re.IGNORECASE)


class UniversalReader:
    """Finds claims about all of a kind; a fact that says “all”, “any” or 通用 supports them."""

    def __init__(self, reading: Reading):
        self.reading = reading

    def read(self, into: Collected) -> None:
        if any(_SAID.search(f"{fact.view.name} {fact.view.text}") for fact in self.reading.base.facts):
            return
        for pattern in (_ALL, _CHINESE_ALL):
            for match in pattern.finditer(self.reading.text):
                if _IDLE.match(match[0]) or self.reading.is_denied(match.start(), match.end()):
                    continue
                message = Wording(_("No confirmed fact says that it fits “%(words)s”."), words=match[0][:100])
                into.unsupported.append(
                    Unsupported(match.start(), match.end(), "compatibility", message, Severity.BLOCK)
                )
