"""One typed model of 1C configurations for both source layouts: EDT projects and Designer dumps."""

from potok_onec.configuration.model import (
    CommandInterface,
    CommandPlacement,
    DataSet,
    Form,
    FormAttribute,
    FormCommand,
    FormContent,
    FormItem,
    Member,
    MetadataObject,
    Method,
    Module,
    Portion,
    PredefinedItem,
    Project,
    Query,
    ReadFile,
    Reference,
    Restriction,
    Right,
    Rights,
    Template,
)
from potok_onec.configuration.problem import Problem
from potok_onec.configuration.reading import Reading, read
from potok_onec.configuration.report import ProjectReport, Report
from potok_onec.configuration.summary import Counts
from potok_onec.configuration.task import Trust
from potok_onec.configuration.values import TypeDescription, Value

__all__ = [
    "CommandInterface",
    "CommandPlacement",
    "Counts",
    "DataSet",
    "Form",
    "FormAttribute",
    "FormCommand",
    "FormContent",
    "FormItem",
    "Member",
    "MetadataObject",
    "Method",
    "Module",
    "Portion",
    "PredefinedItem",
    "Problem",
    "Project",
    "ProjectReport",
    "Query",
    "ReadFile",
    "Reading",
    "Reference",
    "Report",
    "Restriction",
    "Right",
    "Rights",
    "Template",
    "Trust",
    "TypeDescription",
    "Value",
    "read",
]
