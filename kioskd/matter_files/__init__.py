"""Matters in files that other people make: workbooks, CSV and JSON, read, checked, compared and written."""
