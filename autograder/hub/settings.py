"""JupyterHub's settings for the course, for the file jupyterhub_config.py in a hub's folder.

As root: the machine's own users, each with a server of their own account. For trying it out: everybody in one account,
with one password.
"""

import contextlib
import os
import random
import socket
import sys
from pathlib import Path
from typing import Any

from autograder import course, lab
from autograder.hub import proxy
from autograder.hub.folder import INSTRUCTORS, HubCourse, HubError, HubFolder, groups_of

# Set by `hub --try-out`: the password with which everybody logs in.
PASSWORD_VARIABLE = "AUTOGRADER_HUB_PASSWORD"
SERVER = [sys.executable, "-P", "-m", "jupyterhub.singleuser"]
PORTS = range(20_000, 32_000)
SECONDS = 300  # for a server to start, on a busy machine
ALLOW_ROOT = ["--allow-root"]  # for who tries it out as root
# What a server's token may ask the hub: who its person is, and in which courses.
SCOPES = ["users:activity!user", "access:servers!server", "read:users:name!user", "read:users:groups!user"]


def configure(config: Any, folder: Path) -> None:
    """Sets in JupyterHub's configuration object `config` what the hub in `folder` needs."""
    hub = HubFolder(folder.resolve())
    courses = hub.courses()
    password = os.environ.get(PASSWORD_VARIABLE)
    _places(config, hub)
    _who(config, hub, password)
    _students_servers(config, hub, [] if password is None else ALLOW_ROOT)
    config.JupyterHub.services = [_formgrader(each, as_owner=password is None) for each in courses]
    config.JupyterHub.load_roles = [
        {
            "name": f"formgrader-{number}",
            "scopes": [f"access:services!service={each.id}"],
            "groups": [INSTRUCTORS + each.id],
        }
        for number, each in enumerate(courses, 1)
    ]


def _places(config: Any, hub: HubFolder) -> None:
    """Ports and files. All that the hub knows of people it reads from the classes, so its own database is not kept."""
    config.JupyterHub.bind_url = "http://127.0.0.1:8000"  # only this machine; `--url` says otherwise
    config.JupyterHub.hub_port = free_port()
    config.JupyterHub.db_url = "sqlite:///:memory:"
    config.JupyterHub.cookie_secret_file = str(hub.state / "cookie_secret")
    config.ConfigurableHTTPProxy.command = proxy.command()
    config.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{free_port()}"
    config.ConfigurableHTTPProxy.pid_file = str(hub.state / "proxy.pid")


def _who(config: Any, hub: HubFolder, password: str | None) -> None:
    """Who may log in: whoever stands in a class's roster or is its instructor, as the files say at that moment."""
    from tornado.web import HTTPError

    def in_a_course(authenticator: Any, handler: Any, person: dict[str, Any]) -> dict[str, Any]:
        groups = groups_of(person["name"], hub.courses())
        if not groups:
            raise HTTPError(403, f"{person['name']} is in no course here: ask your instructor.")
        return person | {"groups": groups}

    config.Authenticator.allow_all = True
    config.Authenticator.manage_groups = True
    config.Authenticator.post_auth_hook = in_a_course
    config.JupyterHub.authenticator_class = "pam"
    config.JupyterHub.spawner_class = "localprocess"
    if password:
        config.JupyterHub.authenticator_class = "shared-password"
        config.SharedPasswordAuthenticator.user_password = password
        config.JupyterHub.spawner_class = "simple"
        config.SimpleLocalProcessSpawner.home_dir_template = str(hub.homes / "{username}")


def _students_servers(config: Any, hub: HubFolder, further: list[str]) -> None:
    """JupyterLab as `lab` sets it up, with the students' copy of the course in the place of this one."""
    theirs = hub.students / "course"

    def there(path: object) -> str:
        return str(path).replace(str(course.ROOT), str(theirs))

    config.Spawner.cmd = SERVER
    config.Spawner.args = [there(option) for option in lab.options()] + further
    config.Spawner.default_url = "/lab"
    config.Spawner.server_token_scopes = SCOPES
    config.Spawner.start_timeout = config.Spawner.http_timeout = SECONDS
    settings = [*map(there, lab.configuration()), str(hub.students)]
    config.Spawner.environment = _environment() | {
        "JUPYTER_CONFIG_PATH": os.pathsep.join(settings),
        "PYTHONPATH": str(theirs),
    }


def _formgrader(one: HubCourse, as_owner: bool) -> dict[str, Any]:
    """A course's formgrader: a JupyterLab on the class folder, which the course's instructors share."""
    command = [*SERVER, *lab.options(), f"--ServerApp.root_dir={one.path}"]
    environment = _environment() | lab.environment(for_students=False)
    account = {"user": one.owner}
    if not as_owner:
        command += ALLOW_ROOT
        environment |= {"HOME": str(Path.home()), "USER": one.owner}
        account = {}
    return account | {
        "name": one.id,
        "url": f"http://127.0.0.1:{free_port()}",
        "command": command,
        "cwd": str(one.path),
        "environment": environment,
        "timeout": SECONDS,
        "oauth_no_confirm": True,
    }


def _environment() -> dict[str, str]:
    """Has Jupyter find what is installed with the course before anything else."""
    here = os.path.join(sys.prefix, "share", "jupyter")
    return {"JUPYTER_PATH": here, "PATH": os.environ.get("PATH", os.defpath)}


def free_port() -> int:
    """A port of this machine that nothing listens on, and that no system gives away for outgoing connections."""
    for port in random.sample(PORTS, 100):
        with socket.socket() as trial, contextlib.suppress(OSError):
            trial.bind(("127.0.0.1", port))
            return port
    raise HubError("no port of this machine is free")
