"""XML documents, made by lxml."""

import re
from collections.abc import Mapping

from lxml import etree

# What no XML document can have (XML 1.0, section 2.2), however it is escaped.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Element:
    """An element of one namespace, to which others are added."""

    def __init__(self, node: etree._Element) -> None:
        self._node = node

    @classmethod
    def root(cls, namespace: str, name: str) -> "Element":
        """Return the root of a new document, whose elements have this namespace."""
        return cls(etree.Element(f"{{{namespace}}}{name}", nsmap={None: namespace}))

    def add(
        self, name: str, text: str | None = None, attributes: Mapping[str, str] | None = None
    ) -> "Element":
        """Add an element and return it. Characters that XML does not have are left out."""
        namespace = etree.QName(self._node).namespace
        node = etree.SubElement(self._node, f"{{{namespace}}}{name}")
        if text is not None:
            node.text = _NO_XML.sub("", text)
        for key, value in (attributes or {}).items():
            node.set(key, _NO_XML.sub("", value))
        return Element(node)

    def document(self) -> bytes:
        """Return the document that begins with this element."""
        return etree.tostring(self._node, encoding="utf-8", xml_declaration=True)
