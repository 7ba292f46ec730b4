"""Measurements of vaultlint: what it costs beside other programs, and what it finds."""
