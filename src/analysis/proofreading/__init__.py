"""Proofreading: the finished pages read back, every number on them tied to a claim or to a fixed list."""
