"""Ten thousand runs, made up at once."""

from datetime import UTC, datetime, timedelta

from potok import dag, task

MISSED = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=10_000)


@task
def note() -> int:
    return 1


@dag(schedule="* * * * *", start=MISSED.isoformat(), catchup=True)
def minutes() -> None:
    note()


minutes()
