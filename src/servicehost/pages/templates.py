"""Templates of a package, combined with the layout of the host."""

from typing import Final

from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, StrictUndefined

from servicehost.pages.style import STYLE

LAYOUT: Final = "pages"
"""Prefix of the host's own templates, such as `pages/layout.html`."""


class Templates:
    """The templates of one package. Values are escaped; a missing value is an error."""

    def __init__(self, package: str) -> None:
        """Load the templates from the folder `templates` of `package`, an importable name."""
        layout = PrefixLoader({LAYOUT: PackageLoader("servicehost.pages")})
        self._environment = Environment(
            loader=ChoiceLoader([layout, PackageLoader(package)]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,  # otherwise every page checks whether its template files have changed
        )
        self._environment.globals["style"] = STYLE

    def render(self, name: str, **values: object) -> str:
        """Render a template with these values."""
        return self._environment.get_template(name).render(values)


__all__ = ["LAYOUT", "Templates"]
