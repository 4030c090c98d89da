"""What the desk's commands take alike."""

from pathlib import Path
from typing import Annotated

import typer

Folder = Annotated[Path, typer.Argument(metavar="CLASS", help="A class folder.")]
Lessons = Annotated[list[str] | None, typer.Option(help="Only this lesson; may be given again.")]
Students = Annotated[list[str] | None, typer.Option(help="Only this student; may be given again.")]
Db = Annotated[str | None, typer.Option(help="The gradebook's URL; CLASS/gradebook.db.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")]
