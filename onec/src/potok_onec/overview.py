"""`inspect` as a value: the report of a reading in the shape that `--json` prints."""

from typing import Any

from potok_onec.configuration import ProjectReport, Report
from potok_onec.configuration.roles import READ_ROLES


def overview(report: Report, *, seconds: float, language: str = "en") -> dict[str, Any]:
    """Plain values, ready for JSON; problems with file and line, said in `language`."""
    return {
        "layout": layout(report),
        "root": report.root,
        "projects": [_project(part, language) for part in report.projects],
        "outside": {"files": sum(report.outside.files.values()), "refused": sum(report.outside.refused.values())},
        "problems": [_problem(problem, language) for problem in report.problems],
        "files": {"found": report.files, "accounted": report.accounted},
        "cache": {"hits": report.hits, "trouble": report.cache_trouble},
        "seconds": round(seconds, 3),
        "peak_rss_mb": report.peak_kb // 1024,
    }


def layout(report: Report) -> str:
    found = {part.project.layout for part in report.projects}
    if len(found) > 1:
        return "mixed"
    return found.pop() if found else "none"


def _project(part: ProjectReport, language: str) -> dict[str, Any]:
    counts = part.counts
    root = part.configuration
    properties = root.properties if root else {}
    objects = dict(sorted(counts.objects.items()))
    read = sum(amount for role, amount in counts.files.items() if role in READ_ROLES)
    return {
        "name": root.name if root else part.project.name,
        "kind": part.project.kind,
        "layout": part.project.layout,
        "root": part.project.root,
        "project": part.project.name,
        "synonym": root.synonym if root else {},
        "version": properties.get("Version", ""),
        "vendor": properties.get("Vendor", ""),
        "compatibility": properties.get("CompatibilityMode", ""),
        "base_project": part.project.base_project,
        "format_version": part.project.format_version,
        "runtime_version": part.project.runtime_version,
        "objects": objects,
        "objects_total": sum(objects.values()),
        "nested": dict(sorted(counts.nested.items())),
        "adopted": counts.adopted,
        "members": dict(sorted(counts.members.items())),
        "attributes": counts.members.get("Attribute", 0),
        "tabular_sections": counts.members.get("TabularSection", 0),
        "forms": counts.members.get("Form", 0),
        "subsystems": counts.objects.get("Subsystem", 0) + counts.nested.get("Subsystem", 0),
        "roles": counts.objects.get("Role", 0),
        "rights": counts.rights,
        "restrictions": counts.restrictions,
        "modules": counts.modules,
        "modules_with_errors": counts.modules_broken,
        "methods": {"procedures": counts.procedures, "functions": counts.functions, "exported": counts.exported},
        "queries": {"found": counts.queries, "with_errors": counts.queries_broken},
        "lines": counts.lines,
        "translations": counts.translations,
        "files": {
            "read": read,
            "classified": sum(counts.files.values()) - read,
            "refused": sum(counts.refused.values()),
            "metadata": counts.files.get("metadata", 0),
            "bytes": counts.bytes,
        },
        "problems": [_problem(problem, language) for problem in part.problems],
    }


def _problem(problem: Any, language: str) -> dict[str, Any]:
    return {
        "file": problem.file,
        "line": problem.line,
        "severity": problem.severity,
        "code": problem.code,
        "text": problem.text(language),
    }
