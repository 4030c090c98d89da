"""Rows 20 and 21: the class's own files, and what is handed in as something else than plain files."""

import json
import os
import socket

from autograder.grading.submission.session import UNREADABLE
from autograder.tests.hostile.paper import LESSON, RIGHT, Paper, attack

# ------------------------------------------------------------------------------------------- 20: the class's files


@attack(20, right=True)
def everything_overwritten(paper: Paper) -> None:
    """Every path that the strongest attacker knows is written to, replaced, linked, emptied."""
    known = [str(place) for place in paper.places.values()]
    paper.first(
        f"import os, shutil, sys\nknown = {known!r}\n"
        "known += [sys.prefix, '/usr/bin', '/etc', '/root', '/home', '/scratch', '/proc/1', '/dev', '/', '../..']\n"
        "found = []\n"
        "for place in known:\n"
        "    for root, folders, names in os.walk(place):\n"
        "        folders[:] = [name for name in folders if root != '/' or name not in ('tmp', 'usr', 'proc')][:9]\n"
        "        found += [os.path.join(root, name) for name in [*folders, *names][:9]] if len(found) < 2000 else []\n"
        "went = []\n"
        "for path in known + found:\n"
        "    for how in (lambda: open(path, 'a').close(), lambda: open(path + '/x', 'w').close(),\n"
        "                lambda: os.unlink(path),\n"
        "                lambda: os.rename(path, path + '.old'), lambda: os.symlink('/etc/passwd', path),\n"
        "                lambda: os.chmod(path, 0o777), lambda: shutil.rmtree(path)):\n"
        "        try:\n            how()\n            went.append(path)\n        except OSError:\n            pass\n"
        "own = ('/dev/shm',)\n"
        "print(sorted({path for path in went if path[0] == '/' and path not in own}))"
    )


@attack(20, right=True)
def the_warm_process_poisoned(paper: Paper) -> None:
    """What the next submission will be a copy of: modules, caches, the kit's files, the scratch folder."""
    paper.last(
        "import autograder.kit, os, sys\nimport numpy as np\n"
        "np.exp = np.max = np.sum = lambda *_, **__: 0\nautograder.kit.check = None\nsys.modules.clear()\n"
        "for name in ('/scratch/sitecustomize.py', '/tmp/numpy.py', '/dev/shm/numpy.py', '/tmp/work/numpy.py'):\n"
        "    try:\n        open(name, 'w').write('1/0')\n    except OSError:\n        pass"
    )


# ---------------------------------------------------------------------------------------------- 21: no plain files


@attack(21, status=UNREADABLE, says="a link to another place")
def the_notebook_is_a_link(paper: Paper) -> None:
    paper.path.symlink_to(paper.places["honest"] / f"{LESSON}.ipynb")
    paper.saved = True


@attack(21, status=UNREADABLE, says="a link to another place")
def the_folder_is_a_link(paper: Paper) -> None:
    paper.folder.rmdir()
    paper.folder.symlink_to(paper.places["honest"])
    paper.saved = True


@attack(21, status=UNREADABLE, says="a link to another place")
def the_folder_is_a_loop(paper: Paper) -> None:
    paper.folder.rmdir()
    paper.folder.symlink_to(paper.folder)
    paper.saved = True


@attack(21, status=UNREADABLE, says="a link to another place")
def the_folder_is_a_link_to_nothing(paper: Paper) -> None:
    paper.folder.rmdir()
    paper.folder.symlink_to("/nowhere/at/all")
    paper.saved = True


@attack(21, status=UNREADABLE, says="a link to another place")
def the_students_folder_is_a_link(paper: Paper) -> None:
    paper.folder.rmdir()
    paper.folder.parent.rmdir()
    paper.folder.parent.symlink_to(paper.places["honest"].parent)
    paper.saved = True


@attack(21, right=True, says="was refused")
def files_that_are_links(paper: Paper) -> None:
    for name, target in (
        ("notes.txt", "secret"),
        ("timestamp.txt", "secret"),
        ("all", "root"),
        ("book.db", "class"),
    ):
        (paper.folder / name).symlink_to(paper.places[target])
    (paper.folder / "loop").symlink_to("loop")
    (paper.folder / "up").symlink_to("..")
    paper.last("import os\nfor name in os.listdir('.'):\n    print(open(name).read())")


@attack(21, status=UNREADABLE, says="no regular file")
def the_notebook_is_a_pipe(paper: Paper) -> None:
    os.mkfifo(paper.path)
    paper.saved = True


@attack(21, status=UNREADABLE, says="here is no notebook")
def the_notebook_is_a_folder(paper: Paper) -> None:
    paper.path.mkdir()
    paper.saved = True


@attack(21, right=True, says="no regular file")
def a_pipe_a_socket_and_a_device(paper: Paper) -> None:
    os.mkfifo(paper.folder / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as listening:
        here = os.open(paper.folder, os.O_RDONLY)
        listening.bind(f"/proc/self/fd/{here}/socket.txt")
        os.close(here)
    if os.geteuid() == 0:
        os.mknod(paper.folder / "zero.txt", 0o600 | 0o020000, os.makedev(1, 5))


@attack(21, right=True)
def names_that_collide(paper: Paper) -> None:
    """A folder named as the notebook to write, beside a notebook of another name; a name as long as names may be."""
    paper.file(f"{LESSON}.ipynb/data.txt", "x")
    paper.file("y" * 255, "x")
    paper.file(".y.new", "x")
    paper.answers(RIGHT)
    (paper.folder / "mine.ipynb").write_text(json.dumps(paper.notebook))
    paper.saved = True


@attack(21, right=True)
def nested_without_end(paper: Paper) -> None:
    """Folders in folders until a path is longer than the system takes."""
    here = os.open(paper.folder, os.O_RDONLY)
    for _ in range(30):
        os.mkdir("d" * 200, dir_fd=here)
        deeper = os.open("d" * 200, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = deeper
    os.close(os.open("data.txt", os.O_CREAT | os.O_WRONLY, dir_fd=here))
    os.close(here)


@attack(21, right=True)
def a_timestamp_from_nowhere(paper: Paper) -> None:
    paper.file("timestamp.txt", "9" * 40 + " UTC")


@attack(21, right=True)
def a_timestamp_without_end(paper: Paper) -> None:
    paper.file("timestamp.txt", b"2026-01-01 " * 8_000_000)
