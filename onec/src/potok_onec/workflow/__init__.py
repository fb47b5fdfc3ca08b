"""What a workflow needs of the analysis: its configurations as settings, a step as a report. Knows no orchestrator."""

from potok_onec.workflow.report import StepReport, report
from potok_onec.workflow.settings import Configuration, Settings, SettingsError, name_of, read_settings
from potok_onec.workflow.sources import source_folder
from potok_onec.workflow.steps import NUMBERS, STEPS, not_asked

__all__ = [
    "NUMBERS",
    "STEPS",
    "Configuration",
    "Settings",
    "SettingsError",
    "StepReport",
    "name_of",
    "not_asked",
    "read_settings",
    "report",
    "source_folder",
]
