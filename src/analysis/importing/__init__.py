"""Importing: extracts of any kind read as text, made into records by a mapping, and kept as vintages."""
