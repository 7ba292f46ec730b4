"""How addresses of the web are asked: `[references.web]` in the configuration."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct


class WebSettings(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """How addresses of the web are asked, where `--online` wants it.

    Addresses that `ignore` names are not asked: a host with those below it, or a glob of addresses.
    `timeout` is that of one request, `delay` stands between two requests to a host, `budget` ends
    the asking; all in seconds. What was answered is not asked again for `max_age` days. At most
    `concurrency` requests are under way, `per_host` to one host. `anchors`: are the parts of pages
    there that addresses name? `allow_private`: addresses of the local network may be asked.
    """

    ignore: tuple[str, ...] = ()
    timeout: Annotated[float, Meta(gt=0, le=600)] = 10.0
    max_age: Annotated[float, Meta(ge=0, le=3650)] = 30.0
    concurrency: Annotated[int, Meta(ge=1, le=100)] = 16
    per_host: Annotated[int, Meta(ge=1, le=20)] = 2
    delay: Annotated[float, Meta(ge=0, le=600)] = 0.2
    budget: Annotated[float, Meta(gt=0, le=86_400)] = 300.0
    anchors: bool = False
    allow_private: bool = False
    user_agent: Annotated[str, Meta(pattern="^[ -~]*$", max_length=500)] = ""
