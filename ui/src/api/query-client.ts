/** One cache of server state for all pages. The live stream tells what is stale; nothing is asked for on a timer. */
import { QueryClient } from "@tanstack/react-query";
import { asProblem } from "./problem";

const RETRIES_MAX = 2;

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // The live stream invalidates; a revisit shows the last data at once and asks again behind it.
        staleTime: 5_000,
        gcTime: 10 * 60_000,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        retry: (failures, error) => asProblem(error).isUnreachable && failures < RETRIES_MAX,
      },
      mutations: { retry: false },
    },
  });
}
