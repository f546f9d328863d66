"""Proof that a workbook is right, without Excel: one recalculation, one schema, many rules."""
