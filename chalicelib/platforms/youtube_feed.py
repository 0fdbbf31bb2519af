"""YouTube's Atom feed of videos as JSON, read by a hardened parser.

https://developers.google.com/youtube/v3/guides/push_notifications
"""

from chalicelib.errors import PayloadError
from chalicelib.platforms.tame import Json

FEED, VIDEO, DELETED_VIDEO = "zustaendig#feed", "zustaendig#video", "zustaendig#deletedVideo"

ATOM = "{http://www.w3.org/2005/Atom}"
YOUTUBE = "{http://www.youtube.com/xml/schemas/2015}"
TOMBSTONES = "{http://purl.org/atompub/tombstones/1.0}"  # https://www.rfc-editor.org/rfc/rfc6721

ENTRIES = {f"{ATOM}entry": VIDEO, f"{TOMBSTONES}deleted-entry": DELETED_VIDEO}
TEXTS = {
    (f"{YOUTUBE}videoId",): "videoId",
    (f"{YOUTUBE}channelId",): "channelId",
    (f"{ATOM}title",): "title",
    (f"{ATOM}published",): "published",
    (f"{ATOM}updated",): "updated",
    (f"{TOMBSTONES}by", f"{ATOM}uri"): "channel",  # a tombstone's only trace of the channel
}

ATTRIBUTES = frozenset({"ref", "when"})  # of a tombstone

DEEPEST = 32  # YouTube's feeds are four deep
MOST_ENTRIES = 5000


def parse(body: bytes) -> Json:
    """Read a feed into a list of its entries, in body order. No DTD, no entities, nothing external.

    Raises:
        PayloadError: it is not a feed, or no XML that we read.

    """
    from defusedxml import ElementTree  # noqa: PLC0415  (only the worker parses)

    reader = _Reader()
    parser = ElementTree.XMLParser(target=reader, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        parser.feed(body)
        parser.close()
    except (SyntaxError, ValueError, LookupError) as error:  # malformed, forbidden, unknown encoding
        raise PayloadError(f"the XML cannot be read: {type(error).__name__}") from error
    return {"kind": FEED, "items": reader.entries}


class _Reader:
    """Collects entries while the parser runs; nothing else is kept, so nothing can pile up."""

    def __init__(self) -> None:
        self.entries: list[dict[str, str]] = []
        self._path: list[str] = []
        self._text: list[str] | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._path.append(tag)
        if len(self._path) > DEEPEST:
            raise PayloadError(f"the XML is deeper than {DEEPEST}")
        if self._path[0] != f"{ATOM}feed":
            raise PayloadError("the XML is no Atom feed")
        if len(self._path) == 2 and tag in ENTRIES:  # noqa: PLR2004  (feed, entry)
            self._begin(ENTRIES[tag], attributes)
        self._text = [] if self._named() else None

    def _begin(self, kind: str, attributes: dict[str, str]) -> None:
        if len(self.entries) == MOST_ENTRIES:
            raise PayloadError(f"the feed has more than {MOST_ENTRIES} entries")
        self.entries.append({"kind": kind})
        for name in ATTRIBUTES & attributes.keys():
            self.entries[-1][name] = attributes[name]

    def _named(self) -> str | None:
        inside = len(self._path) > 1 and self._path[1] in ENTRIES
        return TEXTS.get(tuple(self._path[2:])) if inside else None

    def data(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def end(self, _tag: str) -> None:
        name = self._named()
        if name and self._text is not None:
            self.entries[-1][name] = "".join(self._text)
        self._text = None
        self._path.pop()

    def close(self) -> None: ...
