"""Substances that no dictionary knows, found by the words that claim them: 含X, 拌入X, X提取物."""

import re

from django.utils.translation import gettext_noop as _

from apps.core.wording import Wording
from apps.drafts.evidence.claims import Collected, Unsupported
from apps.drafts.evidence.reading import Reading
from apps.drafts.models import Severity

_HAN = r"[\u3400-\u9fff]"
_BEFORE = re.compile(
    rf"(?:含有|添加了|加入了?|混入|拌入|拌了|掺入|富含|蕴含|配料里还?有|"
    rf"(?<![不未没免包])含)(?:一点|少许|真实的?|天然的?|丰富的?|多种|珍贵的?|"
    rf"少量)*({_HAN}{{2,4}})"
)
_BEHIND = re.compile(rf"({_HAN}{{2,4}}?)(?:提取物|提取液|精华(?!液瓶)|萃取液|精油|配方)")
_DENIED = re.compile(r"(?:不|未|无|没|零|免)[^，。]{0,4}\Z")
# Words that stand there and name no substance.
_IDLE = re.compile(
    r"[一二两三四五六七八九十]|量|税|运|有|在|义|糊|蓄|苞|金量|盖|氧|水量|独家|专业|温和|经典|简单|升级|特别|独特|植物|"
    r"天然|原装|基础|这|那|它|我|你"
)


class SubstanceReader:
    """Reads Chinese claims of substances, word by word: two characters of the name have to stand in a fact."""

    def __init__(self, reading: Reading):
        self.reading = reading

    def read(self, into: Collected) -> None:
        text = self.reading.text
        if text.isascii():
            return
        known = {place for each in self.reading.named for place in range(each.start, each.end)}
        for pattern in (_BEFORE, _BEHIND):
            for match in pattern.finditer(text):
                name = match[1]
                if _IDLE.search(name) or _DENIED.search(text[max(0, match.start() - 6) : match.start()]):
                    continue
                if known & set(range(match.start(1), match.end(1))) or self._is_stated(name):
                    continue
                words = Wording(_("No confirmed fact names the ingredient “%(words)s”."), words=name)
                into.unsupported.append(Unsupported(*match.span(1), "ingredient", words, Severity.BLOCK))

    def _is_stated(self, name: str) -> bool:
        pairs = [name[place : place + 2] for place in range(len(name) - 1)]
        return any(pair in self.reading.base.pairs for pair in pairs)
