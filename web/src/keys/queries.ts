import { queryOptions } from "@tanstack/react-query";
import { api, idempotent, type Schemas, unwrap } from "../api/client";

export type ApiKey = Schemas["ApiKey"];

export const keysQuery = queryOptions({
  queryKey: ["api-keys"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/api-keys", { signal })),
});

export const createKey = (body: Schemas["CreateApiKey"], key: string) =>
  unwrap(api.POST("/api/api-keys", { body, ...idempotent(key) }));

export const revokeKey = (keyId: string, key: string) =>
  unwrap(
    api.DELETE("/api/api-keys/{key_id}", {
      params: { path: { key_id: keyId } },
      ...idempotent(key),
    }),
  );
