"""Row 10: the reply channel, found and written to by the student's own code. All answers are wrong."""

from autograder.grading.submission.session import CRASHED, TAMPERED, TIMED_OUT
from autograder.tests.hostile.paper import POINTS, RIGHT, Paper, attack

# Finds the socket in the frames, else among the file descriptors, and the question's id in the frames.
FIND = """
import gc, json, os, socket, stat, struct, sys

def channel_and_question():
    frame, connection, question = sys._getframe(), None, {}
    while frame:
        for value in list(frame.f_locals.values()):
            if isinstance(value, socket.socket) and connection is None:
                connection = value
            if isinstance(value, dict) and 'id' in value and 'seconds' in value:
                question = value
        frame = frame.f_back
    for number in range(3, 4096):
        try:
            if connection is None and stat.S_ISSOCK(os.fstat(number).st_mode):
                connection = socket.socket(fileno=os.dup(number))
        except OSError:
            pass
    return connection, question

said = []

def say(message):
    data = message if isinstance(message, bytes) else json.dumps(message).encode()
    connection, _ = channel_and_question()
    connection.sendall(struct.pack('!Q', len(data)) + data)
"""
# In an answer: all that is asked, answered at once, with the question's own id.
FORGED = """
def {0}(*arguments):
    connection, question = channel_and_question()
    if question['id'] in said:
        return 1.0
    said.append(question['id'])
    value = {{'array': 1.0}}
    forged = [{{'value': value, 'after': call}} for call in question['calls']]
    say({{'outcomes': forged, 'id': question['id'], 'points': 17, 'earned': 17}})
    {1}
    return 1.0
"""


@attack(10, status=TAMPERED, says="own channel")
def an_answer_too_many(paper: Paper) -> None:
    paper.first(FIND)
    for exercise in POINTS:
        paper.answer(exercise, FORGED.format(exercise, "pass"))


@attack(10, status=TAMPERED, says="own channel", right=True, points=0)
def an_answer_too_many_beside_right_ones(paper: Paper) -> None:
    """Who writes into the channel gets nothing, also for what is right."""
    paper.first(FIND)
    paper.answer("softmax_partial", FORGED.format("softmax_partial", "pass"))


@attack(10)
def forged_and_the_true_one_held_back(paper: Paper) -> None:
    """Whatever is sent in place of an answer is an answer: wrong."""
    held = "import autograder.grading.sandbox.inside.channel as c; kept = c.send\n"
    held += "    c.send = lambda *_: setattr(c, 'send', kept)"
    paper.first(FIND)
    for exercise in POINTS:
        paper.answer(exercise, FORGED.format(exercise, held))


@attack(10, status=CRASHED)
def forged_and_gone(paper: Paper) -> None:
    """The forged answer is complete, then the process ends before anybody notices."""
    paper.first(FIND)
    for exercise in POINTS:
        paper.answer(exercise, FORGED.format(exercise, "os._exit(0)"))


@attack(10, status=TAMPERED, says="own channel")
def said_before_it_was_asked(paper: Paper) -> None:
    paper.first(FIND + "\nsay({'outcomes': [], 'id': '0' * 16})\nsay({'status': 'graded', 'points': 17})")


_MESSAGES = {
    "no_json": "b'\\xff\\xfe{'",
    "a_list": "[1, 2]",
    "a_deep_nest": "b'[' * 1_000_000",
    "a_large_number": "b'{\"x\": ' + b'9' * 100_000 + b'}'",
}


@attack(10, status=TAMPERED, says="own channel")
def garbage_in_the_channel(paper: Paper) -> None:
    paper.first(FIND)
    for exercise, message in zip(POINTS, _MESSAGES.values(), strict=False):
        paper.answer(exercise, f"def {exercise}(*arguments):\n    say({message})\n    return 1.0")


_VALUES = (
    "{'array': [1.0], 'dtype': 'O'}",
    "{'array': 1.0, 'shape': [1 << 40]}",
    "{'rng': 1}",
    "{'function': 'square'}",
    "{'tuple': 'x'}",
)


@attack(10, status=TAMPERED, says="own channel")
def values_that_are_none(paper: Paper) -> None:
    paper.first(FIND)
    for exercise, value in zip(POINTS, _VALUES, strict=True):
        source = FORGED.format(exercise, "os._exit(0)").replace("{'array': 1.0}", value)
        paper.answer(exercise, source)


@attack(10)
def numbers_of_every_kind(paper: Paper) -> None:
    """What JSON can hold and no honest answer does is not right either."""
    values = (
        "{'array': 1e999}",
        "{'array': True, 'dtype': 'bool'}",
        "{'array': '12', 'dtype': 'float64'}",
        "{'array': [[], []], 'shape': [0, 1 << 40]}",
        "{'complex': [{'array': 1.0}, {'array': float('nan')}]}",
    )
    held = "import autograder.grading.sandbox.inside.channel as c; kept = c.send\n"
    held += "    c.send = lambda *_: setattr(c, 'send', kept)"
    paper.first(FIND)
    for exercise, value in zip(POINTS, values, strict=True):
        paper.answer(exercise, FORGED.format(exercise, held).replace("{'array': 1.0}", value))


@attack(10, status=TAMPERED, says="own channel")
def a_length_beyond_all(paper: Paper) -> None:
    paper.first(FIND + "\nchannel_and_question()[0].sendall(struct.pack('!Q', 1 << 62))")


@attack(10, status=TIMED_OUT)
def half_a_message(paper: Paper) -> None:
    """A large message begun and never ended, slowly: the cell is ended, the next process does without it."""
    paper.first(
        FIND + "\nimport time\nconnection = channel_and_question()[0]\n"
        "connection.sendall(struct.pack('!Q', 1 << 20))\n"
        "while True:\n"
        "    try:\n        connection.sendall(b' ')\n        time.sleep(0.2)\n"
        "    except BaseException:\n        pass"
    )


@attack(10, status=CRASHED, right=True)
def half_closed(paper: Paper) -> None:
    paper.before(
        "softmax_jacobian",
        FIND + "\nchannel_and_question()[0].shutdown(socket.SHUT_WR)\nimport time\ntime.sleep(1)",
    )


@attack(10, status=CRASHED, right=True)
def every_file_closed(paper: Paper) -> None:
    paper.last("import os\nos.closerange(0, 4096)")


@attack(10, right=True, points=13)
def numbers_kept_from_before(paper: Paper) -> None:
    """One exercise answers with what another was asked: fresh numbers make that wrong."""
    paper.answer("softmax", "seen = []\n" + RIGHT["softmax"].replace(":\n", ":\n    seen.append(z)\n", 1))
    paper.answer("softmax_backward", "def softmax_backward(p, upstream):\n    return seen[0]")


@attack(10, status=TAMPERED, says="own channel")
def outputs_of_no_kind(paper: Paper) -> None:
    paper.first(
        FIND + "\nimport autograder.grading.sandbox.inside.channel as c\n"
        "_, question = channel_and_question()\n"
        "say({'outputs': [{'output_type': ['stream']}], 'failed': None, 'id': question['id']})\n"
        "c.send = lambda *_: None"
    )


@attack(10, points=2.5)
def arguments_said_to_be_as_they_were(paper: Paper) -> None:
    """Whether an argument was changed is seen by the grader, not told by the process that changed it."""
    paper.first("import autograder.kit.run as run\nrun.changed_places = lambda *_: ()")
    paper.answer(
        "shift_logits", "def shift_logits(z):\n    z -= np.max(z, axis=-1, keepdims=True)\n    return z + 0"
    )
