/** Workers, queues and pools in one answer, at one instant. */
import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "../../../api/client";
import type { Schemas } from "../../../api/schema";
import { OCCUPANCY_KEY } from "../../../ui/capacity/pool-queries";

export type Occupancy = Schemas["Occupancy"];
export type WorkerState = Schemas["WorkerState"];
export type QueueState = Schemas["QueueState"];
export type PoolState = Schemas["PoolState"];

export const occupancyQuery = queryOptions({
  queryKey: OCCUPANCY_KEY,
  queryFn: ({ signal }) => unwrap(api.GET("/occupancy", { signal })),
});
