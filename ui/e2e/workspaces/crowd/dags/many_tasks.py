"""A run of ten thousand tasks."""

from potok import dag, task


@task
def go(number: int) -> int:
    return number


@dag
def wide() -> None:
    for number in range(10_000):
        go.override(task_id=f"part_{number:05}")(number)


wide()
