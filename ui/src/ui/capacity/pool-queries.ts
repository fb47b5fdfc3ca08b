/** What a pool would start with another number of slots, and the change itself. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../../api/client";

export const OCCUPANCY_KEY = ["occupancy"] as const;

export function previewQuery(name: string, slots: number) {
  return queryOptions({
    queryKey: ["pool-preview", name, slots],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/pools/{name}/preview", { params: { path: { name }, query: { slots } }, signal })),
    staleTime: 1_000,
    enabled: slots >= 0,
  });
}

export function useSetPool(name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (slots: number) =>
      unwrap(api.PUT("/pools/{name}", { params: { path: { name } }, body: { slots, description: null } })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: OCCUPANCY_KEY });
      await client.invalidateQueries({ queryKey: ["waiting"] });
    },
  });
}
