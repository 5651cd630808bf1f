"""Helpers of the monthly report: records, quality, claims, narrative and rendering, in that order."""
