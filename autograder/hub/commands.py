"""The command `hub`."""

import os
import secrets
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from autograder.grading.errors import GradeFault
from autograder.terminal import commands, err, fail

app = commands()

TRY_OUT = """\
This is for trying it out: everybody, students and instructors, works in your own account, with the password
  {password}
Who knows it can read and change whatever you can. For a class start it as root, without --try-out."""


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def hub(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Its classes are in FOLDER/classes.")],
    try_out: Annotated[
        bool, typer.Option("--try-out", help="Everybody in your own account, with one password.")
    ] = False,
) -> None:
    """Starts a JupyterHub with the classes in FOLDER/classes. Further options go to JupyterHub: `--url http://127.0.0.1:9000`."""
    if os.name == "nt":
        fail("JupyterHub does not run on Windows: use Linux or macOS")
    from autograder.hub import access, proxy
    from autograder.hub.folder import HubFolder, prepare
    from autograder.hub.settings import PASSWORD_VARIABLE

    served = HubFolder(folder.resolve())
    root = os.geteuid() == 0
    if not (root or try_out):
        fail(
            "servers in the accounts of this machine's users need root: use sudo, or try it out with --try-out"
        )
    try:
        proxy.install(err.print)
        courses = prepare(served, root and not try_out)
        if not try_out:
            access.see_to_it(served, courses)
    except (GradeFault, OSError) as fault:
        fail(str(fault))
    if not served.config.exists():
        shutil.copy(Path(__file__).with_name(served.config.name), served.config)
    for each in courses:
        students = len(each.students())
        many = "" if students == 1 else "s"
        err.print(f"{each.id}: {students} student{many}, instructors: {', '.join(each.instructors())}")
    environment = dict(os.environ)
    if try_out:
        password = environment.setdefault(PASSWORD_VARIABLE, secrets.token_urlsafe(9))
        err.print(TRY_OUT.format(password=password))
    else:
        environment.pop(PASSWORD_VARIABLE, None)
    os.chdir(served.state)
    command = [sys.executable, "-P", "-m", "jupyterhub", "--config", str(served.config), *context.args]
    os.execve(sys.executable, command, environment)
