/** Short names for what the API answers about a run. */
import type { Schemas } from "../../../api/schema";

export type RunStory = Schemas["RunStory"];
export type RunEvent = Schemas["RunEvent"];
export type RootFailure = Schemas["RootFailure"];
export type RunChanges = Schemas["RunChanges"];
export type AttemptSpan = Schemas["AttemptSpan"];
export type ResultFiles = Schemas["ResultFiles"];
export type ResultChange = Schemas["ResultChange"];
export type FileChange = Schemas["FileChange"];
export type LogOverview = Schemas["LogOverview"];
export type NumberedLine = Schemas["NumberedLine"];
export type ExceptionBlock = Schemas["ExceptionBlock"];
export type Price = Schemas["Price"];
export type GraphTask = Schemas["GraphTask"];
