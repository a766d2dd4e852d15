"""Prompts by task, language and style, from the files under templates/prompts/.

The layout is `<task>/<language>/plain.txt`, `chat.system.txt`, `chat.user.txt` and `field.<field>.txt` (one instruction
per field). A value of a catalogue is data: it is cleaned here, so that it can neither end a line, nor close the fence
around the facts, nor forge a model's special tokens.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.conf import settings
from django.template import Context as TemplateContext
from django.template import Engine, TemplateDoesNotExist

STYLES = ("plain", "chat")
FIELD_LIMITS = {"mobile_description": 120, "seo_title": 60, "seo_meta": 155, "image_alt": 125}
"""Characters (code points) that a field may have at most; a field that is not listed has no fixed limit."""

FALLBACK_LANGUAGE = "en"
MAX_NAME, MAX_VALUE, MAX_TITLE, MAX_GUIDANCE = 80, 400, 300, 2000
_SPECIAL_TOKEN = re.compile(
    r"<\|[^<>|]{0,64}\|>|</?(?:s|bos|eos|pad|unk|think|facts|product|start_of_turn|end_of_turn|tool_call|system|user"
    r"|assistant)\s*/?>|<</?SYS>>|\[/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS)\]",
    re.IGNORECASE,
)
_HALF_TOKEN = re.compile(r"<\|+|\|+>")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class RenderedPrompt:
    """One prompt: `text` for a model without a chat template, `messages` (role, content) for one with it.

    `hash` is the hex SHA-256 of exactly what the model is given, so equal prompts share one stored row.
    """

    text: str = ""
    messages: tuple[dict[str, str], ...] = ()
    hash: str = field(default="")


def render(*, task: str, language: str, style: str, context: Mapping) -> RenderedPrompt:
    """The prompt of `task` for one text.

    `context`: field, title, brand, category, facts (a list of (name, value)), guidance, voice; whatever is missing is
    empty. `language` is BCP 47, compared without case; one without templates of its own gets the English ones, which
    name the language to write in. Raises ValueError for an unknown task or style.
    """
    if style not in STYLES:
        raise ValueError(f"Unknown prompt style {style!r}")
    folder = _folder(task, language)
    data = _clean_context(context, language, style)
    if style == "plain":
        text = _fill(f"{folder}/plain.txt", data)
        return RenderedPrompt(text=text, hash=_digest({"text": text}))
    data["instruction"] = _instruction(folder, data)
    messages = (
        {"role": "system", "content": _fill(f"{folder}/chat.system.txt", data)},
        {"role": "user", "content": _fill(f"{folder}/chat.user.txt", data)},
    )
    return RenderedPrompt(messages=messages, hash=_digest({"messages": messages}))


def clean_value(value: object, limit: int = MAX_VALUE) -> str:
    """One line of NFC text without control characters or special tokens, cut at a word after `limit` characters."""
    text = unicodedata.normalize("NFC", str(value if value is not None else ""))
    text = _SPACES.sub(" ", "".join(" " if _is_control(char) else char for char in text))
    previous = None
    while previous != text:
        previous, text = text, _SPACES.sub(" ", _SPECIAL_TOKEN.sub(" ", text))
    text = _HALF_TOKEN.sub(" ", text).strip()
    return text if len(text) <= limit else _cut(text, limit)


def _is_control(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") and char != "\u200d"


def _cut(text: str, limit: int) -> str:
    head = text[:limit]
    return head.rsplit(" ", 1)[0] if " " in head[limit // 2 :] else head


def _clean_context(context: Mapping, language: str, style: str) -> dict:
    field_id = str(context.get("field") or "long_description")
    facts = [
        (clean_value(name, MAX_NAME).replace("_", " ").strip(" :"), clean_value(value))
        for name, value in context.get("facts") or ()
    ]
    facts = [(name, value) for name, value in facts if name and value]
    category = clean_value(context.get("category"), MAX_TITLE)
    if style == "plain":
        facts = [(name_in_prose(name, field_id), value) for name, value in facts]
        category = category.rsplit(">", 1)[-1].strip()
    title, brand = clean_value(context.get("title"), MAX_TITLE), clean_value(context.get("brand"), MAX_NAME)
    product = {"title": title, "brand": brand, "category": category}
    return product | {
        "field": field_id,
        "limit": FIELD_LIMITS.get(field_id),
        "language": language,
        "facts": facts,
        "facts_json": json.dumps(
            {key: value for key, value in product.items() if value}
            | {"facts": [{"name": name, "value": value} for name, value in facts]},
            ensure_ascii=False,
            indent=1,
        ),
        "guidance": clean_value(context.get("guidance"), MAX_GUIDANCE),
        "voice": clean_value(context.get("voice"), MAX_GUIDANCE),
    }


def name_in_prose(name: str, field_id: str) -> str:
    """The name in the case in which the text will carry it, so that a small model only ever has to copy.

    A list shows names as they stand; inside a sentence "Battery life" is "battery life", but "USB ports" stays.
    """
    if field_id == "bullets":
        return name[:1].upper() + name[1:]
    words = name.split(" ")
    if len(words) > 1 and all(word.istitle() for word in words):
        return name.lower()
    first = words[0]
    return first.lower() + name[len(first) :] if first[1:] == first[1:].lower() else name


def _folder(task: str, language: str) -> str:
    root = _templates_root()
    known = {path.name.lower(): path.name for path in (root / task).glob("*/") if re.fullmatch(r"[\w-]+", task)}
    if not known:
        raise ValueError(f"Unknown prompt task {task!r}")
    wanted = language.lower()
    candidates = [wanted, *(["zh-hans"] if wanted in ("zh", "zh-cn", "zh-sg") else []), wanted.split("-")[0]]
    found = next((known[code] for code in candidates if code in known), FALLBACK_LANGUAGE)
    return f"{task}/{found}"


def _instruction(folder: str, data: dict) -> str:
    name = data["field"] if re.fullmatch(r"\w+", data["field"]) else "default"
    try:
        return _fill(f"{folder}/field.{name}.txt", data)
    except TemplateDoesNotExist:
        return _fill(f"{folder}/field.default.txt", data)


def _fill(name: str, data: dict) -> str:
    # Prompts are not HTML: an escaped "&amp;" would be copied into the shop's text.
    return _engine().get_template(name).render(TemplateContext(data, autoescape=False)).strip()


@cache
def _engine() -> Engine:
    # An engine of its own, so that overrides of pages and their context processors never reach a prompt.
    loaders = [("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"])]
    return Engine(dirs=[str(_templates_root())], autoescape=False, loaders=loaders)


def _templates_root() -> Path:
    return Path(settings.BASE_DIR) / "templates" / "prompts"


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
