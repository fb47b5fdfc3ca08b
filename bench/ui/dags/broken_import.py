"""Cannot be imported: the library it wants is not installed."""

from warehouse_client_of_the_last_decade import connect  # type: ignore[import-not-found]

from potok import dag, task


@task
def load() -> None:
    connect().load()


@dag(schedule="@daily")
def legacy_export() -> None:
    load()


legacy_export()
