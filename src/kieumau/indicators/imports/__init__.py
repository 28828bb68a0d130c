"""Figures from files: CSV and XLSX, long or wide, under a small YAML mapping."""

from kieumau.indicators.imports.load import Closed, load_file
from kieumau.indicators.imports.mapping import Mapping, mapping_from_text, read_mapping
from kieumau.indicators.imports.report import Changed, Report
from kieumau.indicators.imports.sheets import Limits

__all__ = [
    "Changed",
    "Closed",
    "Limits",
    "Mapping",
    "Report",
    "load_file",
    "mapping_from_text",
    "read_mapping",
]
