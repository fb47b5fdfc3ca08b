"""A run that succeeds on its second try."""

from potok import Retry, dag, get_current_context, task


@task(retry=Retry(2, delay="1s"))
def send() -> str:
    if get_current_context()["try_number"] < 2:
        raise ConnectionError("the other side did not answer")
    return "sent"


@task
def confirm(what: str) -> str:
    return what


@dag(tags=["export"], owner="logistics")
def flaky_export() -> None:
    confirm(send())


flaky_export()
