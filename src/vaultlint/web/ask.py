"""Asks all addresses of a vault within the budget, and tells what came of each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from time import monotonic
from typing import NamedTuple
from urllib.parse import unquote

from yarl import URL

from vaultlint.answers import Answer
from vaultlint.web.addresses import NotAsked, host_name, is_left_out, read_url, require_public
from vaultlint.web.fetch import Fetcher
from vaultlint.web.fragments import names_part
from vaultlint.web.known import Entry, Known
from vaultlint.web.pace import Pace
from vaultlint.web.verdicts import Verdict, judge
from vaultlint.web_settings import WebSettings

#: Seconds for what is under way to end, when the budget has.
_GRACE = 1.0
#: So many rounds of the loop it takes until what is closed is gone.
_CLOSING = 4
#: So many addresses that answered before are asked whether the network is there.
_WITNESSES = 3
_NO_TIME = Answer("unknown", "there was no time left to ask")


class _Question(NamedTuple):
    """An address without its fragment, and the parts of its page that are asked about."""

    url: URL
    parts: tuple[str, ...]


class Asking:
    """The addresses of a vault, each distinct one once.

    `progress` is told how many of those that have to be asked are. `asked` counts them.
    """

    def __init__(
        self,
        addresses: Iterable[str],
        settings: WebSettings,
        known: Known,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self._settings = settings
        self._known = known
        self._progress = progress
        self._urls: dict[str, URL] = {}
        self._entries: dict[URL, Entry] = {}
        self._refused: dict[str, Answer] = {}
        self._doubtful: dict[URL, Verdict] = {}
        self.asked = 0
        parts: dict[URL, dict[str, None]] = {}
        for address in dict.fromkeys(addresses):
            self._sort(address, parts)
        self._questions = [
            _Question(url, tuple(names))
            for url, names in parts.items()
            if self._is_open(url, names)
        ]

    def _sort(self, address: str, parts: dict[URL, dict[str, None]]) -> None:
        """Sort an address into those that are asked, those that cannot be, and the others."""
        try:
            url = read_url(address)
            if is_left_out(url, self._settings):
                return
            if not self._settings.allow_private:
                require_public(url)
        except NotAsked as error:
            self._refused[address] = Answer("unknown", str(error))
            return
        self._urls[address] = url
        names = parts.setdefault(url, {})
        part = unquote(address.partition("#")[2])
        if self._settings.anchors and names_part(part):
            names[part] = None

    def _is_open(self, url: URL, parts: Iterable[str]) -> bool:
        """Must an address be asked? Not where it was, and no part of its page is new."""
        entry = self._known.get(str(url))
        if entry is None or (entry.verdict == "alive" and not set(parts) <= entry.parts.keys()):
            return True
        self._entries[url] = entry
        return False

    @property
    def answers(self) -> Mapping[str, Answer]:
        """What came of each address; of what is left out nothing."""
        found = {address: self._answer(address, url) for address, url in self._urls.items()}
        return {**self._refused, **found}

    def _answer(self, address: str, url: URL) -> Answer:
        entry = self._entries.get(url)
        if entry is None:
            return _NO_TIME
        raw = address.partition("#")[2]
        part = unquote(raw)
        if self._settings.anchors and not entry.parts.get(part, True):
            return Answer("dead", f"the page has no part `#{part}`")
        answer = entry.answer
        if not raw:
            return answer
        return answer._replace(
            moved_to=_with_fragment(answer.moved_to, raw), secure=_with_fragment(answer.secure, raw)
        )

    def run(self) -> None:
        """Ask. An interrupt ends it, and leaves what was answered until then."""
        if self._questions:
            asyncio.run(self._run())

    async def _run(self) -> None:
        asyncio.get_running_loop().set_exception_handler(lambda *_: None)  # what servers break off
        deadline = monotonic() + self._settings.budget
        fetcher = Fetcher(self._settings, Pace(self._settings, deadline))
        tasks = [asyncio.create_task(self._ask(fetcher, each)) for each in self._questions]
        try:
            await asyncio.wait(tasks, timeout=self._settings.budget)
            if self._doubtful:
                remaining = max(0.0, deadline - monotonic())
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._find_witness(fetcher), remaining)
            self._settle(fetcher)
        finally:
            for task in tasks:
                task.cancel()
            with suppress(TimeoutError):
                async with asyncio.timeout(_GRACE):
                    await asyncio.gather(*tasks, return_exceptions=True)
                    await fetcher.close()
                    for _ in range(_CLOSING):
                        await asyncio.sleep(0)

    async def _ask(self, fetcher: Fetcher, question: _Question) -> None:
        url = question.url
        try:
            verdict = await judge(fetcher, url, question.parts)
        except Exception as error:  # noqa: BLE001  # whatever a server does, it changes only this
            reason = f"it could not be asked ({type(error).__name__})"
            verdict = Verdict(Answer("unknown", reason), {}, lasts=False)
        if verdict.needs_witness:
            self._doubtful[url] = verdict
        else:
            self._note(url, verdict)
        self.asked += 1
        if self._progress is not None:
            self._progress(self.asked, len(self._questions))

    def _note(self, url: URL, verdict: Verdict) -> None:
        answer, parts, lasts, _ = verdict
        self._entries[url] = self._known.put(str(url), answer, parts, lasts=lasts)

    async def _find_witness(self, fetcher: Fetcher) -> None:
        """Ask what answered before, where nothing that answers was asked."""
        alive = [url for url, entry in self._entries.items() if entry.verdict == "alive"]
        alive.sort(key=lambda url: url.scheme != "https")
        for url in alive[:_WITNESSES]:
            if all(self._has_witness(fetcher, *doubt) for doubt in self._doubtful.items()):
                return
            await judge(fetcher, url, ())

    def _settle(self, fetcher: Fetcher) -> None:
        """Believe what may be the network's fault where another host answered."""
        for url, verdict in self._doubtful.items():
            if self._has_witness(fetcher, url, verdict):
                self._note(url, verdict)
            else:
                reason = f"{verdict.answer.reason}, but no other host answered either"
                self._note(url, Verdict(Answer("unknown", reason), {}, lasts=False))

    @staticmethod
    def _has_witness(fetcher: Fetcher, url: URL, verdict: Verdict) -> bool:
        own, way = host_name(url), verdict.needs_witness
        return any(host != own and way in ("any", scheme) for scheme, host in fetcher.reached)


def _with_fragment(address: str, fragment: str) -> str:
    """An address that lacks a fragment with one; none stays none."""
    return f"{address}#{fragment}" if address and "#" not in address else address
