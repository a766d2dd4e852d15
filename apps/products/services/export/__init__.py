"""Export of approved copy to a shop's own file format."""

from apps.products.services.export.outcome import ExportOutcome, ExportRefused
from apps.products.services.export.run import DIALECTS, PERMISSION, export_products

__all__ = ["DIALECTS", "PERMISSION", "ExportOutcome", "ExportRefused", "export_products"]
