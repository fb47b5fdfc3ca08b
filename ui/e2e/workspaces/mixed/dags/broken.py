"""Cannot be imported."""

from potok import dag, task


@task(pool="narow")
def step() -> None:
    print("never")


@dag
def misspelt_pool() -> None:
    step()


misspelt_pool()
