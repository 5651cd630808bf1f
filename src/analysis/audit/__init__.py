"""Audit: a report tied to its records, packed so that a stranger can make it again, and verified claim by claim."""
