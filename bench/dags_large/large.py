"""10,000 tasks in 100 layers: each task of a layer waits for all of the layer before."""

from itertools import pairwise

from potok import dag, task


@task
def noop() -> None:
    pass


@dag
def large() -> None:
    layers = [[noop() for _ in range(100)] for _ in range(100)]
    for above, below in pairwise(layers):
        for one in below:
            above >> one


@dag
def small() -> None:
    noop()


large()
small()
