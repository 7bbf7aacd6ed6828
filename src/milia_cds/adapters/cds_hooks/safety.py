"""What a service may not be set up to be: open to anybody, or read along by them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from milia_cds.adapters.cds_hooks.calls import absolute
from milia_cds.adapters.cds_hooks.tokens import Issuers
from milia_cds.errors import Problem, Problems, ProblemsError, quoted

_ORIGIN = re.compile(r"https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::[0-9]{1,5})?")


class SettingsError(ProblemsError):
    """The service cannot be run as it was set up."""

    subject = "The set-up of the service"


def refuse_unsafe(
    trusted: Issuers | None, base_url: str, origins: Iterable[str]
) -> None:
    """Refuse what `service` refuses, without making one.

    Parameters
    ----------
    trusted, base_url, origins
        As for `service`.

    Raises
    ------
    SettingsError
        When it could not be run safely so, with how to mend it.
    """
    problems = Problems()
    problems.extend(_of_base_url(base_url, trusted))
    for each in origins:
        if not _ORIGIN.fullmatch(each):
            mend = 'give it as "https://ehr.example.org", without a path'
            problems.append(
                Problem("origins", f"{quoted(each)} is no origin of a page", mend)
            )
    if problems:
        raise SettingsError(problems)


def _of_base_url(base_url: str, trusted: Issuers | None) -> Iterable[Problem]:
    given = quoted(base_url)
    mend = 'give one such as "https://cds.example.org"'
    if not absolute(base_url):
        yield Problem("base_url", f"{given} is no absolute URL", mend)
        return
    parts = urlsplit(base_url)
    plain = not (parts.query or parts.fragment or "@" in parts.netloc)
    if not plain or base_url.endswith(("/", "?", "#")):
        message = f"{given} ends in a slash, or has more than a host and a path"
        yield Problem("base_url", message, mend)
    local = loopback(parts.hostname)
    if not local and parts.scheme != "https":
        message = f"{given} is not https, so that anybody could read along"
        yield Problem("base_url", message, mend)
    if not local and trusted is None:
        message = "there are none, so that anybody could call"
        mend = "name the issuers of tokens and their keys, or stay on the loopback"
        yield Problem("trusted", message, mend)


def loopback(host: str | None) -> bool:
    """Whether a host is this machine as only it can be reached from itself."""
    if host == "localhost":
        return True
    try:
        return host is not None and ip_address(host).is_loopback
    except ValueError:
        return False
