"""The main job, end to end: real browser, real workers, real bundled model."""

import csv

import pytest

from apps.drafts.models import Draft
from apps.drafts.services import publishing
from apps.products.html import body_to_text
from apps.products.models import PublishedCopy
from tests import factories, processes
from tests.e2e import flow

pytestmark = [pytest.mark.e2e, pytest.mark.model, pytest.mark.django_db(transaction=True)]
ROWS = """Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Grams,Variant Price
alder-kettle,Alder Kettle,<p>Old text.</p>,Auvio,Kettles,kitchen,true,Capacity,1.7 l,AK-17,1200,49.00
birch-lamp,Birch Lamp,,Norrland,Lamps,"light, oak",true,Material,oak,BL-1,2100,89.00
cedar-mug,Cedar Mug,,Pellin,Mugs,kitchen,true,Volume,350 ml,CM-35,400,12.50
elm-bowl,Elm Bowl,,Pellin,Bowls,kitchen,true,Material,stoneware,EB-1,600,18.00
fir-blanket,Fir Blanket,,Norrland,Blankets,bedroom,true,Material,wool,FB-1,900,65.00
hazel-vase,Hazel Vase,,Auvio,Vases,living,true,Material,glass,HV-1,800,29.00
"""


def test_what_was_approved_in_the_browser_is_exactly_what_the_export_holds(page, live_server, tmp_path, settings):
    settings.MEDIA_ROOT, settings.SHOPAI_UNDO_SECONDS = tmp_path / "media", 0
    user = factories.user("manager", password="flow-pass-1")
    source = tmp_path / "products.csv"
    source.write_text(ROWS)
    page.set_default_timeout(15_000)
    environment = {"SHOPAI_MEDIA_DIR": str(settings.MEDIA_ROOT), "SHOPAI_LLM_THREADS": "1"}
    with processes.celery_worker("default", **environment), processes.celery_worker("model", **environment):
        flow.sign_in(page, live_server.url, user.username, "flow-pass-1")
        flow.upload(page, live_server.url, source, shop="forest")
        flow.write_copy(page, seconds=120)
        assert Draft.objects.filter(status="in_review").count() == 6
        counts = flow.review(page)
    assert counts["approved"] + counts["passed"] == 6
    approved = {draft.subject_id: draft.text for draft in Draft.objects.filter(status="approved")}
    # The checker stops one draft in four of the bundled model: of six, some pass.
    assert len(approved) == counts["approved"] > 0
    publishing.publish_due()
    files = flow.export(page, live_server.url, shop="forest", folder=tmp_path)
    exported = {}
    for path in files:
        with path.open(newline="", encoding="utf-8-sig") as file:
            exported |= {row["Handle"]: row for row in csv.DictReader(file)}
    wanted = {copy.listing.external_key: copy.text for copy in PublishedCopy.objects.select_related("listing")}
    assert set(wanted.values()) == set(approved.values())
    assert {handle: body_to_text(row["Body (HTML)"]) for handle, row in exported.items()} == wanted
    assert all("Price" not in column and "Inventory" not in column for row in exported.values() for column in row)
