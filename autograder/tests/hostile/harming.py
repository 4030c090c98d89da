"""Rows 12 to 19: harm to the grader or the machine. Most answers are right: what was finished counts."""

from autograder.grading.submission.session import CRASHED, OUT_OF_MEMORY, TIMED_OUT
from autograder.tests.hostile.paper import BEARS_MARK, MARK, Paper, attack

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
        "try:\n    os.memfd_create('x')\n"
        "    print('memfd went', 'through')\nexcept OSError as fault:\n    print(fault)\n"
        "try:\n    for number in range(100_000):\n        os.mkdir(f'/tmp/folder{number}')\n"
        "except OSError as fault:\n    print(fault)",
    )


# --------------------------------------------------------------------------------------- 16, 17: other processes


@attack(16, right=True)
def orphans(paper: Paper) -> None:
    """Twice forked, in a session of their own, deaf to every signal; and a program started by another."""
    paper.last(
        BEARS_MARK + "import signal, subprocess\n"
        "if os.fork() == 0:\n    try:\n        os.setsid()\n"
        "    except OSError:\n        os.setpgid(0, 0)\n    if os.fork() == 0:\n"
        "        signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n"
        "        for number in range(3):\n            os.close(number)\n"
        "        time.sleep(3600)\n    os._exit(0)\n"
        f"subprocess.Popen(['sh', '-c', 'trap \"\" TERM HUP; (sleep 3600; : {MARK}) &'], process_group=0)\n"
        "for how in ({'process_group': 0}, {'start_new_session': True}):\n"
        f"    subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(3600)', '{MARK}'], **how)"
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
        "from autograder.grading.sandbox.inside import shell as inside\n"
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


@attack(18)
def tuples_of_nothing(paper: Paper) -> None:
    """Large in everything but numbers: it counts all the same. Once each, for on a busy machine it takes its time."""
    once = "def {0}(z, large=[{1}]):\n    return large.pop() if large else None"
    paper.answer("softmax", once.format("softmax", "[[()] * 20 for _ in range(1_100)]"))
    paper.answer("shift_logits", once.format("shift_logits", "tuple([(np.zeros(0), ())] * 12_000)"))
    paper.answer(
        "softmax_backward",
        "def softmax_backward(p, upstream):\n    a = ()\n    for _ in range(900):\n        a = (a,)\n    return a",
    )


@attack(18, right=True)
def text_that_takes_renderers_hours(paper: Paper) -> None:
    for text in ("word" + " " * 190_000 + "word", r"\begin{a}" * 20_000, "> " * 5_000 + "x", "[" * 50_000):
        paper.text(text)
    paper.text("word" + " " * 190_000 + "word", "raw")
    paper.last("# " + "a." * 90_000)


@attack(23, right=True)
def pictures_that_are_not_inside(paper: Paper) -> None:
    paper.text(
        "![x](http://example.org/x.png) ![x][y] ![x](/logout) ![x](<//example.org/x>)\n\n[y]: https://example.org/y.png"
    )
    paper.text("![a![b](data:image/png;base64,AAAA)](http://example.org) <img src=http://example.org/x>")
