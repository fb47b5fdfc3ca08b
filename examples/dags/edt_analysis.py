"""Analyses 1C configurations: DAG `edt_analysis` for any of them by hand, and one for each in edt_analysis.toml.

Order, limits and causes stand here; what the steps do is potok-onec, which knows nothing of workflows. A DAG has one
run at a time, so one output folder has one writer; the pool bounds what all of them together take from the machine.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec.structs import replace

from potok import Dag, DagError, Files, Param, Retry, Verdict, on_commit, on_push, skip, task
from potok_onec.workflow import (
    NUMBERS,
    STEPS,
    Configuration,
    SettingsError,
    StepReport,
    name_of,
    not_asked,
    read_settings,
    report,
    source_folder,
)

SETTINGS = "edt_analysis.toml"
# A full disk or a lost mount may mend itself; a broken contract, a wrong path or a missing right will not.
AGAIN = Retry(2, delay="20s", backoff=2, on=[OSError], never=[FileNotFoundError, NotADirectoryError, PermissionError])


def contracts(told: StepReport) -> list[Verdict]:
    """A broken contract fails the task, whatever its exit code; nothing of such an output is put in place."""
    return [Verdict(one.is_kept, one.found, one.name, one.wanted) for one in told.contracts]


@task(checks=[contracts])
def parse(name: str, path: str, ref: str, since: str, out: str, options: dict[str, str]) -> StepReport:
    place = Path(out, name or name_of(path)).absolute()
    return shown(report("parse", source_folder(path, ref), place, options, since))


@task(checks=[contracts])
def step(name: str, parsed: StepReport, steps: list[str], quick: bool, options: dict[str, str]) -> StepReport:
    reason = not_asked(name, steps, quick=quick)
    if reason:
        skip(reason)
    return shown(report(name, Path(parsed.source), Path(parsed.out), options))


def shown(told: StepReport) -> StepReport:
    """The report with its output as something to click on, and a line of it in the log."""
    print(told.sentence)
    title = "The site" if told.step == "docs" else f"Output of {told.step}"
    return replace(told, output=Files(told.output, title=title)) if told.output else told


def analysis(name: str, given: Configuration, out: str) -> Dag:
    """Step 1, then 2 to 5 side by side, and the last when they all have ended: it says what is missing.

    Without a name it is the analysis by hand, which asks for the path at each start.
    """
    dag = Dag(
        f"edt_analysis_{name}" if name else "edt_analysis",
        params=({} if name else {"path": path_param(given)}) | run_params(given),
        schedule=given.schedule,
        tz=given.tz,
        triggers=triggers(given),
        max_active_runs=1,
        overlap="skip",
        timeout="3h",
        deadline="1h",
        default_args={"pool": "edt_analysis", "timeout": "1h", "retry": AGAIN, "isolation": "fork"},
        tags=["1c"],
        doc=f"Six steps over the configuration in {given.path}." if name else __doc__ or "",
        files=[SETTINGS],
    )
    with dag:
        params: dict[str, Any] = {"path": given.path, **dag.params}
        first, *side_by_side, last = STEPS
        parsed = parse.override(doc=STEPS[first], metrics=NUMBERS[first])(
            name, params["path"], params["ref"], params["since"], out, given.options
        )
        chosen = (parsed, params["steps"], params["quick"], given.options)
        ended = [
            step.override(task_id=each, doc=STEPS[each], metrics=NUMBERS[each])(each, *chosen) for each in side_by_side
        ]
        final = step.override(
            task_id=last, doc=STEPS[last], metrics=NUMBERS[last], trigger_rule="all_done_min_one_success"
        )
        final(last, *chosen).after(*ended)
    return dag


def path_param(given: Configuration) -> Param:
    told = "Folder of the configuration's sources, or the address of its git repository."
    return Param(*([given.path] if given.path else []), type="string", minLength=1, description=told)


def run_params(given: Configuration) -> dict[str, object]:
    return {
        "ref": Param(given.ref, type="string", description="Commit, branch or tag; none is the folder as it is."),
        "since": Param("", type="string", description="A commit that was analysed: only what changed since is read."),
        "steps": Param(
            list(given.steps),
            type="array",
            items={"enum": list(STEPS)},
            description="Only these steps and what they need; none is all.",
        ),
        "quick": Param(given.quick, type="boolean", description="Only parse, architecture and dependencies."),
    }


def triggers(given: Configuration) -> list[Any]:
    """A commit in a folder of this machine; a push to a forge, whose commit is then the one that is analysed."""
    found: list[Any] = []
    if given.watch:
        found.append(on_commit(given.path, branches=given.branches, params={"since": "before"}))
    if given.push_secret:
        ref = {"ref": "commit"} if given.is_remote else None
        found.append(
            on_push(secret=given.push_secret, repository=given.repository, branches=given.branches, params=ref)
        )
    return found


try:
    settings = read_settings(Path(__file__).with_name(SETTINGS))
except SettingsError as error:
    raise DagError(str(error), location=SETTINGS) from None
analysis("", Configuration(settings.path), settings.out)
for name, configuration in settings.configurations.items():
    analysis(name, configuration, settings.out)
