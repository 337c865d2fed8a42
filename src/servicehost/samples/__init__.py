"""The sample message of a type, as the documentation pages and OpenAPI show it.

Every published member has a value: `String`, 0, false, an empty Guid, one element in a list, one pair in a
dictionary. A type that holds itself stops at its first appearance.
"""

from servicehost.contract.types import MessageModel
from servicehost.samples.as_json import json_text, json_value
from servicehost.samples.as_jsv import jsv_text
from servicehost.samples.as_xml import xml_text


def sample_text(model: MessageModel, format_name: str, namespace: str) -> str:
    """The sample of a message in a format, by the format's name.

    XML and JSV have a text of their own. Every other format shows the JSON text: that is what it understands as a
    request beside its own form. `namespace` is the XML namespace of messages that declare none.
    """
    match format_name:
        case "xml":
            return xml_text(model, namespace)
        case "jsv":
            return jsv_text(model)
        case _:
            return json_text(model)


__all__ = ["json_text", "json_value", "jsv_text", "sample_text", "xml_text"]
