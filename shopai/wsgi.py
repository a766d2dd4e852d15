import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shopai.settings")
application = get_wsgi_application()


def _read_dictionary() -> None:
    """The checker's dictionary takes a second to read: the first person who types should not wait for it."""
    from apps.drafts.evidence.lexicon import cue_lexicon, lexicon

    lexicon()
    cue_lexicon()


threading.Thread(target=_read_dictionary, name="dictionary", daemon=True).start()
