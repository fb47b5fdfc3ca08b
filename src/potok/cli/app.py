"""All commands of `potok` in the order of its help. Says which there are, not what they do."""

from __future__ import annotations

import typer

from potok.cli import (
    actions,
    capacity,
    checks,
    connections,
    dags,
    database,
    doctor,
    files,
    local,
    metrics,
    now,
    pools,
    runs,
    tokens,
    up,
    validate,
    variables,
    version,
    why,
    workspace,
)
from potok.cli.group import SentenceGroup

app = typer.Typer(
    cls=SentenceGroup,
    name="potok",
    help="Potok: a light, fast, durable workflow orchestrator that always says why.",
    epilog="Exit codes: 0 ok, 1 the run failed or a check found problems, 2 usage, 3 no server answers.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)

START = "Start"
DAGS = "DAGs"
RUNS = "Runs"
ADMINISTER = "Administer"

app.command("up", rich_help_panel=START)(up.up)
app.command("init", rich_help_panel=START)(workspace.init)
app.command("run", rich_help_panel=START)(local.run)
app.command("validate", rich_help_panel=START)(validate.validate)

app.command("now", rich_help_panel=DAGS)(now.now)
app.command("dags", rich_help_panel=DAGS)(dags.list_dags)
app.command("show", rich_help_panel=DAGS)(dags.show)
app.command("trigger", rich_help_panel=DAGS)(dags.trigger)
app.command("pause", rich_help_panel=DAGS)(dags.pause)
app.command("unpause", rich_help_panel=DAGS)(dags.unpause)
app.command("next", rich_help_panel=DAGS)(dags.next_starts)
app.command("metrics", rich_help_panel=DAGS)(metrics.metrics)
app.command("mute", rich_help_panel=DAGS)(now.mute)
app.command("unmute", rich_help_panel=DAGS)(now.unmute)

app.command("runs", rich_help_panel=RUNS)(runs.list_runs)
app.command("tasks", rich_help_panel=RUNS)(runs.tasks)
app.command("logs", rich_help_panel=RUNS)(runs.logs)
app.command("why", rich_help_panel=RUNS)(why.why)
app.command("checks", rich_help_panel=RUNS)(checks.checks)
app.command("files", rich_help_panel=RUNS)(files.files)
app.command("cancel", rich_help_panel=RUNS)(actions.cancel)
app.command("retry", rich_help_panel=RUNS)(actions.retry)
app.command("clear", rich_help_panel=RUNS)(actions.clear)
app.command("mark", rich_help_panel=RUNS)(actions.mark)

app.command("workers", rich_help_panel=ADMINISTER)(capacity.workers)
app.command("queues", rich_help_panel=ADMINISTER)(capacity.queues)
app.add_typer(pools.commands, name="pools", rich_help_panel=ADMINISTER)
app.add_typer(connections.commands, name="connections", rich_help_panel=ADMINISTER)
app.add_typer(variables.commands, name="variables", rich_help_panel=ADMINISTER)
app.add_typer(tokens.commands, name="token", rich_help_panel=ADMINISTER)
app.add_typer(database.commands, name="db", rich_help_panel=ADMINISTER)
app.command("doctor", rich_help_panel=ADMINISTER)(doctor.doctor)
app.command("version", rich_help_panel=ADMINISTER)(version.version)
