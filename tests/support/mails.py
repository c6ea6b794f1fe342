"""Reading the HTML part of a mail as its reader sees it."""

from html.parser import HTMLParser

from pfmp_saas.core.mail import OutgoingMail

_UNSEEN = {"style", "title"}
_VOID = {"br", "meta"}


class SeenMail(HTMLParser):
    """The words that are seen (``words``, buttons apart), the addresses that links lead to, and every tag."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.buttons: list[str] = []
        self._open: list[str] = []
        self._seen: list[str] = []
        self.feed(html)
        self.close()
        assert not self._open, self._open

    @property
    def words(self) -> list[str]:
        return "".join(self._seen).split()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append(tag)
        if "href" in values:
            self.links.append(str(values["href"]))
        if tag == "br":
            self._seen.append("\n")
        if tag not in _VOID:
            self._open.append("button" if values.get("class") == "button" else tag)

    def handle_endtag(self, tag: str) -> None:
        opened = self._open.pop()
        assert opened in {tag, "button"}, (opened, tag)

    def handle_data(self, data: str) -> None:
        if "button" in self._open:
            self.buttons.append(data)
        elif not _UNSEEN & set(self._open):
            self._seen.append(data)


def sent_as(row: OutgoingMail) -> str:
    """The identifier of a row's message: its own, in its sender's domain."""
    return row.message_id.replace("@pfmp>", "@pfmp.example>")
