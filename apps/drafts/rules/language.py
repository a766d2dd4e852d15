"""Whether a text is in the language it was asked for: by script, then by the small words that only one language has."""

import re
from collections import Counter
from functools import lru_cache

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

from apps.core import languages
from apps.core.wording import Wording
from apps.drafts.models import Severity
from apps.drafts.rules.base import Rule, Span

_SCRIPTS = {
    "latin": "A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ",
    "han": "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff",
    "kana": "\u3041-\u309f\u30a1-\u30fa\u30fd-\u30ff",
    "hangul": "\u1100-\u11ff\uac00-\ud7af",
    "cyrillic": "\u0400-\u052f",
    "greek": "\u0370-\u03ff",
    "arabic": "\u0600-\u06ff\u0750-\u077f",
    "hebrew": "\u0590-\u05ff",
    "thai": "\u0e00-\u0e7f",
    "indic": "\u0900-\u0dff",
}
RUN = re.compile("|".join(f"(?P<{name}>[{chars}]+)" for name, chars in _SCRIPTS.items()))
# One character of these says about as much as three Latin letters.
_DENSE_WEIGHT = {"han": 3, "hangul": 2, "kana": 2}
_OWN_SCRIPTS = {
    "zh": {"han"}, "ja": {"han", "kana"}, "ko": {"hangul"}, "ru": {"cyrillic"}, "uk": {"cyrillic"}, "bg": {"cyrillic"},
    "sr": {"cyrillic", "latin"}, "mk": {"cyrillic"}, "el": {"greek"}, "ar": {"arabic"}, "fa": {"arabic"},
    "he": {"hebrew"}, "th": {"thai"}, "hi": {"indic"}, "ta": {"indic"}, "bn": {"indic"},
}  # fmt: skip

# Frequent words; one that two languages share counts for both and so decides nothing.
_SMALL_WORDS = {
    "en": "the and of to in is it for with on that this your you are from as at be by or an our its has have was will "
    "not but all can more into which when while without their each these keep keeps made any",
    "de": "der die das und ist mit für auf den von dem ein eine nicht im zu sich auch wird sie einen einer sind bei "
    "aus oder werden kann durch nach wie zum zur ihre ihr diese dieser über",
    "fr": "le la les et est de des du un une pour avec dans sur que qui ce cette vous votre au aux en par plus pas "
    "sont être ou leur ses nous sans très",
    "es": "el la los las y es de del un una para con en que por su sus se lo más al como este esta no sin son muy "
    "cada sobre desde",
    "it": "il la le gli e di del della un una per con in che si è sono al alla da dal nel nella più come questo "
    "questa non anche ogni dei delle",
    "pt": "o a os as e é de do da um uma para com em que por seu sua se no na mais ao como este esta não são dos das "
    "você muito cada",
    "nl": "de het een en is van voor met op te dat die niet zijn aan ook om bij uit of je deze door naar wordt kan "
    "heeft maar",
    "pl": "i w z na do jest się to nie że dla oraz po od jak przez są który która ten ta przy może bez",
    "sv": "och att det är en ett för med på av som den till inte har om kan din du från eller men vid ditt",
}
_OWNERS: dict[str, list[str]] = {}
for _language, _words in _SMALL_WORDS.items():
    for _word in _words.split():
        _OWNERS.setdefault(_word, []).append(_language)

# Characters of which only one form is used in mainland China and the other in Taiwan and Hong Kong, in pairs.
_PAIRS = (
    "们們这這个個来來时時为為国國会會说說对對过過还還后後发發见見开開样樣现現实實长長门門问問间間动動机機电電车車东東"
    "马馬鱼魚鸟鳥书書学學气氣无無点點热熱爱愛让讓请請话話语語读讀认認设設计計记記许許该該详詳调調质質购購费費买買卖賣"
    "红紅绿綠蓝藍纯純细細织織绒絨线線给給结結级級经經统統续續缝縫紧緊轻輕转轉软軟载載边邊运運进進远遠连連适適选選达達"
    "钢鋼铁鐵铜銅铝鋁银銀锅鍋锁鎖镜鏡钟鐘键鍵错錯显顯题題颜顏风風飞飛饭飯饮飲饰飾馆館驱驅验驗关關兴興养養写寫军軍农農"
    "凉涼减減几幾凤鳳凭憑击擊创創别別办辦务務劳勞势勢区區医醫华華单單卫衛压壓厅廳历歷厚厚双雙变變号號台臺叶葉听聽启啟员員"
    "响響团團园園图圖圆圓场場块塊坚堅坏壞声聲处處备備复復头頭夹夾奖獎妆妝妈媽孙孫宁寧宝寶宽寬层層岁歲币幣带帶帮幫干乾"
    "广廣庆慶应應张張弹彈归歸录錄总總恒恆恶惡态態户戶护護报報担擔择擇据據挡擋换換"
)
_SIMPLIFIED = frozenset(_PAIRS[0::2]) - frozenset(_PAIRS[1::2]) - frozenset("后干台几")
_TRADITIONAL = frozenset(_PAIRS[1::2]) - frozenset(_PAIRS[0::2])


class WrongLanguage(Rule):
    id = "language"
    name = gettext_lazy("Wrong language")
    explanation = gettext_lazy("The text is written in the language that was asked for; names may stay as they are.")

    FEWEST_LETTERS = 4
    FOREIGN_SHARE = 0.2
    LATIN_SHARE_IN_DENSE = 0.7
    FEWEST_SMALL_WORDS = 3

    def find(self, text, context):
        language = languages.primary(context.language)
        own = _OWN_SCRIPTS.get(language, {"latin"})
        known = _names_in(context.facts)
        weights = Counter()
        strangers = []
        for match in RUN.finditer(text):
            script, start, end = match.lastgroup, *match.span()
            if script not in own and match[0].casefold() in known:
                continue
            weights[script] += (end - start) * _DENSE_WEIGHT.get(script, 1)
            if script not in own and script != "latin":
                strangers.append(match)
        total = sum(weights.values())
        if total < self.FEWEST_LETTERS:
            return
        foreign = 1 - sum(weights[script] for script in own) / total
        if foreign > (self.LATIN_SHARE_IN_DENSE if self._is_latin_beside(own, weights) else self.FOREIGN_SHARE):
            yield Span(0, len(text), _not_in(context.language))
            return
        for match in strangers:
            message = _("“%(piece)s” is not %(language)s and in no fact.")
            words = Wording(message, piece=match[0][:40], language=_name(context.language))
            yield Span(match.start(), match.end(), words, Severity.WARN)
        yield from self._by_words(text, context.language, language, own)

    def _is_latin_beside(self, own, weights) -> bool:
        """Latin names are at home in every language, so more of them is borne than of another script."""
        return "latin" not in own and all(script == "latin" or script in own for script in weights)

    def _by_words(self, text, tag, language, own):
        if language == "zh":
            yield from self._by_form(text, tag)
        if language == "ja" and not re.search(f"[{_SCRIPTS['kana']}]", text) and len(text) > 20:
            yield Span(0, len(text), _not_in(tag))
        if language in _SMALL_WORDS or "latin" not in own:
            for start, end in _sentences(text):
                other = self._other_language(text[start:end], language)
                if other:
                    message = _("This is %(other)s, not %(language)s.")
                    yield Span(start, end, Wording(message, other=_name(other), language=_name(tag)))

    def _other_language(self, sentence: str, language: str) -> str | None:
        """The language whose small words this sentence has, where it has next to none of its own."""
        votes = Counter()
        for match in RUN.finditer(sentence):
            if match.lastgroup == "latin":
                votes.update(_OWNERS.get(match[0].lower(), ()))
        if not votes:
            return None
        best, count = votes.most_common(1)[0]
        enough = self.FEWEST_SMALL_WORDS + 2 * votes[language]
        return best if best != language and count >= enough else None

    def _by_form(self, text, tag):
        """Simplified against traditional characters."""
        simplified = sum(char in _SIMPLIFIED for char in text)
        traditional = sum(char in _TRADITIONAL for char in text)
        wanted, found = (traditional, simplified) if languages.normalize(tag) in _HANT else (simplified, traditional)
        if found >= 3 and found > wanted:
            yield Span(0, len(text), _not_in(tag))


_HANT = ("zh-Hant", "zh-MO")


def _not_in(tag: str) -> Wording:
    return Wording(_("The text is not in %(language)s."), language=_name(tag))


def _name(tag: str) -> Wording:
    return Wording(languages.english_name(tag))


def _sentences(text: str):
    # Shorter ones hold too few small words to tell a language.
    for match in re.finditer(r"[^.!?。！？\n]{10,}", text):
        yield match.span()


@lru_cache(maxsize=512)
def _names_in(facts) -> frozenset[str]:
    """Every run of letters in the facts: names that may stand in any language."""
    return frozenset(match[0].casefold() for fact in facts for match in RUN.finditer(fact.value))
