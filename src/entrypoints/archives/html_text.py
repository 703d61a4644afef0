"""Converts the HTML of posts to plain text."""

from html.parser import HTMLParser

_BREAKS = {"p": "\n\n", "div": "\n\n", "blockquote": "\n\n", "ul": "\n\n", "ol": "\n\n", "li": "\n"}
_HIDDEN = {"script", "style"}


def html_to_text(html: str) -> str:
    """Return the visible text with line breaks. Links are their text; Mastodon's hidden parts of addresses are kept, so
    that these stay complete."""
    reader = _TextReader()
    reader.feed(html)
    reader.close()
    lines = "".join(reader.parts).split("\n")
    text = "\n".join(line.strip() for line in lines).strip()
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text


class _TextReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 — of the base class
        if tag == "br":
            self.parts.append("\n")
        self._hidden += tag in _HIDDEN
        self.parts.append(_BREAKS.get(tag, ""))

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - (tag in _HIDDEN))
        self.parts.append(_BREAKS.get(tag, ""))

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data.replace("\n", " "))
