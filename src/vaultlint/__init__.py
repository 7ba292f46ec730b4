"""vaultlint: a linter and consistency checker for vaults of Markdown notes."""

__version__ = "0.1.0"
