"""Prometheus metrics, made anew at each scrape from what the scheduler answers. Imported at the first scrape only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from potok.scheduler.commands import HealthIs, WorkersAre

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class _Snapshot(Collector):
    def __init__(
        self, health: HealthIs, workers: WorkersAre, runs_by_state: Mapping[str, int], store_bytes: int, version: str
    ) -> None:
        self._health = health
        self._workers = workers
        self._runs_by_state = runs_by_state
        self._store_bytes = store_bytes
        self._version = version

    def collect(self) -> Iterator[Metric]:
        yield from self._server()
        yield from self._pools()
        yield from self._worker_processes()
        runs = GaugeMetricFamily(
            "potok_runs", "Runs that are active, and that ended in the last 24 h.", labels=["state"]
        )
        for state, count in sorted(self._runs_by_state.items()):
            runs.add_metric([state], count)
        yield runs
        for name, count in sorted(self._health.counters.items()):
            yield CounterMetricFamily(f"potok_{_metric_name(name)}", f"{name} since the server's start.", count)

    def _server(self) -> Iterator[Metric]:
        health = self._health
        version = GaugeMetricFamily("potok_build_info", "The version that runs.", labels=["version"])
        version.add_metric([self._version], 1)
        yield version
        gauges = {
            "potok_start_time_seconds": ("When the server started, since the epoch.", health.started_at),
            "potok_leader_epoch": ("How often a server took over the store.", health.epoch),
            "potok_loop_lag_seconds": ("How late the loop was at its worst in the last minute.", health.lag_s),
            "potok_commit_seconds": ("How long a commit takes.", health.commit_ms / 1000),
            "potok_active_runs": ("Runs in the scheduler's memory.", health.active_runs),
            "potok_tasks_running": ("Attempts that run.", health.tasks_running),
            "potok_tasks_queued": ("Task instances that wait for a slot.", health.tasks_queued),
            "potok_store_bytes": ("Size of the database.", self._store_bytes),
        }
        for name, (text, value) in gauges.items():
            yield GaugeMetricFamily(name, text, value)

    def _pools(self) -> Iterator[Metric]:
        slots = GaugeMetricFamily("potok_pool_slots", "Slots of a pool.", labels=["pool"])
        used = GaugeMetricFamily("potok_pool_used", "Slots of a pool that are taken.", labels=["pool"])
        queued = GaugeMetricFamily("potok_pool_queued", "Task instances that wait for the pool.", labels=["pool"])
        for pool in self._health.pools:
            slots.add_metric([pool.name], pool.slots)
            used.add_metric([pool.name], pool.used)
            queued.add_metric([pool.name], pool.queued)
        yield from (slots, used, queued)

    def _worker_processes(self) -> Iterator[Metric]:
        workers = self._workers
        busy = sum(worker.attempt_id is not None for worker in workers.workers)
        count = GaugeMetricFamily("potok_workers", "Worker processes.", labels=["state"])
        count.add_metric(["busy"], busy)
        count.add_metric(["idle"], len(workers.workers) - busy)
        yield count
        yield GaugeMetricFamily("potok_worker_slots", "How many attempts may run at once.", workers.slots)
        yield GaugeMetricFamily("potok_worker_slots_free", "Slots that are free.", workers.free)
        rss = sum(worker.rss_mb for worker in workers.workers) * 1024 * 1024
        yield GaugeMetricFamily("potok_workers_resident_bytes", "Resident memory of all workers.", rss)


def scrape(
    health: HealthIs, workers: WorkersAre, runs_by_state: Mapping[str, int], store_bytes: int, version: str
) -> bytes:
    """The text of one scrape, from a registry of its own: nothing of this process leaks in."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Snapshot(health, workers, runs_by_state, store_bytes, version))
    return generate_latest(registry)


def _metric_name(name: str) -> str:
    return "".join(letter if letter.isalnum() and letter.isascii() else "_" for letter in name.lower())
