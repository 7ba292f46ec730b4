"""VL112 case-mismatch-link."""

from vaultlint.facts import clean_name
from vaultlint.rule import Found, LiveLink, NoOptions, VaultContext, rule
from vaultlint.wording import retarget


@rule("case-mismatch-link", "VL112", group="links", severity="info", default=False)
def check(live: LiveLink, ctx: VaultContext[NoOptions]) -> Found:
    """A link and its file differ in letter case.

    ## What it does
    Compares a link with the path of the file that it leads to. Obsidian takes both letter cases as
    equal; web servers and tools on Linux do not.

    ## Why
    The link works in Obsidian, and is a dead end on the published site.

    ## Bad
    ````md Trade.md
    See [[tariffs]] and [rules](customs/Rules.md).
    %%  ^^^^^^^^^^^ case-mismatch-link: the file is `Tariffs.md`: in another letter case the link breaks outside Obsidian
    %%                  ^^^^^^^^^^^^^^^^^^^^^^^^^ case-mismatch-link: the file is `Customs/Rules.md`: in another letter case the link breaks outside Obsidian
    ````
    ````md Tariffs.md
    ````
    ````md Customs/Rules.md
    ````

    ## Good
    ````md Trade.md
    See [[Tariffs|tariffs]].
    ````
    ````md Tariffs.md
    ````
    """
    link, resolution = live
    if resolution.target is None or not link.path or link.commented:
        return
    written = clean_name(link.path).removesuffix(".md").lstrip("./")
    actual = clean_name(resolution.target).removesuffix(".md")
    tail = actual[-len(written) :] if written else ""
    if tail == written or tail.lower() != written.lower():
        return
    start = link.path.lower().rfind(written.lower())
    right = link.path[:start] + tail + link.path[start + len(written) :]
    yield ctx.violation(
        link.span,
        f"the file is `{resolution.target}`: in another letter case the link breaks outside Obsidian",
        [retarget(link, right + link.subpath)],
    )
