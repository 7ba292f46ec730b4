"""VL405 reference-url-only."""

from msgspec import Struct

from vaultlint.parse.note import ParsedNote
from vaultlint.references import addresses, host_of, is_address_alone, note_entries
from vaultlint.rule import Found, NoteContext, rule


class Options(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """`allow-domains`: hosts whose addresses say enough, and those below them."""

    allow_domains: tuple[str, ...] = ()


@rule("reference-url-only", "VL405", group="references", severity="info", default=False)
def check(note: ParsedNote, ctx: NoteContext[Options]) -> Found:
    """An entry of a reference section is an address and nothing else.

    ## What it does
    Reports entries without a word beside their address, and links that show nothing but it.
    `allow-domains` names the hosts, with those below them, whose addresses say enough: `doi.org`.
    Off by default: who lists addresses does so in all notes, and most of them tell their page.

    ## Why
    When the page has moved, nobody knows what to look for.

    ## Bad
    ````md Trade.md
    ## References
    - https://example.org/ports
    %%^^^^^^^^^^^^^^^^^^^^^^^^^ reference-url-only: this reference is an address alone: add author and title
    ````

    ## Good
    ````md Trade.md
    ## References
    - [Why the ports are full](https://example.org/ports)
    ````
    """
    for entry in note_entries(note, ctx.shared.references.names):
        if is_address_alone(entry):
            hosts = [host_of(address) for address in addresses(entry)]
            if not all(_is_allowed(host, ctx.options.allow_domains) for host in hosts):
                message = "this reference is an address alone: add author and title"
                yield ctx.violation(entry.span, message, [f"[…]({addresses(entry)[0]})"])


def _is_allowed(host: str, domains: tuple[str, ...]) -> bool:
    return any(host == domain.lower() or host.endswith(f".{domain.lower()}") for domain in domains)
