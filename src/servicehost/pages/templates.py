"""The templates of a package, together with the layout of the host."""

from typing import Final

from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, StrictUndefined

from servicehost.pages.style import STYLE

LAYOUT: Final = "pages"
"""Templates say `pages/layout.html` for what this package has."""


class Templates:
    """The templates of one package. Every value is escaped; a value that is missing is an error."""

    def __init__(self, package: str) -> None:
        """Take the templates from the folder `templates` of `package`, an importable name."""
        layout = PrefixLoader({LAYOUT: PackageLoader("servicehost.pages")})
        self._environment = Environment(
            loader=ChoiceLoader([layout, PackageLoader(package)]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,  # else every page looks whether the files of its templates have changed
        )
        self._environment.globals["style"] = STYLE

    def render(self, name: str, **values: object) -> str:
        """The page that a template makes of the values."""
        return self._environment.get_template(name).render(values)


__all__ = ["LAYOUT", "Templates"]
