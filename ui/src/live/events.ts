/** What tabs and the shared stream tell each other. */
import type { LiveEvent } from "../api/schema";

/** `connected`: since when the stream lives; `lost`: since when it does not (milliseconds since the epoch). */
export type Connection = { state: "connecting" } | { state: "live"; since: number } | { state: "lost"; since: number };

/** `begin` and `end`: whether an answer that the tab wants to keep open may be read. */
export type ToTab =
  | { kind: "events"; events: LiveEvent[] }
  | { kind: "connection"; connection: Connection }
  | { kind: "begin" | "end"; id: number };

/** A tab says where the stream is, whether it is looked at, which answers it wants to keep open, and that it goes. */
export type FromTab =
  | { kind: "hello"; url: string }
  | { kind: "visible"; visible: boolean }
  | { kind: "again" }
  | { kind: "take" | "leave"; id: number }
  | { kind: "bye" };
