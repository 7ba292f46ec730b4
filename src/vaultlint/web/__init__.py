"""Asks the web about addresses, where `--online` wants it: alone imports aiohttp and yarl."""
