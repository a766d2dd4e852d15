"""Prompts into token ids: through the chat template where the model has one, plain otherwise."""

from typing import Any

from jinja2 import TemplateError

from apps.llm.backends.base import PromptLike


class PromptEncoder:
    """Encodes prompts for one tokenizer. style is "chat" or "plain"."""

    def __init__(self, tokenizer: Any, style: str) -> None:
        self.tokenizer = tokenizer
        self.style = style
        template = tokenizer.chat_template
        # Qwen3 and its kin think aloud unless told not to; other templates would ignore the name.
        self._options = {"enable_thinking": False} if "enable_thinking" in str(template or "") else {}

    def encode(self, prompts: list[PromptLike]) -> list[list[int]]:
        """Token ids of each prompt, special tokens and the generation mark included."""
        texts = [self.as_text(prompt) for prompt in prompts]
        # A chat template writes its own special tokens.
        return self.tokenizer(texts, add_special_tokens=self.style == "plain")["input_ids"] if texts else []

    def as_text(self, prompt: PromptLike) -> str:
        """The prompt exactly as the tokenizer gets it."""
        if self.style == "plain":
            return prompt.text or "\n\n".join(message["content"] for message in prompt.messages)
        messages = list(prompt.messages) or [{"role": "user", "content": prompt.text}]
        try:
            return self._apply(messages)
        except TemplateError:
            # Some templates (Gemma's) refuse a system message.
            merged = "\n\n".join(message["content"] for message in messages)
            return self._apply([{"role": "user", "content": merged}])

    def decode(self, tokens: list[int]) -> str:
        """Text of generated tokens, special tokens left out and spaces as they are."""
        return self.tokenizer.decode(tokens, skip_special_tokens=True, clean_up_tokenization_spaces=False)

    def _apply(self, messages: list[dict[str, str]]) -> str:
        return self.tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True, **self._options)


def cut_at_stop(text: str, stops: tuple[str, ...]) -> str:
    """The text up to the first stop string, without white space around it."""
    ends = [place for stop in stops if (place := text.find(stop)) >= 0]
    return text[: min(ends)].strip() if ends else text.strip()
