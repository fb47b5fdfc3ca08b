"""The steps from a shell: arguments in, one JSON record on standard output, progress on standard error.

Never does more than the step itself: everything it can, the functions can.
"""

import argparse
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from ml_training_steps.records import DATASETS, DIRECTIONS, FeatureSet, Scalar


def main(argv: Sequence[str] | None = None) -> int:
    """Exit code 0, or 1 with one sentence when the step failed."""
    arguments = _parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    step: Callable[[argparse.Namespace], object] = arguments.step
    try:
        record = step(arguments)
    except (ValueError, TypeError, RuntimeError, OSError) as error:
        print(f"{arguments.command} failed: {error}", file=sys.stderr)
        return 1
    print(msgspec.json.format(msgspec.json.encode(record), indent=2).decode())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ml_training_steps", description="The ML training pipeline, step by step.")
    parser.add_argument("--data", type=Path, default=Path("data"), help="data root (default: ./data)")
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, step: Callable[[argparse.Namespace], object], summary: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=summary, description=summary)
        sub.set_defaults(step=step)
        return sub

    update = command("update-features", _update_features, "build the feature tables of a day")
    _add_run(update)
    update.add_argument("--date", default="", help="logical date: decides which rows have arrived")
    update.add_argument("--share", type=float, default=1.0, help="share of the rows that has arrived, 0.2 to 1")
    update.add_argument("--drift", type=float, default=0.0, help="share of the rows that is miscalibrated, 0 to 1")

    drift = command("check-drift", _check_drift, "compare the features with those the champions were trained on")
    _add_features(drift)
    drift.add_argument("--psi-threshold", type=float, default=0.2)
    drift.add_argument("--alpha", type=float, default=0.01)

    training = command("train", _train, "train one model")
    training.add_argument("dataset", choices=DATASETS)
    _add_run(training)
    _add_features(training)
    training.add_argument("--set", action="append", default=[], metavar="NAME=JSON", help="a hyper-parameter")
    training.add_argument("--effort", type=float, default=1.0, help="multiplies the number of iterations")
    training.add_argument("--seed", type=int, default=0)

    evaluation = command("evaluate", _evaluate, "judge the models of a run against the champions")
    _add_run(evaluation)
    evaluation.add_argument("--metric", choices=tuple(DIRECTIONS), default="log_loss")
    evaluation.add_argument("--min-improvement", type=float, default=0.001)

    retention = command("cleanup", _cleanup, "delete old experiments, never a champion")
    _add_run(retention)
    retention.add_argument("--keep-last", type=int, default=5)
    retention.add_argument("--max-age-days", type=float, default=30.0)
    retention.add_argument("--dry-run", action="store_true")

    _add_run(command("remove-temporary", _remove_temporary, "delete the temporary files of one run"))
    return parser


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--run", required=True, help="run id: names the run's folders")


def _add_features(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--features", type=Path, required=True, help="file with what update-features printed")


def _update_features(arguments: argparse.Namespace) -> object:
    from ml_training_steps.features import update_features

    return update_features(
        arguments.data, arguments.run, logical_date=arguments.date, share=arguments.share, drift=arguments.drift
    )


def _check_drift(arguments: argparse.Namespace) -> object:
    from ml_training_steps.drift import check_drift

    features = _read_features(arguments.features)
    return check_drift(arguments.data, features, psi_threshold=arguments.psi_threshold, alpha=arguments.alpha)


def _train(arguments: argparse.Namespace) -> object:
    from ml_training_steps.training import train

    return train(
        arguments.data,
        arguments.run,
        arguments.dataset,
        _read_features(arguments.features),
        overrides=_overrides(arguments.set),
        effort=arguments.effort,
        seed=arguments.seed,
    )


def _evaluate(arguments: argparse.Namespace) -> object:
    from ml_training_steps.evaluation import candidates_of, evaluate

    candidates = candidates_of(arguments.data, arguments.run)
    return evaluate(
        arguments.data,
        arguments.run,
        candidates,
        metric=arguments.metric,
        min_improvement=arguments.min_improvement,
    )


def _cleanup(arguments: argparse.Namespace) -> object:
    from ml_training_steps.retention import cleanup

    return cleanup(
        arguments.data,
        arguments.run,
        keep_last=arguments.keep_last,
        max_age_days=arguments.max_age_days,
        dry_run=arguments.dry_run,
    )


def _remove_temporary(arguments: argparse.Namespace) -> object:
    from ml_training_steps.retention import remove_temporary

    return remove_temporary(arguments.data, arguments.run)


def _read_features(path: Path) -> FeatureSet:
    try:
        return msgspec.json.decode(path.read_bytes(), type=FeatureSet)
    except msgspec.DecodeError as error:
        raise ValueError(f"{path} is not what update-features printed: {error}") from error


def _overrides(assignments: Sequence[str]) -> dict[str, Scalar]:
    """`max_iter=100` and `solver=lbfgs` alike: what is not JSON is text."""
    overrides: dict[str, Scalar] = {}
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        if not equals:
            raise ValueError(f"--set {assignment!r} is not NAME=VALUE")
        try:
            overrides[name] = msgspec.json.decode(text, type=Scalar)
        except msgspec.DecodeError:
            overrides[name] = text
    return overrides
