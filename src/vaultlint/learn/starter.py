"""The commented configuration that is written where nothing could be learned, in its parts."""

from __future__ import annotations

HEAD = """\
# Configuration of vaultlint. Every key is optional; `vaultlint config` shows what holds.

# Rules by id, code or group; `vaultlint rules` lists them, `vaultlint explain RULE` explains one.
# select = ["ALL"]
# ignore = ["broken-link-in-comment"]
# extend-select = []

# The mildest severity that makes the exit code 1: error, warning, info or never.
# fail-on = "warning"

"""

VAULT = """\
[vault]
# Notes that are not checked; links may still lead to them.
"""

EXCLUDE = """\
# exclude = ["Archive/**", "Templates/**"]
"""

PLANNED_HELP = """\
# Missing notes that are to be written later: globs, "#tag" of the linking notes, ">= 3" links.
"""

PLANNED = """\
# planned = ["Ideas/*"]
"""

TERMS = """\

[terms]
# Glossaries: YAML lists of entries like `- {term: geoeconomics, accept: [geo-economics]}`.
# glossary = ["glossary.yml"]

"""

TYPES = """\
# A type of notes, and the sections that they have.
# [types.topic]
# paths = ["Topics/**"]
# tags = ["topic"]
# sections = [
#   { heading = "Challenges*" },
#   { heading = "References" },
#   { heading = "*Timeline", required = false },
# ]

"""

REFERENCES = """\
# [references]
# types = ["topic"]          # notes of these types must have a reference section
# names = ["References", "Sources"]

"""

REST = """\
# [rules.broken-heading]
# severity = "warning"

# [[overrides]]
# paths = ["Drafts/**"]
# ignore = ["missing-section"]
"""

#: What is written for a vault without notes.
STARTER = HEAD + VAULT + EXCLUDE + PLANNED_HELP + PLANNED + TERMS + TYPES + REFERENCES + REST
