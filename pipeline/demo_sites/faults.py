"""What can go wrong with a page of a news site, as values that a demo site is told to show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One way to answer badly. Made by the class methods below; the fields mean what each of them says."""

    kind: str
    code: int = 200
    text: str = ""
    seconds: float = 0.0
    number: int = 0
    times: int | None = None
    """How many requests for one address are answered so before it is fine; None: all."""

    @classmethod
    def status(cls, code: int, retry_after: str | None = None, times: int | None = None) -> Fault:
        """An HTTP status such as 404 or 503; `retry_after` is that header, seconds or a date."""
        return cls("status", code, retry_after or "", times=times)

    @classmethod
    def then_fine(cls, code: int, times: int = 1, retry_after: str | None = None) -> Fault:
        """A status for the first `times` requests of an address, then the page."""
        return cls.status(code, retry_after, times)

    @classmethod
    def slow(cls, seconds_per_chunk: float, chunks: int) -> Fault:
        """The page in so many pieces, with a pause before each."""
        return cls("slow", seconds=seconds_per_chunk, number=max(1, chunks))

    @classmethod
    def hang(cls, seconds: float) -> Fault:
        """Nothing for so many seconds, then the page."""
        return cls("hang", seconds=seconds)

    @classmethod
    def redirect(cls, to: str, code: int = 302) -> Fault:
        """To another path or a whole URL."""
        return cls("redirect", code, to)

    @classmethod
    def redirect_loop(cls) -> Fault:
        """To the address itself, for ever."""
        return cls("redirect_loop", 302)

    @classmethod
    def endless(cls) -> Fault:
        """HTML that does not stop until the client goes away."""
        return cls("endless")

    @classmethod
    def gzip_bomb(cls, megabytes: int) -> Fault:
        """A small answer that unpacks to so many megabytes."""
        return cls("gzip_bomb", number=megabytes)

    @classmethod
    def wrong_charset(cls, declared: str) -> Fault:
        """The page's own bytes, declared as another charset in the header and in the page."""
        return cls("wrong_charset", text=declared)

    @classmethod
    def truncated(cls) -> Fault:
        """Half of the page under the Content-Length of the whole, then the end of the connection."""
        return cls("truncated")

    @classmethod
    def not_html(cls, content_type: str) -> Fault:
        """A file of that type, such as `application/pdf`, instead of the page."""
        return cls("not_html", text=content_type)

    @classmethod
    def challenge(cls, code: int = 503) -> Fault:
        """A bot check with status 200, 403 or 503."""
        return cls("challenge", code)

    @classmethod
    def empty_shell(cls) -> Fault:
        """A page that only a script would fill."""
        return cls("empty_shell")

    @classmethod
    def soft_404(cls) -> Fault:
        """A page that says "not found" with status 200."""
        return cls("soft_404")

    @classmethod
    def huge_headers(cls) -> Fault:
        """The page under a header of 80 kB."""
        return cls("huge_headers")

    @classmethod
    def reset(cls) -> Fault:
        """The connection closed without an answer."""
        return cls("reset")


# What `parse_fault` takes: the kind, and a type for each of its values.
_WRITTEN: dict[str, tuple[Callable[..., Fault], tuple[Callable[[str], object], ...]]] = {
    "status": (Fault.status, (int, str)),
    "then_fine": (Fault.then_fine, (int, int)),
    "slow": (Fault.slow, (float, int)),
    "hang": (Fault.hang, (float,)),
    "redirect": (Fault.redirect, (str,)),
    "redirect_loop": (Fault.redirect_loop, ()),
    "endless": (Fault.endless, ()),
    "gzip_bomb": (Fault.gzip_bomb, (int,)),
    "wrong_charset": (Fault.wrong_charset, (str,)),
    "truncated": (Fault.truncated, ()),
    "not_html": (Fault.not_html, (str,)),
    "challenge": (Fault.challenge, (int,)),
    "empty_shell": (Fault.empty_shell, ()),
    "soft_404": (Fault.soft_404, ()),
    "huge_headers": (Fault.huge_headers, ()),
    "reset": (Fault.reset, ()),
}


def parse_fault(written: str) -> Fault:
    """A fault as people write it: its kind, then its values behind commas.

    Raises `ValueError` that names what is possible.

    >>> parse_fault("then_fine,503,2").times
    2
    """
    kind, *values = written.split(",")
    try:
        make, types = _WRITTEN[kind]
        if len(values) > len(types):
            raise ValueError
        return make(*(as_type(value) for as_type, value in zip(types, values, strict=False)))
    except KeyError:
        raise ValueError(f"{kind!r} is none of the faults {', '.join(_WRITTEN)}") from None
    except (TypeError, ValueError):
        raise ValueError(f"{written!r}: the values of {kind} are not right, see Fault.{kind}") from None
