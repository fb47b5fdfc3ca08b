"""Every string that a user controls holds markup that would run if a page let it."""

import logging

from potok import TaskGroup, dag, task

EVIL = "<img src=x onerror=\"document.title='owned'\"><script>alert('owned')</script>"
log = logging.getLogger("<b>logger</b>")


@task
def say(text: str) -> str:
    """Doc with <script>alert('doc')</script> and [a link](javascript:alert(1))."""
    print(EVIL)
    print(f"\x1b]8;;javascript:alert(1)\x07click\x1b]8;;\x07 {text}")
    log.warning(EVIL)
    return f"{EVIL} {text}"


@task
def fail(text: str) -> None:
    raise ValueError(f"{EVIL} {text}")


@dag(tags=["<i>tag</i>", "javascript:alert(1)"], owner="<b>owner</b>", description=EVIL)
def injection(text: str = EVIL) -> None:
    """<script>alert('dag doc')</script>

    [click](javascript:alert(1)) <iframe src="javascript:alert(1)"></iframe>
    """
    with TaskGroup("group", label=EVIL, doc=EVIL):
        fail(say(text))


injection()
