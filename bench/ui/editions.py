"""The DAG folder at several times of the year, read by Potok's own sources: DAGs, bundles of their code, failures."""

from __future__ import annotations

from pathlib import Path
from typing import Self

import msgspec

from bench.ui import diary, folder
from bench.ui.folder import Edition, Pipeline
from bench.ui.journal import Journal
from potok.engine.plan import next_fire, previous_fire
from potok.sources.catalogue import Found, FoundDag
from potok.sources.sources import Sources
from potok.store.rows import AuditRow, DagRow, ImportErrorRow, VersionRow


class Editions:
    """`found` by edition, oldest first; the last one is what the folder holds now."""

    def __init__(self, found: list[tuple[Edition, Found]]) -> None:
        self._found = found

    @classmethod
    async def found(
        cls, dags: Path, home: Path, pipelines: list[Pipeline], large: tuple[int, int], pools: set[str]
    ) -> Self:
        """Write and read the folder once for each edition."""
        sources = Sources(dags, home, known_pools=lambda: pools, known_queues=lambda: {"default"})
        found = []
        for edition in folder.EDITIONS:
            folder.write(dags, pipelines, edition, large)
            found.append((edition, await sources.refresh()))
        return cls(found)

    @property
    def last(self) -> Found:
        return self._found[-1][1]

    def versions(self, dag_id: str) -> list[tuple[float, FoundDag]]:
        """(days ago, version) of a DAG, oldest first; a version that changed nothing is left out."""
        kept: list[tuple[float, FoundDag]] = []
        for edition, found in self._found:
            version = found.dags.get(dag_id)
            if version is not None and (not kept or kept[-1][1].bundle != version.bundle):
                kept.append((edition.days_ago if kept else diary.YEAR_DAYS + 1.0, version))
        return kept

    def all_ids(self) -> list[str]:
        """Every DAG of the year, those that are gone included."""
        return sorted({dag_id for _, found in self._found for dag_id in found.dags})

    def write(self, journal: Journal, until: float) -> None:
        """Rows of DAGs, versions and import errors."""
        dags, versions = [], []
        for dag_id in self.all_ids():
            for days_ago, found in self.versions(dag_id):
                created_at = until - days_ago * diary.DAY_S
                versions.append(VersionRow(dag_id, found.bundle, created_at, found.files, found.dag))
            dags.append(self._row(dag_id, until))
        errors = [
            ImportErrorRow(file, failure.message, failure.location, failure.traceback, until - 5_400.0)
            for file, failure in self.last.failures.items()
        ]
        paused = [AuditRow(row.paused_at or until, row.paused_by, "pause", f"dag {row.dag_id}",
                           {"note": row.paused_note}) for row in dags if row.paused]  # fmt: skip
        journal.folder(dags, versions, errors, paused)

    def _row(self, dag_id: str, until: float) -> DagRow:
        days_ago, found = self.versions(dag_id)[-1]
        dag = found.dag
        present = dag_id in self.last.dags
        last_fire = previous_fire(dag.schedule, until) if dag.schedule is not None else None
        will_fire = present and dag.schedule is not None and not dag.paused_at_first
        row = DagRow(
            dag_id=dag_id,
            bundle=found.bundle,
            file=dag.file,
            present=present,
            paused=dag.paused_at_first,
            first_seen_at=until - (diary.YEAR_DAYS + 1) * diary.DAY_S,
            updated_at=until - days_ago * diary.DAY_S,
            last_fire=last_fire,
            next_fire=next_fire(dag.schedule, until) if will_fire and dag.schedule else None,
            tags=dag.tags,
            owner=dag.owner,
            description=dag.description,
            schedule_text=dag.schedule.text if dag.schedule else "",
            tz=dag.schedule.tz if dag.schedule else "UTC",
            location=dag.location,
            task_count=len(dag.tasks),
        )
        if not row.paused:
            return row
        return msgspec.structs.replace(
            row, paused_by="admin", paused_note="until the source is mended", paused_at=until - 6 * diary.DAY_S
        )
