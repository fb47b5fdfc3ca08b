"""`on_commit`, `on_change`, `on_push`: what starts a DAG besides its schedule, as authors write it. Watches nothing."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence

from potok.authoring.hint import nearest
from potok.authoring.location import user_location
from potok.authoring.options import length_of, text_of, texts_of
from potok.model.dag import Dag
from potok.model.duration import Duration
from potok.model.errors import DagError, InvalidError
from potok.model.trigger import CHANGE_FIELDS, COMMIT_FIELDS, PUSH_FIELDS, OnChange, OnCommit, OnPush, Trigger

_FIELDS: dict[type[Trigger], tuple[str, ...]] = {
    OnCommit: COMMIT_FIELDS,
    OnChange: CHANGE_FIELDS,
    OnPush: PUSH_FIELDS,
}
_NAMES: dict[type[Trigger], str] = {OnCommit: "on_commit", OnChange: "on_change", OnPush: "on_push"}


def on_commit(
    path: str | os.PathLike[str],
    *,
    branches: Sequence[str] = (),
    params: Mapping[str, str] | None = None,
) -> OnCommit:
    """Start a run when HEAD of the git checkout at `path` comes to name another commit.

    A relative path counts from the folder of potok.toml. `branches` are shell patterns such as "release/*".
    `params` maps params of the DAG to fields of the event: commit, before, branch, ref, path.
    """
    location = user_location()
    try:
        return OnCommit(_path(path), texts_of("branches", branches), _mapping(params))
    except InvalidError as error:
        raise DagError(f"on_commit: {error}", location=location) from None


def on_change(
    path: str | os.PathLike[str],
    *,
    ignore: Sequence[str] = (),
    quiet: Duration = "1s",
    params: Mapping[str, str] | None = None,
) -> OnChange:
    """Start a run when files below the folder `path` changed and then nothing did for `quiet`.

    `ignore` are patterns as in .potokignore. `params` maps params of the DAG to fields of the event: path, files.
    """
    location = user_location()
    try:
        quiet_s = length_of("quiet", quiet)
        if quiet_s is None:
            raise InvalidError("quiet is a duration such as '1s', not None")
        return OnChange(_path(path), texts_of("ignore", ignore), quiet_s, _mapping(params))
    except InvalidError as error:
        raise DagError(f"on_change: {error}", location=location) from None


def on_push(
    *,
    secret: str,
    repository: str = "",
    branches: Sequence[str] = (),
    params: Mapping[str, str] | None = None,
) -> OnPush:
    """Start a run when a forge tells of a push by a webhook signed with the secret variable named `secret`.

    `repository` is its full name, such as "team/erp"; none is any that knows the secret. `params` maps params of
    the DAG to fields of the event: commit, before, branch, ref, url, repository, files.
    """
    location = user_location()
    try:
        name = text_of("secret", secret)
        if not name:
            raise InvalidError("secret is a secret variable's name; make one by `potok variables set NAME --secret`")
        return OnPush(name, text_of("repository", repository), texts_of("branches", branches), _mapping(params))
    except InvalidError as error:
        raise DagError(f"on_push: {error}", location=location) from None


def read_triggers(value: object, location: str) -> tuple[Trigger, ...]:
    """The option `triggers` of a DAG; raises DagError when it is no list of triggers, or names one thing twice."""
    if isinstance(value, OnCommit | OnChange | OnPush):
        raise DagError(f"triggers is a list; write triggers=[{_NAMES[type(value)]}(…)]", location=location)
    if not isinstance(value, list | tuple):
        raise DagError(f"triggers is a list of on_commit, on_change and on_push, not {value!r}", location=location)
    keys: set[str] = set()
    for trigger in value:
        if not isinstance(trigger, OnCommit | OnChange | OnPush):
            raise DagError(f"triggers takes on_commit(…), on_change(…), on_push(…), not {trigger!r}", location=location)
        if trigger.key in keys:
            raise DagError(
                f"the trigger {trigger.text!r} is there twice; one of them with all branches is enough",
                location=location,
            )
        keys.add(trigger.key)
    return tuple(value)


def check_params(dag: Dag) -> None:
    """Raises DagError when a trigger fills a param that the DAG lacks, or leaves one empty that it needs."""
    declared = _declared(dag)
    for trigger in dag.triggers:
        name, fields = _NAMES[type(trigger)], _FIELDS[type(trigger)]
        for param, field in trigger.params.items():
            if param not in declared:
                raise DagError(
                    f"{name}: the DAG has no param {param!r}{_known(param, declared)}", location=dag.location
                )
            if field not in fields:
                raise DagError(
                    f"{name}: its event has no field {field!r}{_known(field, fields)}", location=dag.location
                )
        required = dag.params.get("required")
        missing = [each for each in required if each not in trigger.params] if isinstance(required, list) else []
        if missing:
            raise DagError(
                f"{name}: nobody gives {missing} to a run that it starts; give these params defaults, "
                f"or fill them by params={{{missing[0]!r}: {fields[0]!r}}}",
                location=dag.location,
            )


def _declared(dag: Dag) -> Iterable[str]:
    properties = dag.params.get("properties")
    return tuple(properties) if isinstance(properties, dict) else ()


def _known(name: str, known: Iterable[str]) -> str:
    names = list(known)
    return nearest(name, names) or (f"; it has {', '.join(names)}" if names else "; it has none")


def _path(value: object) -> str:
    """As written, without a slash at its end: where it counts from is the server's business."""
    told = os.fspath(value) if isinstance(value, str | os.PathLike) else value
    if not isinstance(told, str) or not told.strip():
        raise InvalidError(f"the path is a text such as '/srv/erp', not {value!r}")
    return os.path.normpath(told.strip())


def _mapping(value: object) -> dict[str, str]:
    if value is None:
        return {}
    is_names = isinstance(value, Mapping) and all(
        isinstance(each, str) and each for pair in value.items() for each in pair
    )
    if not is_names:
        raise InvalidError(f"params maps names of params to fields of the event, not {value!r}")
    assert isinstance(value, Mapping)
    return dict(value)
