"""What suppressions hide of what was found in a note, and which of them hide nothing.

A finding is suppressed by where it begins. Of several suppressions that cover it the nearest counts
as the one that was needed: of its line, then the latest `disable`, then of the file.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from vaultlint.config import Settings, is_of_command_line
from vaultlint.facts import SuppressedName, Suppression
from vaultlint.model import Span, UserError, Violation
from vaultlint.nearest import did_you_mean, nearest
from vaultlint.registry import ALL, Registry
from vaultlint.rule import GROUPS, UnknownSuppression, UnmatchedSuppression, UnusedSuppression

#: The group of the rules about suppressions: they are suppressed by their own name only.
GROUP = "suppressions"

#: What may stand behind `vaultlint-` in a comment, and what it suppresses.
WORDS = ("disable", "enable", "disable-line", "disable-next-line", "disable-file")
#: The words that suppress where they are said, the nearest scope first.
_LINE_WORDS = ("disable-line", "disable-next-line")

#: So many names that mean nothing are told of one suppression: it was meant for something else.
_MOST_UNKNOWN = 5


class _Use(NamedTuple):
    """A name of a suppression, both by their numbers; the name -1 stands for all rules."""

    suppression: int
    name: int


class Names:
    """What the names in suppressions stand for."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._own = frozenset(rule.id for rule in registry if rule.group == GROUP)
        self._covered: dict[str, frozenset[str]] = {}
        self._selectors = {
            rule.id: (
                *(rule.id, rule.code, *rule.former),
                *(() if rule.id in self._own else (rule.group, ALL)),
            )
            for rule in registry
        }
        self._words = [word for rule in registry for word in (rule.id, rule.code)]

    def selectors(self, rule: str) -> Sequence[str]:
        """The names that suppress a rule, the most exact first."""
        return self._selectors[rule]

    def covered(self, name: str) -> frozenset[str]:
        """The rules that a name suppresses; none where it is unknown."""
        known = self._covered.get(name)
        if known is None:
            try:
                exactness, known = self._registry.expand(name)
            except UserError:
                exactness, known = 0, frozenset()
            if exactness < 2:
                known -= self._own
            self._covered[name] = known
        return known

    def is_known(self, name: str) -> bool:
        """Does it stand for any rule that it can suppress?"""
        return bool(self.covered(name))

    def is_own(self, name: str) -> bool:
        """Is it the id or code of a rule about suppressions?"""
        return not self.covered(name).isdisjoint(self._own)

    def is_exact(self, name: str) -> bool:
        """Does it name one rule?"""
        return name not in GROUPS and name != ALL

    def nearest(self, name: str) -> str | None:
        """The name that was most likely meant."""
        return nearest(name, (*self._words, *GROUPS, ALL))


class Suppressing:
    """The suppressions of one note, and what they have hidden so far."""

    def __init__(self, suppressions: Sequence[Suppression], names: Names) -> None:
        self._suppressions = suppressions
        self._names = names
        self._used: set[_Use] = set()
        self._file: dict[str, _Use] = {}
        self._lines: dict[Span, dict[str, _Use]] = {}
        for number, suppression in enumerate(suppressions):
            by_name = self._scope(suppression)
            for text, use in self._uses(number):
                if by_name is self._file:
                    by_name.setdefault(text, use)
                elif by_name is not None:
                    by_name[text] = use
        self._line_spans = sorted(self._lines)
        self._line_starts = [span.start for span in self._line_spans]

    def _scope(self, suppression: Suppression) -> dict[str, _Use] | None:
        """Where the names of a suppression are kept; None: it begins or ends something."""
        if suppression.word == "disable-file":
            return self._file
        if suppression.word in _LINE_WORDS and suppression.scope.start < suppression.scope.end:
            return self._lines.setdefault(suppression.scope, {})
        return None

    def _uses(self, number: int) -> Iterator[tuple[str, _Use]]:
        names = self._suppressions[number].names
        if not names:
            yield ALL, _Use(number, -1)
        for index, name in enumerate(names):
            yield name.text, _Use(number, index)

    def hide(self, violations: Iterable[Violation]) -> list[Violation]:
        """Those findings that no suppression covers, by their place."""
        kept: list[Violation] = []
        open_: dict[str, _Use] = {}
        changes = self._changes()
        next_change = next(changes, None)
        for violation in sorted(violations, key=lambda found: found.span):
            start = violation.span.start
            while next_change is not None and next_change[0] <= start:
                self._change(next_change[1], open_)
                next_change = next(changes, None)
            use = (
                self._find(self._on_line(start), violation.rule)
                or open_.get(violation.rule)
                or self._find(self._file, violation.rule)
            )
            if use is None:
                kept.append(violation)
            else:
                self._used.add(use)
        return kept

    def _changes(self) -> Iterator[tuple[int, int]]:
        """Where rules are switched off for what follows, or on again, and by which suppression."""
        for number, suppression in enumerate(self._suppressions):
            if suppression.word in ("disable", "enable"):
                yield suppression.span.start, number

    def _change(self, number: int, open_: dict[str, _Use]) -> list[_Use]:
        """Let a suppression switch rules off or on; gives the names that switched on nothing."""
        idle: list[_Use] = []
        ends = self._suppressions[number].word == "enable"
        for text, use in self._uses(number):
            covered = self._names.covered(text)
            if not ends:
                open_.update(dict.fromkeys(covered, use))
            elif text == ALL and open_:
                open_.clear()
            elif [rule for rule in covered if open_.pop(rule, None) is not None] == []:
                idle.append(use)
        return idle

    def _on_line(self, offset: int) -> dict[str, _Use]:
        index = bisect_right(self._line_starts, offset) - 1
        if index < 0 or offset >= self._line_spans[index].end:
            return {}
        return self._lines[self._line_spans[index]]

    def _find(self, by_name: dict[str, _Use], rule: str) -> _Use | None:
        if not by_name:
            return None
        return next(
            (by_name[name] for name in self._names.selectors(rule) if name in by_name), None
        )

    def find_unmatched(self) -> Iterator[UnmatchedSuppression]:
        """What is switched on again, and was not off."""
        open_: dict[str, _Use] = {}
        for _, number in self._changes():
            suppression = self._suppressions[number]
            idle = self._change(number, open_)
            for use in idle:
                if use.name < 0:
                    yield UnmatchedSuppression("", suppression.span)
                elif self._names.is_known(suppression.names[use.name].text):
                    yield UnmatchedSuppression(*suppression.names[use.name])

    def find_unknown(self) -> Iterator[UnknownSuppression]:
        """Words and names that mean nothing."""
        for each in self._suppressions:
            if each.in_frontmatter and each.word != "disable-file":
                fault = f"`vaultlint` has no key `{each.word}`" if each.word else ""
                fault = fault or "`vaultlint` says nothing that can be read"
                fault += ": write `vaultlint: {disable: [broken-link]}`"
                yield UnknownSuppression(each.span, fault, ())
            elif not each.word:
                yield UnknownSuppression(each.span, "this comment is never closed", ())
            elif each.word not in WORDS:
                near = did_you_mean(f"vaultlint-{each.word}", [f"vaultlint-{w}" for w in WORDS])
                yield UnknownSuppression(
                    each.span, f"there is no `vaultlint-{each.word}`{near}", ()
                )
            else:
                yield from self._unknown_names(each.names)

    def _unknown_names(self, names: Iterable[SuppressedName]) -> Iterator[UnknownSuppression]:
        unknown = [name for name in names if not self._names.is_known(name.text)]
        for text, span in unknown[:_MOST_UNKNOWN]:
            if text == GROUP:
                fault = f"the rules of `{GROUP}` are suppressed by their own names only"
                yield UnknownSuppression(span, fault, ())
                continue
            near = self._names.nearest(text)
            choices = (near,) if near else ()
            yield UnknownSuppression(span, f"there is no rule or group `{text}`", choices)

    def find_unused(
        self, ran: Collection[str], *, partial: bool, own: bool
    ) -> Iterator[UnusedSuppression]:
        """What suppressed nothing of what the rules that `ran` found.

        `partial`: others would have run without the command line, so that groups cannot be judged.
        `own`: only names of rules about suppressions are judged, else only other names.
        """
        for number, suppression in enumerate(self._suppressions):
            if not is_honoured(suppression):
                continue
            idle: list[_Use] = []
            uses = list(self._uses(number))
            for text, use in uses:
                covered = self._names.covered(text)
                if self._names.is_own(text) != own or use in self._used or not covered:
                    continue
                if self._names.is_exact(text) or not partial:
                    idle += () if covered.isdisjoint(ran) else (use,)
            if len(idle) == len(uses):
                yield UnusedSuppression(suppression, None, suppression.span)
                continue
            for use in idle:
                name = suppression.names[use.name]
                yield UnusedSuppression(suppression, *name)


def is_honoured(suppression: Suppression) -> bool:
    """Is it one that can suppress something, as far as its word goes?"""
    return suppression.word in WORDS and suppression.word != "enable"


def is_partial(settings: Settings) -> bool:
    """Does the command line leave out rules that would run without it?"""
    return any(is_of_command_line(settings, key) for key in ("select", "ignore", "extend-ignore"))
