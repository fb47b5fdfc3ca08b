"""The proof itself: a server, a customer, a monkey, and the verdict afterwards."""

from __future__ import annotations

import time
from typing import NamedTuple

from potok.testing.postgres import PrivatePostgres
from tests.chaos.customer import Customer
from tests.chaos.ledger import Ledger
from tests.chaos.monkey import Monkey
from tests.chaos.server import Server, until
from tests.chaos.shapes import DAG_FILE, TOML
from tests.chaos.verdict import Verdict

END_MAX_S = 90.0


class Journey(NamedTuple):
    """How much is to happen; the same seed draws the same kills and moments, as far as a real machine keeps time."""

    runs: int
    kills: int
    pace_s: float
    seed: int


def torment(journey: Journey, *up: str, database_url: str = "", database: PrivatePostgres | None = None) -> str:
    """Returns the summary; raises AssertionError with everything that is wrong."""
    with Server({"shapes.py": DAG_FILE}, "--workers", "4", *up, toml=TOML) as server:
        ledger = Ledger(server.workspace / "ledger")
        server.environment["CHAOS_LEDGER"] = str(ledger.path)
        if database_url:
            server.environment["POTOK_DATABASE_URL"] = database_url
        began = time.monotonic()
        server.start()
        customer = Customer(server, journey.runs, journey.pace_s, journey.seed)
        monkey = Monkey(server, journey.seed, database)
        customer.start()
        while customer.is_alive() or monkey.total < journey.kills:
            monkey.strike()
        assert customer.error is None, customer.error
        if not all_ended(server):
            until(lambda: all_ended(server), "every run ends", END_MAX_S)
        until(lambda: server.get("/health")["tasks_running"] == 0, "callbacks are through")
        verdict = Verdict(server, customer, ledger)
        verdict.judge()
        server.stop()
        if not database_url:
            verdict.database_is_sound()
        if left := server.marked():
            verdict.wrong.append(f"processes left behind: {left}")
        wrong = "\n".join(verdict.wrong[:40])
        assert not verdict.wrong, f"{len(verdict.wrong)} things are wrong (seed {journey.seed}):\n{wrong}"
        return summary(journey, customer, monkey, verdict, time.monotonic() - began)


def all_ended(server: Server) -> bool:
    return not any(server.get("/runs", state=state, limit=1)["items"] for state in ("queued", "running"))


def summary(journey: Journey, customer: Customer, monkey: Monkey, verdict: Verdict, took_s: float) -> str:
    kills = ", ".join(f"{kind} {count}" for kind, count in sorted(monkey.kills.items()))
    outcomes = ", ".join(f"{outcome} {count}" for outcome, count in sorted(verdict.outcomes.items()))
    return (
        f"seed {journey.seed}: {len(customer.acknowledged)} runs ({customer.asked} requests) in {took_s:.0f} s\n"
        f"  kills      {monkey.total}: {kills}\n"
        f"  attempts   {outcomes}\n"
        f"  given up   {verdict.lost_payments} interrupted at_most_once, {verdict.poisoned} parked after three losses\n"
        f"  recovery   longest {max(monkey.recoveries_s, default=0.0):.2f} s\n"
        f"  successes seen on the way and still there: {len(customer.successes)}"
    )
