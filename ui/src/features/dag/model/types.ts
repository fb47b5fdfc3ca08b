/** Short names for the answers that the pages of a DAG show. */
import type { Schemas } from "../../../api/schema";

export type Grid = Schemas["Grid"];
export type Usual = Schemas["Usual"];
export type Standing = Schemas["Standing"];
export type PlannedStart = Schemas["PlannedStart"];
export type Missed = Schemas["Missed"];
export type Calendar = Schemas["Calendar"];
export type CalendarDay = Schemas["CalendarDay"];
export type VersionUse = Schemas["VersionUse"];
export type SourceFile = Schemas["SourceFile"];
export type Metric = Schemas["Metric"];
export type Metrics = Schemas["Metrics"];
export type Pause = Schemas["Pause"];
export type DagView = Schemas["DagView"];
export type DagItem = Schemas["DagItem"];
export type TriggerView = Schemas["TriggerView"];
