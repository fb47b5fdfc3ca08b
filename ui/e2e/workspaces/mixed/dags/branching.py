"""A task that leaves itself out, and with it what stands below."""

from potok import Skip, dag, task


@task
def is_there_news() -> bool:
    raise Skip("there is no news today")


@task
def tell(news: bool) -> None:
    print(news)


@task
def tidy_up() -> None:
    print("tidy")


@dag(tags=["news"], owner="marketing")
def branching() -> None:
    tell(is_there_news())
    tidy_up()


branching()
