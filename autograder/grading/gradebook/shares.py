"""What of each grade's extra points is there because of an adjustment.

It stands in a table of its own in the gradebook, so that it and the points become lasting in one transaction: whatever
a power cut takes, it takes both, and no points count twice. nbgrader does not look at the table.
"""

from collections.abc import Iterable

from sqlalchemy import Column, Float, MetaData, String, Table, delete, insert, inspect, select
from sqlalchemy.orm import Session

SHARES = Table(
    "autograder_adjusted",
    MetaData(),
    Column("grade_id", String(32), primary_key=True),
    Column("share", Float, nullable=False),
)


def read_shares(session: Session, grades: Iterable[str] | None = None) -> dict[str, float]:
    """The adjustments' part of the extra points, by the grades' ids, of all or these; nothing where there was none."""
    if not inspect(session.connection()).has_table(SHARES.name):
        return {}
    wanted = select(SHARES.c.grade_id, SHARES.c.share)
    if grades is not None:
        wanted = wanted.where(SHARES.c.grade_id.in_(list(grades)))
    return {row.grade_id: row.share for row in session.execute(wanted)}


def write_shares(session: Session, shares: dict[str, float]) -> None:
    """Sets them, in the session's transaction."""
    if not shares:
        return
    connection = session.connection()
    SHARES.metadata.create_all(connection)
    connection.execute(delete(SHARES).where(SHARES.c.grade_id.in_(list(shares))))
    connection.execute(insert(SHARES), [{"grade_id": key, "share": share} for key, share in shares.items()])
