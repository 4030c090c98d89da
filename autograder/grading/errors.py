"""What ends a grading before it is done."""


class GradeFault(Exception):
    """Grading cannot go on; the message is one sentence for the instructor: what is wrong, where, what to do."""
