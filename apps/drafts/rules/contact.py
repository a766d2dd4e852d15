"""Ways to reach somebody outside the shop: addresses, numbers, links, names in messengers."""

import re

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

from apps.core.privacy import PHONE
from apps.core.wording import Wording
from apps.drafts.models import Severity
from apps.drafts.rules.base import Span
from apps.drafts.rules.house import HouseRule
from apps.drafts.rules.matching import comparable

# Every pattern begins where a word begins and repeats a bounded number of times, so that the time stays linear.
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_LINK = re.compile(
    r"(?<![\w@.-])(?:https?://|www\.)[^\s<>\"'，。；、）)]{2,200}"
    r"|(?<![\w@.-])(?:[a-z0-9-]{1,63}\.){1,3}(?:com|net|org|cn|shop|store|io|info|biz|top|xyz|vip|cc|me|ly|co\.uk|de|fr|eu)"
    r"(?![\w-])(?:/[^\s<>\"'，。；、）)]{0,200})?",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?<!\w)(?:tel|phone|call(?: us)?(?: (?:at|on))?|hotline|text(?: us)?|fax)\b[.:：\s]{0,3}(\(?\d[\d\s().-]{5,18}\d)"
    r"|(?:电话|热线|手机号?|致电|客服|拨打|来电|座机|传真)[号码为是]{0,2}[:：\s]{0,3}(\(?\d[\d\s()（）-]{5,18}\d)"
    r"|(?<![\w-])([48]00[- ]\d{3,4}[- ]\d{3,4})(?![\w-])|(?<!\w)(\(\d{3}\) ?\d{3}-\d{4})(?!\w)"
    r"|(?<![\d-])(0\d{2,3}-\d{7,8})(?![\d-])",
    re.IGNORECASE,
)
_MESSENGER = re.compile(
    r"(?:微信|威信|薇信|v信|wechat|weixin|wx|vx|qq|扣扣|企鹅号|whatsapp|telegram|line id|skype|signal)"
    r"(?:公众号|群|号码?|id|me| us)?[\s:：是为@]{0,4}([a-z][\w-]{4,24}|\d{5,12})(?!\w)",
    re.IGNORECASE,
)
_INVITATION = re.compile(
    r"(?:加|添加|关注|扫码加|咨询)(?:我|我们|客服|店主|老板)?(?:的)?(?:微信|v信|vx|qq群?|扣扣|公众号)"
    r"|(?:dm|message|whatsapp|e-?mail|text) us\b|私信我|私聊|扫码进群|加群|进群领",
    re.IGNORECASE,
)
# Of a match that has groups, the group that matched is the number or the name.
_PATTERNS = [
    (_EMAIL, _("an e-mail address")),
    (_LINK, _("a link")),
    (PHONE, _("a phone number")),
    (_NUMBER, _("a phone number")),
    (_MESSENGER, _("a name in a messenger")),
    (_INVITATION, _("an invitation to leave the shop")),
]
_HINT = re.compile(r"[@+]|\d{3}|\w\.\w|[:/]|微|v信|v[xX]|wx|qq|QQ|扣|群|私|公众号|us\b", re.IGNORECASE)


class ContactData(HouseRule):
    id = "contact"
    name = gettext_lazy("Contact data and links")
    explanation = gettext_lazy("No e-mail address, phone number, link or messenger name; platforms forbid them.")
    severity = Severity.BLOCK

    def find(self, text, context):
        if not _HINT.search(text):
            return
        reached = 0
        for start, end, what in sorted(self._places(text)):
            piece = text[start:end]
            if start >= reached and not self._is_known(piece, context):
                reached = end
                words = Wording(_("“%(piece)s” is %(what)s. Leave it out."), piece=piece[:60], what=Wording(what))
                yield Span(start, end, words)

    def _places(self, text):
        for pattern, what in _PATTERNS:
            for match in pattern.finditer(text):
                start, end = match.span(match.lastindex) if match.lastindex and pattern is _NUMBER else match.span()
                yield start, end, what

    def _is_known(self, piece: str, context) -> bool:
        """A brand such as “Coffee.com”, a part number that looks like a telephone's."""
        words = comparable(piece)[0]
        return any(words in comparable(fact.text)[0] for fact in context.facts if len(fact.text) < 200)
