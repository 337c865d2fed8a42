"""Sample messages for the documentation pages and OpenAPI.

Every published member has a value: `String`, 0, false, an empty Guid, a list of one element, a dictionary of one pair.
Recursion stops at the first repetition of a type.
"""

from servicehost.contract.types import MessageModel
from servicehost.samples.as_json import json_text, json_value
from servicehost.samples.as_jsv import jsv_text
from servicehost.samples.as_xml import xml_text


def sample_text(model: MessageModel, format_name: str, namespace: str) -> str:
    """Return the sample of a message in a format, given by name.

    XML and JSV have samples of their own. All other formats show the JSON text, which they also accept as a request.
    `namespace` is the XML namespace of messages that do not declare one.
    """
    match format_name:
        case "xml":
            return xml_text(model, namespace)
        case "jsv":
            return jsv_text(model)
        case _:
            return json_text(model)


__all__ = ["json_text", "json_value", "jsv_text", "sample_text", "xml_text"]
