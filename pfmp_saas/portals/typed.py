"""The texts that a browser sends, made fit to store: PostgreSQL accepts no NUL character, and nobody types one."""

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.utils import cached_property


class TypedRequest(Request):
    """A request whose texts can all be stored: no NUL character, no lone surrogate."""

    def _load_form_data(self) -> None:
        loaded = "form" in self.__dict__
        super()._load_form_data()
        if not loaded:
            self.__dict__["form"] = _clean(self.__dict__["form"])

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """Return the query's parameters."""
        return _clean(super().args)


def _clean(fields: MultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    return ImmutableMultiDict((storable(name), storable(text)) for name, text in fields.items(multi=True))


def storable(text: str) -> str:
    """Return ``text`` without NUL characters, its lone surrogates replaced by the replacement character."""
    return text.replace("\x00", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
