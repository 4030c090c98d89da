# JupyterHub's configuration for this folder. The settings themselves are in the course, autograder/hub/settings.py.
# What you set below them counts: another authenticator or spawner, certificates, limits of memory.
from pathlib import Path

from autograder.hub.settings import configure

c = get_config()  # type: ignore[name-defined]  # noqa: F821
configure(c, Path(__file__).parent)
