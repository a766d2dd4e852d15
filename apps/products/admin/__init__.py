from apps.products.admin import products, records, shops  # noqa: F401
