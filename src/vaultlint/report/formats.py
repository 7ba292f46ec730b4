"""The output formats by name."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from vaultlint import report
from vaultlint.report import Writer

_SUPPORT = frozenset(
    ("details", "fingerprints", "formats", "json_types", "statistics", "summary", "terminal", "xml")
)
#: The formats for people: these can be coloured, and end with a summary.
TEXT_FORMATS = ("concise", "full", "grouped")

#: The names of all formats: the modules of this package that write one.
FORMATS = tuple(
    sorted(
        module.name.replace("_", "-")
        for module in iter_modules(report.__path__)
        if module.name not in _SUPPORT
    )
)


def find_writer(name: str) -> Writer:
    """The function that writes a format."""
    writer: Writer = import_module(f"{report.__name__}.{name.replace('-', '_')}").write
    return writer
