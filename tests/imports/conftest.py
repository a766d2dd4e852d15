import pytest


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Uploads of a test are kept in its own folder."""
    settings.MEDIA_ROOT = tmp_path / "media"
