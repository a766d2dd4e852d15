"""Words for full-text search. Chinese has no blanks between words, so it is segmented here and stored as words."""

import logging
import re
import unicodedata

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f]+")


def segment(text: str) -> str:
    """NFKC, without case, Chinese runs cut into words by jieba (the fine cut, so that parts are found, too)."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return _HAN.sub(_cut, text) if _HAN.search(text) else text


def _cut(match: re.Match) -> str:
    import jieba  # Its dictionary takes about a second to load, and only Chinese needs it.

    jieba.setLogLevel(logging.WARNING)
    return f" {' '.join(jieba.cut_for_search(match[0]))} "
