"""An XML file as records, each with the line where it begins: what ElementTree does not tell."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers.expat import ExpatError, ParserCreate

DEEPEST = 40


class BadXml(ValueError):
    """What is no well-formed XML, or declares entities; ``line`` says where, the message is French."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.line = line


@dataclass
class Node:
    """An element: its name, attributes, text, children, and line."""

    name: str
    attributes: dict[str, str]
    line: int
    text: str = ""
    children: list["Node"] = field(default_factory=list)

    def under(self, name: str) -> Iterator["Node"]:
        """Yield the elements of that name, at any depth."""
        for child in self.children:
            if child.name == name:
                yield child
            yield from child.under(name)

    def value(self, name: str) -> str:
        """Return the text of the first child of that name, without blanks around; "" where there is none."""
        return next((child.text.strip() for child in self.children if child.name == name), "")


class _Tree:
    """The elements met so far; the first of ``path`` stands for the file."""

    def __init__(self) -> None:
        self.parser = ParserCreate()
        self.path = [Node("", {}, 1)]
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.EntityDeclHandler = self._entity

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        line = self.parser.CurrentLineNumber
        if len(self.path) > DEEPEST:
            raise BadXml("le fichier est trop imbriqué", line)
        node = Node(name, attributes, line)
        self.path[-1].children.append(node)
        self.path.append(node)

    def _end(self, _name: str) -> None:
        self.path.pop()

    def _text(self, text: str) -> None:
        self.path[-1].text += text

    def _entity(self, *_declared: object) -> NoReturn:
        """Refuse entities: a few lines of them may stand for millions, and SIECLE writes none."""
        line = self.parser.CurrentLineNumber
        raise BadXml("le fichier déclare des entités : ce n’est pas un export de SIECLE", line)


def read(content: bytes) -> Node:
    """Return the root of an XML file. Raises BadXml."""
    tree = _Tree()
    try:
        tree.parser.Parse(content, True)
    except ExpatError as error:
        raise BadXml("le fichier est abîmé ou incomplet : exportez-le de nouveau", error.lineno) from error
    except (LookupError, ValueError) as error:
        if isinstance(error, BadXml):
            raise
        raise BadXml("son encodage n’est pas connu : exportez-le de nouveau", 1) from error
    return tree.path[0].children[0]
