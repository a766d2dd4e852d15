import pytest


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory):
    """Builds each tiny model once: tiny_folder("gpt2") is its folder."""
    made = {}

    def build(name):
        from tests.llm import tiny

        if name not in made:
            folder = tmp_path_factory.mktemp(name)
            made[name] = {
                "gpt2": tiny.save_gpt2,
                "qwen3": lambda path: tiny.save_qwen3(path, name="Tiny", version="7", languages=["en", "zh-Hans"]),
                "classifier": lambda path: tiny.save_bert(path, labels=("Negative", "Neutral", "Positive")),
                "encoder": tiny.save_bert,
                "gpt2-adapter": lambda path: tiny.save_adapter(path, build("gpt2")),
                "qwen3-adapter": lambda path: tiny.save_adapter(path, build("qwen3")),
            }[name](folder)
        return made[name]

    return build


@pytest.fixture(scope="session")
def tiny_backend(tiny_folder):
    """A backend on the CPU in float32 for a tiny model, loaded once per model and set of options."""
    from apps.llm.backends.transformers import TransformersBackend

    made = {}

    def build(name, **options):
        key = (name, *sorted(options.items()))
        if key not in made:
            settings = {"revision": "", "adapter": "", "device": "cpu", "dtype": "float32", "batch_tokens": 0}
            made[key] = TransformersBackend(model=str(tiny_folder(name)), threads=1, **settings | options)
        return made[key]

    yield build
    for backend in made.values():
        backend.close()
