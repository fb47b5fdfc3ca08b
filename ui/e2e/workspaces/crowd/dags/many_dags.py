"""Ten thousand DAGs in one file."""

from potok import dag, task


@task
def go() -> None:
    pass


def define(number: int) -> None:
    @dag(dag_id=f"crowd_{number:05}")
    def crowd() -> None:
        go()

    crowd()


for number in range(10_000):
    define(number)
