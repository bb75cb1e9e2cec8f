import { queryOptions } from "@tanstack/react-query";
import { api, idempotent, type Schemas, unwrap } from "../api/client";

export type WebhookEndpoint = Schemas["WebhookEndpoint"];
export type WebhookAttempt = Schemas["WebhookAttempt"];
export type WebhookTest = Schemas["WebhookTest"];

export const endpointsQuery = queryOptions({
  queryKey: ["webhooks"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/webhook-endpoints", { signal })),
});

/** They change with a new version of Lectern only. */
export const eventTypesQuery = queryOptions({
  queryKey: ["webhooks", "event-types"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/webhook-endpoints/event-types", { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});

const at = (id: string) => ({ params: { path: { endpoint_id: id } } });

/** The newest deliveries; looked at again while somebody watches. */
export const attemptsQuery = (id: string) =>
  queryOptions({
    queryKey: ["webhooks", id, "attempts"],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/webhook-endpoints/{endpoint_id}/attempts", { ...at(id), signal })),
    refetchInterval: 5_000,
  });

export const createEndpoint = (body: Schemas["CreateWebhookEndpoint"], key: string) =>
  unwrap(api.POST("/api/webhook-endpoints", { body, ...idempotent(key) }));

export interface EndpointUpdate {
  id: string;
  changes: Schemas["UpdateWebhookEndpoint"];
}

export const updateEndpoint = ({ id, changes }: EndpointUpdate, key: string) =>
  unwrap(
    api.PATCH("/api/webhook-endpoints/{endpoint_id}", {
      ...at(id),
      body: changes,
      ...idempotent(key),
    }),
  );

export const rotateSecret = (id: string, key: string) =>
  unwrap(
    api.POST("/api/webhook-endpoints/{endpoint_id}/rotate-secret", {
      ...at(id),
      ...idempotent(key),
    }),
  );

export const removeEndpoint = (id: string, key: string) =>
  unwrap(api.DELETE("/api/webhook-endpoints/{endpoint_id}", { ...at(id), ...idempotent(key) }));

/** A second call would be a second ping, so it has no key. */
export const testEndpoint = (id: string) =>
  unwrap(api.POST("/api/webhook-endpoints/{endpoint_id}/test", at(id)));

export interface Replay {
  id: string;
  sessionId: string;
  afterSequence: number;
}

export const replayEvents = ({ id, ...body }: Replay, key: string) =>
  unwrap(
    api.POST("/api/webhook-endpoints/{endpoint_id}/replay", {
      ...at(id),
      body,
      ...idempotent(key),
    }),
  );
