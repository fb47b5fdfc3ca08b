"""The DAGs that the monkey torments, and what each of them must come to. Every body leaves lines in a ledger file."""

from __future__ import annotations

DAG_FILE = '''
import fcntl, os, time
from potok import BashOperator, Retry, chain, dag, get_current_context, setup, task, teardown

LEDGER = os.environ["CHAOS_LEDGER"]


def write(what, context=None):
    """One line, whole and on the disk before anything else happens."""
    facts = context or get_current_context()
    line = f"{facts['run_id']} {facts['ti'].task_id} {facts['ti'].try_number} {os.getpid()} {what}\\n"
    ledger = os.open(LEDGER, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(ledger, line.encode())
    os.fsync(ledger)
    os.close(ledger)


def lines_of(what):
    facts = get_current_context()
    with open(LEDGER) as ledger:
        words = [line.split() for line in ledger]
    return sum(w[0] == facts["run_id"] and w[1] == facts["ti"].task_id and w[4:] == [what] for w in words)


def body(length_s=0.04):
    write("start")
    print("works for", length_s)
    time.sleep(length_s)
    write("end")


def tell(context):
    time.sleep(0.2)  # long enough to be killed in
    write("callback", context)


@task
def step(number):
    body()
    return number + 1

@dag
def chain_of_results():
    number = 0
    for _ in range(5):
        number = step(number)


@task
def split():
    body(0.02)
    return list(range(6))

@task(pool="narrow")
def part(numbers, at):
    body(0.06)
    return numbers[at] * 10

@task(on_success=tell)
def join(parts):
    body(0.02)
    return sum(parts)

@dag
def fan():
    numbers = split()
    join([part(numbers, at) for at in range(6)])


@task(retry=Retry(3, delay="30ms"), on_retry=tell)
def flaky(fails):
    body(0.02)
    if lines_of("fail") < fails:
        write("fail")
        raise ConnectionError("the other side is tired")
    return "at last"

@task
def thanks(word):
    body(0.02)
    return word

@dag
def retries():
    thanks(flaky(2))


@task(at_most_once=True, retry=Retry(2))
def pay():
    body(0.08)
    return "paid"

@task
def receipt(paid):
    body(0.02)
    return paid

@dag
def payment():
    receipt(pay())


@dag
def commands():
    beats = """
        export ME="$POTOK_RUN_ID $POTOK_TASK_ID $POTOK_TRY_NUMBER"
        export ENOUGH="$CHAOS_LEDGER.$POTOK_RUN_ID.$POTOK_TASK_ID.$POTOK_TRY_NUMBER"
        say() { echo "$ME $$ $1" >> "$CHAOS_LEDGER"; }
        beat() { for n in $(seq 60); do say beat; [ -e "$ENOUGH" ] && break; sleep 0.05; done; }
        export -f say beat
        say start
        beat &
        setsid bash -c beat &
        sleep 0.15
        touch "$ENOUGH"
        wait
        say end
        echo done
    """
    chain(*[BashOperator(task_id=name, bash_command=beats) for name in ("first", "second")])


@task
def large():
    body(0.02)
    return ["x" * 1000] * 300

@task
def measure(rows):
    body(0.02)
    return sum(map(len, rows))

@dag
def large_results():
    measure(large())


@setup
def make():
    body(0.02)

@task
def use():
    body(0.05)

@task(on_failure=tell)
def boom():
    body(0.03)
    raise ValueError("as planned")

@task
def never():
    body()

@teardown
def remove():
    body(0.02)

@dag
def torn_down():
    made, gone = make(), remove()
    made >> use() >> gone
    made >> gone

@dag
def doomed():
    made, gone = make(), remove()
    made >> boom() >> never() >> gone
    made >> gone


for each in (chain_of_results, fan, retries, payment, commands, large_results, torn_down, doomed):
    each()
'''

TOML = """
stop_grace = "5s"
[pools]
narrow = 2
"""
POOL_SLOTS = 2

_STEPS = ("step", "step__1", "step__2", "step__3", "step__4")
_PARTS = ("part", "part__1", "part__2", "part__3", "part__4", "part__5")

# What a run of each DAG comes to when nothing fails but what fails by itself.
STATES: dict[str, dict[str, str]] = {
    "chain_of_results": dict.fromkeys(_STEPS, "success"),
    "fan": dict.fromkeys(("split", *_PARTS, "join"), "success"),
    "retries": {"flaky": "success", "thanks": "success"},
    "payment": {"pay": "success", "receipt": "success"},
    "commands": {"first": "success", "second": "success"},
    "large_results": {"large": "success", "measure": "success"},
    "torn_down": {"make": "success", "use": "success", "remove": "success"},
    "doomed": {"make": "success", "boom": "failed", "never": "upstream_failed", "remove": "success"},
}
DAG_IDS = tuple(STATES)
RESULTS: dict[str, tuple[str, object]] = {
    "chain_of_results": ("step__4", 5),
    "fan": ("join", 150),
    "retries": ("thanks", "at last"),
    "payment": ("receipt", "paid"),
    "large_results": ("measure", 300_000),
    "commands": ("second", "done"),
}
AT_MOST_ONCE = frozenset({("payment", "pay")})
# Each of these says `callback` in the ledger when it comes to its state, at least once.
CALLED_BACK = {("fan", "join"): "success", ("doomed", "boom"): "failed"}
LOSSES_MAX = 3
