"""The command line: commands, options, exit codes.

0: done. 1: done, but something was not read, differs or is not restored. 2: wrong usage. 3: nothing to read there.
4: the output could not be written. 130: interrupted.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final

import typer

from potok_onec.cli.texts import say

OK: Final = 0
IMPERFECT: Final = 1
USAGE: Final = 2
NOTHING: Final = 3
NOT_WRITTEN: Final = 4
INTERRUPTED: Final = 130

app = typer.Typer(help=say("app"), no_args_is_help=True, pretty_exceptions_enable=False)

PathArgument = Annotated[Path, typer.Argument(metavar="PATH", help=say("path"))]
ModuleArgument = Annotated[Path, typer.Argument(metavar="FILE", help=say("module"))]
JsonOption = Annotated[bool, typer.Option("--json", help=say("json"))]
WorkersOption = Annotated[int | None, typer.Option("--workers", "-j", min=1, max=64, help=say("workers"))]
NoCacheOption = Annotated[bool, typer.Option("--no-cache", help=say("no-cache"))]
ProblemsOption = Annotated[int, typer.Option("--problems", min=0, help=say("problems-max"))]


def _print_version(wanted: bool) -> None:
    if wanted:
        from potok_onec.version import __version__

        print(__version__)
        raise typer.Exit(OK)


@app.callback()
def _options(
    lang: Annotated[str, typer.Option("--lang", metavar="en|ru", help=say("lang"))] = "",
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_print_version, help=say("version"))
    ] = False,
) -> None:
    """`--lang` has been heeded already: texts looks for it before the command line is parsed."""


@app.command("inspect", help=say("inspect"))
def inspect_command(
    path: PathArgument,
    as_json: JsonOption = False,
    workers: WorkersOption = None,
    no_cache: NoCacheOption = False,
    problems: ProblemsOption = 20,
) -> None:
    from potok_onec.cli import inspect

    raise typer.Exit(inspect.run(path, as_json=as_json, workers=workers, cache=not no_cache, problems_max=problems))


@app.command("parse", help=say("parse"))
def parse_command(
    path: PathArgument,
    out: Annotated[Path, typer.Option("--out", "-o", help=say("out"))],
    formats: Annotated[str, typer.Option("--format", help=say("format"))] = "both",
    as_json: JsonOption = False,
    workers: WorkersOption = None,
    no_cache: NoCacheOption = False,
) -> None:
    from potok_onec.cli import parse

    raise typer.Exit(parse.run(path, out, formats=formats, as_json=as_json, workers=workers, cache=not no_cache))


@app.command("ast", help=say("ast"))
def ast_command(file: ModuleArgument) -> None:
    from potok_onec.cli import syntax

    raise typer.Exit(syntax.show_tree(file))


@app.command("tokens", help=say("tokens"))
def tokens_command(file: ModuleArgument, as_json: JsonOption = False) -> None:
    from potok_onec.cli import syntax

    raise typer.Exit(syntax.show_tokens(file, as_json=as_json))


@app.command("diff", help=say("diff"))
def diff_command(
    before: Annotated[str, typer.Argument(metavar="A", help=say("path-a"))],
    after: Annotated[str, typer.Argument(metavar="B", help=say("path-b"))],
    repo: Annotated[Path | None, typer.Option("--repo", metavar="PATH", help=say("repo"))] = None,
    users: Annotated[int, typer.Option("--users", min=0, help=say("users-max"))] = 10,
    as_json: JsonOption = False,
    workers: WorkersOption = None,
    no_cache: NoCacheOption = False,
) -> None:
    from potok_onec.cli import diff

    code = diff.run(
        before, after, repository=repo, users_max=users, as_json=as_json, workers=workers, cache=not no_cache
    )
    raise typer.Exit(code)


@app.command("check-roundtrip", help=say("check-roundtrip"))
def roundtrip_command(path: PathArgument, as_json: JsonOption = False) -> None:
    from potok_onec.cli import roundtrip

    raise typer.Exit(roundtrip.run(path, as_json=as_json))


SourceArgument = Annotated[str, typer.Argument(metavar="PATH", help=say("path-or-address"))]
AnalysisOutOption = Annotated[Path, typer.Option("--out", "-o", help=say("analysis-out"))]
OptionOption = Annotated[list[str] | None, typer.Option("--option", "-O", help=say("option"))]
RefOption = Annotated[str, typer.Option("--ref", help=say("ref"))]


@app.command("analyze", help=say("analyze"))
def analyze_command(
    path: SourceArgument,
    out: AnalysisOutOption,
    step: Annotated[list[str] | None, typer.Option("--step", "-s", help=say("step"))] = None,
    quick: Annotated[bool, typer.Option("--quick", help=say("quick"))] = False,
    ref: RefOption = "",
    since: Annotated[str, typer.Option("--since", metavar="REF", help=say("since"))] = "",
    option: OptionOption = None,
    as_json: JsonOption = False,
    workers: WorkersOption = None,
) -> None:
    from potok_onec.cli import analyze
    from potok_onec.pipeline.plan import QUICK

    wanted = analyze.Wanted([*(step or []), *(QUICK if quick else ())], option or [], ref, since)
    raise typer.Exit(analyze.run_steps(path, out, wanted, as_json=as_json, workers=workers))


def _step_command(name: str) -> Callable[..., None]:
    def command(
        path: SourceArgument,
        out: AnalysisOutOption,
        ref: RefOption = "",
        option: OptionOption = None,
        as_json: JsonOption = False,
        workers: WorkersOption = None,
    ) -> None:
        from potok_onec.cli import analyze

        wanted = analyze.Wanted([name], option or [], ref)
        raise typer.Exit(analyze.run_steps(path, out, wanted, as_json=as_json, workers=workers))

    return command


# `parse` is a command of its own: it writes tables anywhere, the step keeps a snapshot for the others.
for _name in ("architecture", "dependencies", "ml-dataset", "best-practices", "docs"):
    app.command(_name, help=say(f"command-{_name}"))(_step_command(_name))


@app.command("trend", help=say("trend-help"))
def trend_command(
    out: Annotated[Path, typer.Argument(metavar="DIR", help=say("trend-in"))],
    as_json: JsonOption = False,
    svg: Annotated[Path | None, typer.Option("--svg", metavar="FILE", help=say("trend-svg"))] = None,
) -> None:
    from potok_onec.cli import trend

    raise typer.Exit(trend.run(out, as_json=as_json, svg=svg))


@app.command("workflow", help=say("workflow"))
def workflow_command(
    name: Annotated[str, typer.Argument(metavar="NAME", help=say("workflow-name"))],
    out: Annotated[Path, typer.Option("--out", "-o", help=say("workflow-out"))] = Path("dags"),
    force: Annotated[bool, typer.Option("--force", help=say("workflow-force"))] = False,
) -> None:
    from potok_onec.cli import workflow

    raise typer.Exit(workflow.write(name, out, force=force))


NameArgument = Annotated[str, typer.Argument(metavar="NAME", help=say("name"))]
SourceOption = Annotated[Path, typer.Option("--source", help=say("path"))]
AnalysisOption = Annotated[Path | None, typer.Option("--analysis", help=say("analysis-in"))]


@app.command("who-calls", help=say("who-calls"))
def who_calls_command(
    name: NameArgument, source: SourceOption = Path(), analysis: AnalysisOption = None, as_json: JsonOption = False
) -> None:
    from potok_onec.cli import questions

    raise typer.Exit(questions.who_calls(name, source, analysis, as_json=as_json))


@app.command("impact", help=say("impact"))
def impact_command(
    name: NameArgument,
    source: SourceOption = Path(),
    analysis: AnalysisOption = None,
    depth: Annotated[int | None, typer.Option("--depth", min=1, help=say("depth"))] = None,
    as_json: JsonOption = False,
) -> None:
    from potok_onec.cli import questions

    raise typer.Exit(questions.impact(name, source, analysis, depth=depth, as_json=as_json))


@app.command("path", help=say("way"))
def path_command(
    start: Annotated[str, typer.Argument(metavar="A", help=say("name"))],
    end: Annotated[str, typer.Argument(metavar="B", help=say("name"))],
    source: SourceOption = Path(),
    analysis: AnalysisOption = None,
    as_json: JsonOption = False,
) -> None:
    from potok_onec.cli import questions

    raise typer.Exit(questions.path(start, end, source, analysis, as_json=as_json))


def main() -> None:
    try:
        app()
    except KeyboardInterrupt:
        print(say("interrupted"), file=sys.stderr)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # `potok-onec tokens … | head` is not an error; the pipe must not complain once more at exit.
        sys.stderr.close()
        sys.exit(OK)
