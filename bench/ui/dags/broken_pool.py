"""Can be imported, but wants a pool that is spelled wrong."""

from potok import dag, task


@task(pool="warehuose")
def load() -> None:
    print("loaded")


@dag(schedule="@daily", tags=["warehouse"], owner="warehouse")
def warehouse_usage() -> None:
    load()


warehouse_usage()
