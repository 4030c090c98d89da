"""Which of the installed extensions JupyterLab's page loads: none that only JupyterLite can load."""

from collections.abc import Callable
from typing import Any

# What `site` installs for the course in a browser tab. Beside a server, JupyterLab would fail to load it, and say so
# in the browser's console on every page.
JUPYTERLITES = "@jupyterlite/"
HOOK = "page_config_hook"

PageConfig = dict[str, Any]


def without_jupyterlites(handler: Any, page_config: PageConfig) -> PageConfig:
    """Takes JupyterLite's extensions out of what the page loads; for JupyterLab to call before it sends a page."""
    page_config["federated_extensions"] = [
        each
        for each in page_config.get("federated_extensions", [])
        if not each["name"].startswith(JUPYTERLITES)
    ]
    return page_config


def _then(own: Callable[[Any, PageConfig], PageConfig]) -> Callable[[Any, PageConfig], PageConfig]:
    return lambda handler, page_config: without_jupyterlites(handler, own(handler, page_config))


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """How a Jupyter server learns that this module extends it."""
    return [{"module": "autograder.lab.extensions"}]


def _load_jupyter_server_extension(app: Any) -> None:
    """Adds to what JupyterLab does before it sends a page: a hook of the person's own runs first."""
    settings = app.web_app.settings
    own = settings.get(HOOK)
    settings[HOOK] = _then(own) if own else without_jupyterlites
