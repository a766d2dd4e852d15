"""An export while someone takes a text back, and while another export runs."""

import threading
import uuid

import pytest
from django.db import close_old_connections, connection

from apps.drafts.services.decisions import take_back
from apps.drafts.services.errors import Refused
from apps.products.services.export import ExportRefused, export_products, run
from tests import factories
from tests.products.factories import make_listing, make_row, make_shop, make_table, publish

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 20


@pytest.fixture
def shop():
    shop = make_shop()
    listing = make_listing(shop, "hat")
    make_row(make_table(shop), listing, **{"Title": "Hat"})
    publish(listing, "Body.")
    return shop


@pytest.fixture
def held(monkeypatch):
    """(reached, go on): an export stops once its texts are written and marked, before its files are in place."""
    reached, go_on = threading.Event(), threading.Event()
    write = run.write_other_fields

    def hold(*arguments):
        reached.set()
        assert go_on.wait(PATIENCE)
        write(*arguments)

    monkeypatch.setattr(run, "write_other_fields", hold)
    yield reached, go_on
    go_on.set()


def in_thread(act) -> tuple[threading.Thread, list]:
    """Run `act` on a connection of its own; what it returns or raises is put into the list."""
    results = []

    def run_it():
        close_old_connections()
        try:
            results.append(act())
        except Exception as error:
            results.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run_it)
    thread.start()
    return thread, results


def test_a_text_is_either_in_the_file_or_taken_back(shop, held, tmp_path):
    reached, go_on = held
    copy = shop.listings.get().copy.get()
    user = factories.user("manager")
    exporter, exported = in_thread(lambda: export_products(shop=shop, dialect="shopify", path=tmp_path / "o.csv"))
    assert reached.wait(PATIENCE)

    taker, taken = in_thread(lambda: take_back(user=user, draft_id=copy.draft_id, key=uuid.uuid4()))
    taker.join(0.5)
    assert taker.is_alive()  # it waits for the export's word
    go_on.set()
    exporter.join(PATIENCE)
    taker.join(PATIENCE)

    assert exported[0].texts == 1
    assert isinstance(taken[0], Refused)
    copy.refresh_from_db()
    copy.draft.refresh_from_db()
    assert (copy.withdrawn_at, copy.draft.status) == (None, "exported")


def test_two_exports_of_one_shop_do_not_run_at_once(shop, held, tmp_path):
    reached, go_on = held
    exporter, exported = in_thread(lambda: export_products(shop=shop, dialect="shopify", path=tmp_path / "o.csv"))
    assert reached.wait(PATIENCE)

    with pytest.raises(ExportRefused, match="Another export"):
        export_products(shop=shop, dialect="shopify", path=tmp_path / "second.csv")
    go_on.set()
    exporter.join(PATIENCE)

    assert exported[0].texts == 1
    assert [path.name for path in tmp_path.iterdir()] == ["o.csv"]
