"""What ends a grading, an intake or an export before it is done. The messages are sentences for the instructor."""


class GradeFault(Exception):
    """Grading cannot go on; the message is one sentence for the instructor: what is wrong, where, what to do."""


class BusyError(GradeFault):
    """Somebody else grades this class now."""


class MasterError(GradeFault):
    """The class folder's own notebook of a lesson cannot be used; the message says which and why."""


class GradebookError(GradeFault):
    """The gradebook cannot be read, or does not fit the class folder; the message says what to do."""


class EngineError(GradeFault):
    """No workers, or none that can be trusted; the message says what to do."""


class SandboxError(GradeFault):
    """The sandbox cannot be made on this machine, or is gone; the message says why and what to do."""


class GoneError(Exception):
    """The submission's process has ended."""


class TamperedError(Exception):
    """Something other than the honest answer came through the submission's channel."""


class UnreadableError(Exception):
    """The notebook cannot be graded; the message is a sentence for its author."""


class ExportError(GradeFault):
    """Nothing can be exported; the message says why."""


class SourceError(GradeFault):
    """A source of an intake cannot be used at all; the message says why."""


class RosterError(GradeFault):
    """A list of people cannot be read; the message says which file, which line, and what to do."""


class NotUnderstoodError(Exception):
    """A file that is not taken in; the message says why."""


class UnpackError(Exception):
    """An archive that is refused as a whole; the message is one sentence that says why."""
