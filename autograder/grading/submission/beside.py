"""Small files beside a submission that nbgrader's exchange puts there, and how a file is written whole."""

from pathlib import Path

# When it was handed in, and what only its student knows: a feedback page goes to whoever knows it.
TIMESTAMP, SECRET = "timestamp.txt", "submission_secret.txt"
OF_EXCHANGE = (TIMESTAMP, SECRET)
MOST_BYTES = 1000


def small(path: Path) -> bytes | None:
    """The bytes of a small plain file; None where there is no such thing."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size > MOST_BYTES:
        return None
    return path.read_bytes()


def write_whole(path: Path, data: str | bytes, mode: int = 0o644) -> None:
    """Writes a file at once or not at all, in place of one that may be there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    spare = path.with_name(f".{path.name}.new")
    spare.unlink(missing_ok=True)
    spare.write_bytes(data.encode(errors="replace") if isinstance(data, str) else data)
    spare.chmod(mode)
    spare.replace(path)
