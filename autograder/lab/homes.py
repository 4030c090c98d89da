"""Where Jupyter keeps what is not the lessons': in the home folder, and elsewhere where that cannot be written."""

import os
import tempfile
from pathlib import Path

from jupyter_core.paths import jupyter_config_dir, jupyter_data_dir, jupyter_runtime_dir

# Beside the lessons, and never in git.
OWN = Path(__file__).resolve().parents[2] / ".jupyter"


def writable() -> tuple[dict[str, str], list[str]]:
    """The variables that send Jupyter's files to a folder that can be written, and a sentence about it.

    Nothing of either where the home folder can be written, which is the rule.
    """
    ipython = Path(os.environ.get("IPYTHONDIR") or Path("~/.ipython").expanduser())
    usual = {
        "JUPYTER_CONFIG_DIR": Path(jupyter_config_dir()),
        "JUPYTER_DATA_DIR": Path(jupyter_data_dir()),
        "JUPYTER_RUNTIME_DIR": Path(jupyter_runtime_dir()),
        "IPYTHONDIR": ipython,
    }
    closed = [path for path in usual.values() if not _can_be_written(path)]
    if not closed:
        return {}, []
    own = OWN if _can_be_written(OWN) else Path(tempfile.mkdtemp(prefix="autograder-jupyter-"))
    variables = {name: str(own / name.lower()) for name in usual} | {"MPLCONFIGDIR": str(own / "matplotlib")}
    # What the person has configured is still read.
    found = [str(usual["JUPYTER_CONFIG_DIR"]), os.environ.get("JUPYTER_CONFIG_PATH", "")]
    variables["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, found))
    return variables, [f"{closed[0]} cannot be written: JupyterLab keeps its settings in {own}."]


def _can_be_written(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
