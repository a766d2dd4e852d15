from django.conf import settings
from django.core import checks
from django.utils.module_loading import import_string

from apps.llm.services import get_backend


@checks.register("llm")
def check_backend(app_configs, **kwargs) -> list[checks.CheckMessage]:
    """Whether the configured backend and its model can be used, as far as that shows without loading them."""
    try:
        import_string(settings.SHOPAI_LLM_BACKEND)
    except ImportError as error:
        hint = "Name a backend class by its dotted path, like apps.llm.backends.transformers.TransformersBackend."
        return [checks.Error(f"SHOPAI_LLM_BACKEND can't be imported: {error}", hint=hint, id="llm.E003")]
    return get_backend().check()
