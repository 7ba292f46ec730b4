"""Which terminals know hyperlinks (OSC 8), and where the page of a rule is."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import Any

import vaultlint
from vaultlint.cli.options import use_color

#: What terminals say of themselves in TERM_PROGRAM and TERM, where they know hyperlinks.
_PROGRAMS = frozenset(
    ("ghostty", "Hyper", "iTerm.app", "rio", "Tabby", "vscode", "WarpTerminal", "WezTerm", "zed")
)
_TERMS = ("alacritty", "contour", "foot", "wezterm", "xterm-ghostty", "xterm-kitty")
#: Variables that only such terminals set.
_MARKS = ("DOMTERM", "KITTY_WINDOW_ID", "WT_SESSION")
#: Variables of terminals that know them from some version on, as VTE and Konsole count.
_VERSIONS = {"VTE_VERSION": 5000, "KONSOLE_VERSION": 210400}

#: Bytes that stand for themselves in an address.
_PLAIN = frozenset(b"-./0123456789:ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~")


def use_hyperlinks(choice: str, stream: Any, env: Mapping[str, str] = os.environ) -> bool:
    """Are hyperlinks wanted? Only with colours, and on a terminal that is known to have them.

    FORCE_HYPERLINK counts for other terminals: `0` and the empty text mean no, all else yes.
    """
    if not (use_color(choice, stream) and bool(getattr(stream, "isatty", bool)())):
        return False
    forced = env.get("FORCE_HYPERLINK")
    if forced is not None:
        return forced not in ("", "0")
    term = env.get("TERM", "")
    if env.get("CI") or term == "dumb" or term.startswith(("screen", "tmux")):
        return False  # programs between us and the terminal may take the codes for text
    return (
        env.get("TERM_PROGRAM") in _PROGRAMS
        or term.startswith(_TERMS)
        or any(env.get(name) for name in _MARKS)
        or any(_number(env.get(name, "")) >= least for name, least in _VERSIONS.items())
    )


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


@cache
def find_page(rule: str) -> str:
    """The address of a rule's page on this machine; empty where it has none.

    The pages are in the installed package, and in a checkout in `docs/rules/`.
    """
    package = os.path.dirname(os.path.abspath(vaultlint.__file__))
    checkout = os.path.dirname(os.path.dirname(package))
    for folder in (f"{package}/packaged_docs", f"{checkout}/docs/rules"):
        path = f"{folder}/{rule}.md"
        if os.path.isfile(path):
            return f"file://{_host()}{_address(path)}"
    return ""


def _host() -> str:
    """The name of this machine: a terminal on another one does not follow the link then."""
    return os.uname().nodename if hasattr(os, "uname") else ""


def _address(path: str) -> str:
    encoded = "".join(
        chr(byte) if byte in _PLAIN else f"%{byte:02X}"
        for byte in os.fsencode(path.replace(os.sep, "/"))
    )
    return encoded if encoded.startswith("/") else f"/{encoded}"
