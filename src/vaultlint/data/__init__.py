"""Data files that vaultlint ships; LICENSES.md tells their origin and their terms."""
