"""Bodies in XML that no hub sends; of all platforms, only those that read XML look into them."""

ATOM = 'xmlns="http://www.w3.org/2005/Atom"'
NOBODY = "http://127.0.0.1:9/a"  # nothing listens there, and nothing must ask
_LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))


def _declaring(declarations: str, inside: str = "") -> str:
    return f"<!DOCTYPE feed [{declarations}]>{_feed(inside)}"


def _feed(inside: str = "", attributes: str = "") -> str:
    return f"<feed {ATOM} {attributes}>{inside}</feed>"


_TEXTS: dict[str, str] = {
    "billion laughs": _declaring(f'<!ENTITY l0 "ha">{_LAUGHS}', "<title>&l9;</title>"),
    "quadratic": _declaring(f'<!ENTITY a "{"a" * 50_000}">', "&a;" * 50_000),
    "recursion": _declaring('<!ENTITY a "&b;"><!ENTITY b "&a;">', "&a;"),
    "external file": _declaring('<!ENTITY x SYSTEM "file:///etc/hostname">', "&x;"),
    "external address": _declaring(f'<!ENTITY x SYSTEM "{NOBODY}">', "&x;"),
    "parameter entity": _declaring(f'<!ENTITY % p SYSTEM "{NOBODY}"> %p;'),
    "declared and not used": _declaring('<!ENTITY a "a">'),
    "default attribute": _declaring('<!ATTLIST entry id CDATA "1">', "<entry/>"),
    "external DTD": f'<!DOCTYPE feed SYSTEM "{NOBODY}">{_feed()}',
    "public DTD": f'<!DOCTYPE feed PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "{NOBODY}">{_feed()}',
    "harmless DTD": f"<!DOCTYPE feed>{_feed()}",
    "inclusion": _feed(f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{NOBODY}"/>'),
    "stylesheet": f'<?xml-stylesheet href="{NOBODY}"?>{_feed()}',
    "processing instruction": f"<?php phpinfo(); ?>{_feed()}",
    "deep": _feed("<entry>" * 10_000 + "</entry>" * 10_000),
    "deep and open": f"<feed {ATOM}>" + "<a>" * 200_000,
    "many entries": _feed("<entry/>" * 100_000),
    "many attributes": _feed(attributes=" ".join(f'a{n}="{n}"' for n in range(20_000))),
    "same attribute": _feed(attributes='a="1" a="2"'),
    "long name": _feed(f"<{'a' * 100_000}/>"),
    "prefix of nobody": "<feed><yt:videoId>1</yt:videoId></feed>",
    "other root": "<rss><channel><item/></channel></rss>",
    "other namespace": '<feed xmlns="http://www.w3.org/1999/xhtml"><entry/></feed>',
    "empty feed": _feed(),
    "empty entry": _feed("<entry/>"),
    "cut off": f"<feed {ATOM}><entry><title>a",
    "two roots": _feed() * 2,
    "text around": f"a{_feed()}b",
    "NUL": _feed("\0"),
    "NUL reference": _feed("&#0;"),
    "surrogate reference": _feed("<entry><title>&#xD800;</title></entry>"),
    "unknown encoding": f'<?xml version="1.0" encoding="rot13"?>{_feed()}',
    "lying encoding": f'<?xml version="1.0" encoding="utf-16"?>{_feed()}',
    "encoding of many bytes": f'<?xml version="1.0" encoding="utf-7"?>{_feed()}',
    "version 1.1": f'<?xml version="1.1"?>{_feed("&#1;")}',
    "declaration alone": '<?xml version="1.0"?>',
}

XML_BODIES: dict[str, bytes] = {f"XML: {name}": text.encode() for name, text in _TEXTS.items()}

REFUSED_XML = [name for name, text in XML_BODIES.items() if b"<!DOCTYPE" in text or "deep" in name]
"""What declares anything, or is deeper than any feed: it is refused before it is read."""
