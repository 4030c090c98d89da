# Where nbgrader looks first. The settings themselves are in autograder/grading/settings.py.
from autograder.grading.settings import configure

configure(get_config())  # noqa: F821
