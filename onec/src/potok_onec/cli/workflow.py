"""`potok-onec workflow`: the DAG file of a workflow and its settings, put where an orchestrator looks for them."""

from pathlib import Path
from typing import Final

from potok_onec.cli import main
from potok_onec.cli.opening import complain
from potok_onec.cli.texts import say

# In a wheel the workflows stand in the package, in a checkout beside its sources: they are no modules of ours.
_PLACES: Final = (Path(__file__).parents[1] / "workflows", Path(__file__).parents[3] / "workflows")


def write(name: str, out: Path, *, force: bool) -> int:
    """Write the DAG file, and its settings where there are none yet. 0: written; 2: wrong words; 4: not written."""
    names = sorted(path.stem for place in _PLACES for path in place.glob("*.py"))
    if name not in names:
        complain(say("no-such-workflow", name=name, names=", ".join(dict.fromkeys(names))))
        return main.USAGE
    source = next(place for place in _PLACES if (place / f"{name}.py").is_file())
    code, settings = (source / f"{name}.py").read_bytes(), (source / f"{name}.toml").read_bytes()
    dag_file, settings_file = out / f"{name}.py", out / f"{name}.toml"
    if dag_file.exists() and dag_file.read_bytes() != code and not force:
        complain(say("workflow-differs", file=dag_file))
        return main.NOT_WRITTEN
    try:
        out.mkdir(parents=True, exist_ok=True)
        dag_file.write_bytes(code)
        if not settings_file.exists():
            settings_file.write_bytes(settings)
    except OSError as error:
        complain(say("workflow-not-written", out=out, error=error.strerror or error))
        return main.NOT_WRITTEN
    print(say("workflow-written", file=dag_file, settings=settings_file, name=name))
    return main.OK
