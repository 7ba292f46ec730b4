"""`check --online`: asks the addresses of a vault, and adds what follows to what was found."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING

import click

from vaultlint.cli.checked import Accounts
from vaultlint.cli.located import Located
from vaultlint.model import UserError
from vaultlint.report.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from vaultlint.session import Result, Session
    from vaultlint.web.ask import Asking
    from vaultlint.web.known import Known


def require_web() -> None:
    """Raise UserError where what `--online` needs is not installed."""
    try:
        import vaultlint.web.ask  # noqa: F401  # only whether that can be done
    except ModuleNotFoundError as error:
        raise UserError("--online needs aiohttp: `pip install 'vaultlint[web]'`") from error


class Online:
    """Asks addresses of vaults. `progress`: shows how many are asked; `quiet`: counts none."""

    def __init__(self, accounts: Accounts, *, progress: bool, quiet: bool) -> None:
        self._accounts = accounts
        self._progress = progress
        self._quiet = quiet

    def find(self, located: Located, session: Session) -> Sequence[str]:
        """The addresses in the files that were named. Raises DamagedRecord."""
        return list(session.find_addresses(located.choose(frozenset(session.checked))))

    def add(
        self,
        located: Located,
        session: Session,
        result: Result,
        folder: str | None,
        addresses: Sequence[str],
    ) -> None:
        """Ask addresses of a vault, and add what follows to a result.

        `folder` is that of the cache (None: there is none).
        """
        from vaultlint.web.ask import Asking
        from vaultlint.web.known import Known

        started = perf_counter()
        settings = session.settings.file.references.web
        known = Known(folder, located.root, settings.max_age)
        with self._shown(started) as progress:
            asking = Asking(addresses, settings, known, progress)
            try:
                asking.run()
            finally:
                self._save(known)
        chosen = located.choose(frozenset(session.checked))
        session.add_web(result, asking.answers, chosen)
        self._tell(asking)
        self._accounts.add("addresses", started)

    @contextmanager
    def _shown(self, started: float) -> Iterator[Callable[[int, int], None] | None]:
        if not self._progress:
            yield None
            return
        from vaultlint.cli.progress import Progress

        progress = Progress(started, "addresses asked")
        try:
            yield progress
        finally:
            progress.clear()

    def _save(self, known: Known) -> None:
        try:
            known.save()
        except OSError as error:
            self._accounts.say(f"cache: answers not written: {error}")

    def _tell(self, asking: Asking) -> None:
        """How many addresses nothing can be told of, and in detail which."""
        answers = asking.answers
        unknown = {at: answer for at, answer in answers.items() if answer.verdict == "unknown"}
        self._accounts.say(f"{len(answers):,} addresses, {asking.asked:,} of them asked now")
        for address, answer in unknown.items():
            self._accounts.say(f"unknown: {address}: {answer.reason}")
        if unknown and not self._quiet:
            what = "address" if len(answers) == 1 else "addresses"
            text = f"{len(unknown):,} of {len(answers):,} {what} could not be checked"
            hint = "" if self._accounts.wanted else "; --verbose tells which, and why"
            click.echo(printable(f"{text}{hint}."), file=sys.stderr)
