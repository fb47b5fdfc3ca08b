/** Short names for what the API answers; the generated file itself is never edited. */
import type { components } from "./schema.gen";

export type Schemas = components["schemas"];
export type TaskState = Schemas["TaskState"];
export type RunState = Schemas["RunState"];
export type Sentence = Schemas["Sentence"];
export type Run = Schemas["Run"];
export type RunBar = Schemas["RunBar"];
export type TaskInstance = Schemas["TaskInstance"];
export type Attempt = Schemas["Attempt"];
export type DagItem = Schemas["DagItem"];
export type DagGraph = Schemas["DagGraph"];
export type LiveEvent = Schemas["RunChanged"] | Schemas["TaskChanged"] | Schemas["DagsChanged"] | Schemas["Lagged"];
