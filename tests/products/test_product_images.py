import pytest

from apps.products.images import shown_url
from apps.products.templatetags.product_images import product_image


@pytest.mark.parametrize("address", ["https://cdn.shopify.com/s/1.jpg?v=2", "/static/shopai/demo/mug.svg"])
def test_own_and_allowed_pictures_are_shown(address):
    assert shown_url(address) == address
    assert f'src="{address}"' in product_image(address, "A mug")


@pytest.mark.parametrize(
    "address",
    ["", "http://cdn.shopify.com/1.jpg", "https://evil.example/1.jpg", "https://cdn.shopify.com.evil.example/1.jpg",
     "https://cdn.shopify.com@evil.example/1.jpg", "https://cdn.shopify.com:8443/1.jpg", "//cdn.shopify.com/1.jpg",
     "javascript:alert(1)", "data:image/svg+xml,<svg/>", "/static/../admin/logout/", "/admin/logout/", "https://[",
     "https://cdn.shopify.com\\@evil.example/1.jpg", "java\nscript:alert(1)"],
)  # fmt: skip
def test_every_other_address_is_a_neutral_place(address):
    assert shown_url(address) == ""
    assert "<img" not in product_image(address)


def test_the_text_of_a_picture_is_escaped():
    assert 'alt="&quot;&gt;&lt;script&gt;"' in product_image("/static/a.png", '"><script>')
