"""A small course, as it is found and with its first start done."""

import pytest

from autograder.tests.start.small_course import Course


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path)


@pytest.fixture
def ready(course):
    """A course whose first start is done."""
    assert course.start("lab").code == 0
    assert course.calls()
    return course
