"""Rows 12 to 21: harm to the grader, the class or the machine. Most answers are right: what was finished counts."""

import json
import os
import socket

from autograder.grading.session import CRASHED, OUT_OF_MEMORY, TIMED_OUT, UNREADABLE
from autograder.tests.hostile.paper import BEARS_MARK, LESSON, MARK, RIGHT, Paper, attack

# -------------------------------------------------------------------------------------------- 12: the process ends


@attack(12, right=True, status=CRASHED, says="ended the whole process")
def os_exit_in_a_cell(paper: Paper) -> None:
    paper.before("softmax_partial", "import os\nos._exit(0)")


@attack(12, right=True, status=CRASHED, points=13, says="softmax_backward ended the whole process")
def os_exit_in_an_answer(paper: Paper) -> None:
    paper.answer("softmax_backward", "def softmax_backward(p, upstream):\n    import os\n    os._exit(0)")


@attack(12, right=True, status=CRASHED, says="ended the whole process")
def quit_typed(paper: Paper) -> None:
    paper.before("softmax", "quit()")


@attack(12, right=True, status=CRASHED, points=13)
def a_segfault_halfway(paper: Paper) -> None:
    paper.answer("softmax_jacobian", "def softmax_jacobian(z):\n    import ctypes\n    ctypes.string_at(0)")


@attack(12, right=True, status=CRASHED, points=15)
def a_stack_overflow(paper: Paper) -> None:
    paper.answer(
        "softmax_partial",
        "def softmax_partial(p, i, j):\n    import os, sys\n    sys.setrecursionlimit(10**9)\n"
        "    class Down:\n        def __repr__(self):\n            return repr([self, self])\n"
        "    repr(Down())\n    os.abort()",
    )


@attack(12, right=True, points=13)
def exceptions_that_end_programs(paper: Paper) -> None:
    """Raised in a cell or an answer they end no process."""
    paper.first("import sys\nsys.exit(3)")
    paper.first("raise KeyboardInterrupt")
    paper.first("raise GeneratorExit")
    paper.answer("softmax_backward", "def softmax_backward(p, upstream):\n    raise SystemExit")


@attack(12, right=True, status=CRASHED, points=3, says="12 times")
def ends_again_and_again(paper: Paper) -> None:
    """More often than the grader begins anew: the reason says so."""
    for _ in range(14):
        paper.before("softmax", "import os\nos._exit(1)")


# ------------------------------------------------------------------------------------------------ 13, 14: no end


@attack(13, right=True, status=TIMED_OUT, says="more than 2 seconds")
def an_endless_loop(paper: Paper) -> None:
    paper.before("softmax", "while True:\n    pass")


@attack(13, right=True, status=TIMED_OUT, points=13)
def an_endless_answer(paper: Paper) -> None:
    paper.answer("softmax_backward", "def softmax_backward(p, upstream):\n    while True:\n        pass")


@attack(13, right=True, status=TIMED_OUT, says="did not end within")
def interrupts_caught(paper: Paper) -> None:
    paper.before(
        "softmax",
        "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n"
        "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass",
    )


@attack(13, right=True, status=TIMED_OUT, says="did not end within")
def a_loop_in_c(paper: Paper) -> None:
    paper.last("sum(range(10**13))")


@attack(13, right=True, status=TIMED_OUT, says="did not end within")
def stopped_by_its_own_alarm(paper: Paper) -> None:
    paper.last(
        "import os, signal, time\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\n"
        "if os.fork() == 0:\n    os.kill(os.getpid(), signal.SIGSTOP)\ntime.sleep(60)"
    )


@attack(14, right=True, status=TIMED_OUT, points=3, says="in all")
def many_slow_cells(paper: Paper) -> None:
    for _ in range(40):
        paper.before("softmax", "import time\ntime.sleep(1.6)")


# ----------------------------------------------------------------------------------------------------- 15: memory


@attack(15, right=True, status=OUT_OF_MEMORY, says="more memory than there is")
def one_large_array(paper: Paper) -> None:
    paper.before("softmax", "large = bytearray(1 << 36)")


@attack(15, right=True, status=OUT_OF_MEMORY, points=13)
def a_large_array_in_an_answer(paper: Paper) -> None:
    paper.answer(
        "softmax_backward", "def softmax_backward(p, upstream):\n    return np.ones((1 << 20, 1 << 20))"
    )


@attack(15, right=True, status=OUT_OF_MEMORY)
def many_processes_each_below(paper: Paper) -> None:
    paper.last(
        BEARS_MARK + "for _ in range(12):\n    if os.fork() == 0:\n        kept = bytearray(400 << 20)\n"
        "        kept[::4096] = bytes([1]) * len(kept[::4096])\n        time.sleep(60)\ntime.sleep(60)"
    )


@attack(15, right=True, status=OUT_OF_MEMORY)
def many_small_programs(paper: Paper) -> None:
    """Fresh programs, each smaller than the warm process that the submission was copied from."""
    program = "import time; kept = b'1' * (60 << 20); time.sleep(60)"
    paper.last(
        f"import subprocess, sys, time\nfor _ in range(40):\n"
        f'    subprocess.Popen([sys.executable, "-I", "-S", "-c", "{program}", "{MARK}"])\ntime.sleep(60)'
    )


@attack(15, right=True)
def memory_that_nobody_holds(paper: Paper) -> None:
    """Shared pages, dropped from the process but not from the machine, would be in no process's sum."""
    paper.last(
        "import mmap\nkept = []\n"
        "for number in (-1, open('/dev/zero', 'r+b').fileno()):\n"
        "    for _ in range(8):\n"
        "        kept.append(mmap.mmap(number, 100 << 20))\n"
        "        kept[-1][::4096] = b'1' * (100 << 8)\n"
        "        kept[-1].madvise(mmap.MADV_DONTNEED)\n"
        "print('hidden', 'pages')"
    )


@attack(15, right=True)
def files_in_memory(paper: Paper) -> None:
    """/tmp and /dev/shm are full soon, memfd is refused; the rest of the notebook goes on."""
    paper.before(
        "softmax",
        "import os\nfor folder in ('/tmp', '/dev/shm', '.'):\n    try:\n"
        "        for number in range(40):\n"
        "            with open(f'{folder}/{number}', 'wb') as file:\n                file.write(bytes(30 << 20))\n"
        "    except OSError as fault:\n        print(fault)\n"
        ""
        "try:\n    os.memfd_create('x')\n    print('memfd went', 'through')\nexcept OSError as fault:\n    print(fault)\n"
        "try:\n    for number in range(100_000):\n        os.mkdir(f'/tmp/folder{number}')\n"
        "except OSError as fault:\n    print(fault)",
    )


# --------------------------------------------------------------------------------------- 16, 17: other processes


@attack(16, right=True)
def orphans(paper: Paper) -> None:
    """Twice forked, in a session of their own, deaf to every signal; and a program started by another."""
    paper.last(
        BEARS_MARK + "import signal, subprocess\n"
        "if os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
        "        signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n"
        "        for number in range(3):\n            os.close(number)\n"
        "        time.sleep(3600)\n    os._exit(0)\n"
        f"subprocess.Popen(['sh', '-c', 'trap \"\" TERM HUP; (sleep 3600; : {MARK}) &'], start_new_session=True)\n"
        f"subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(3600)', '{MARK}'], start_new_session=True)"
    )


@attack(16, right=True, status=OUT_OF_MEMORY)
def a_fork_bomb(paper: Paper) -> None:
    paper.last(BEARS_MARK + "while True:\n    try:\n        os.fork()\n    except OSError:\n        pass")


@attack(16, right=True)
def a_shell_bomb(paper: Paper) -> None:
    paper.last(f"!bomb() {{ : {MARK}; bomb | bomb & }}; bomb")


@attack(16, right=True)
def stopped_children_and_zombies(paper: Paper) -> None:
    paper.last(
        BEARS_MARK + "import signal\nfor number in range(8):\n    if os.fork() == 0:\n"
        "        if number % 2:\n            os._exit(0)\n        os.kill(os.getpid(), signal.SIGSTOP)"
    )


@attack(16, right=True)
def a_bomb_of_threads(paper: Paper) -> None:
    paper.last(
        "import threading, time\nfor _ in range(500):\n"
        "    threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()"
    )


@attack(16, right=True, status=CRASHED, says="ended the whole process")
def a_delayed_end(paper: Paper) -> None:
    """A thread that ends the process while a later cell runs; with that cell left out the rest is graded."""
    paper.before(
        "softmax",
        "import os, threading, time\nthreading.Timer(0.3, os._exit, (0,)).start()\ntime.sleep(0.9)",
    )


@attack(17, right=True)
def everyone_killed(paper: Paper) -> None:
    paper.before(
        "softmax",
        "import os, signal\nfor number in (os.getppid(), 1, 0, -1, *range(2, 70_000)):\n"
        "    for name in (signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP):\n"
        "        try:\n            os.kill(number, name)\n        except OSError:\n            pass",
    )


# ----------------------------------------------------------------------------------------------- 18, 19: out of it


@attack(18, right=True)
def two_hundred_megabytes_on_a_line(paper: Paper) -> None:
    paper.before("softmax", "print('x' * (200 << 20))")


@attack(18, right=True)
def output_in_every_way(paper: Paper) -> None:
    paper.last(
        "import os, sys\nfrom IPython.display import HTML, display\n"
        "for _ in range(5000):\n    display(1)\n    print('y' * 1000, file=sys.stderr)\n"
        "display(HTML('<b>' * 1_000_000))\nfor number in (0, 1, 2):\n    os.write(number, b'z' * 1_000_000)\n"
        "raise ValueError('w' * 10_000_000)"
    )


@attack(18, right=True)
def the_cut_taken_away(paper: Paper) -> None:
    """The limits inside the submission's own process are lifted: the grader cuts once more."""
    paper.first(
        "from autograder.grading.inside import shell as inside\n"
        "inside.MOST_TEXT = inside.MOST_DATA = inside.MOST_PIECES = 1 << 40"
    )
    for _ in range(12):
        paper.last("print('x' * (2 << 20))")


@attack(18, right=True)
def html_that_takes_hours_to_clean(paper: Paper) -> None:
    for piece in ("<table><b>x</i>", "<div>", "<a><b><i><p>", "<svg><math>"):
        paper.last(
            f"from IPython.display import HTML, display\ndisplay(HTML('{piece}' * (390_000 // {len(piece)})))"
        )


@attack(19, right=True)
def network(paper: Paper) -> None:
    """The loopback of the machine (a test listens there), the world, names, and the ways that are no Internet."""
    port = paper.places["port"].name
    paper.last(
        "import socket, urllib.request\n"
        f"tries = [lambda: socket.create_connection(('127.0.0.1', {port}), 0.2),\n"
        "    lambda: socket.create_connection(('1.1.1.1', 53), 0.2),\n"
        "    lambda: socket.getaddrinfo('example.org', 80),\n"
        f"    lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', {port})),\n"
        f"    lambda: socket.socket(socket.AF_INET6).connect(('::1', {port})),\n"
        "    lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0),\n"
        "    lambda: socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM),\n"
        "    lambda: socket.socket(38, socket.SOCK_SEQPACKET)]\n"
        "for number, each in enumerate(tries):\n    try:\n        each()\n        print('went', 'through', number)\n"
        "    except OSError as fault:\n        print(fault)"
    )


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
        "    for how in (lambda: open(path, 'a').close(), lambda: open(path + '/x', 'w').close(), lambda: os.unlink(path),\n"
        "                lambda: os.rename(path, path + '.old'), lambda: os.symlink('/etc/passwd', path),\n"
        "                lambda: os.chmod(path, 0o777), lambda: shutil.rmtree(path)):\n"
        "        try:\n            how()\n            went.append(path)\n        except OSError:\n            pass\n"
        "print(sorted({path for path in went if path[0] == '/' and path not in ('/dev/shm', '/dev/ptmx', '/dev/pts/ptmx')}))"
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
