import { queryOptions } from "@tanstack/react-query";
import { api, idempotent, type Schemas, unwrap } from "../../api/client";

export type PlatformName = Schemas["PlatformOffer"]["platform"];
export type PlatformOffer = Schemas["PlatformOffer"];

/** Which platforms have accounts to connect; they change with the server's settings only. */
export const platformsQuery = queryOptions({
  queryKey: ["platforms"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/platforms", { signal })),
});

export type PlatformConnection = Schemas["PlatformConnection"];

/** The connected accounts, with who connected each and the destinations that it gives. */
export const connectionsQuery = queryOptions({
  queryKey: ["platforms", "connections"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/platforms/connections", { signal })),
});

const at = (platform: PlatformName) => ({ params: { path: { platform } } });

/** Where the browser goes to allow it. */
export const connectPlatform = (platform: PlatformName) =>
  unwrap(api.POST("/api/platforms/connections/{platform}/connect", at(platform)));

export const disconnectPlatform = ({ platform, id }: PlatformConnection, key: string) =>
  unwrap(
    api.DELETE("/api/platforms/connections/{platform}", {
      params: { path: { platform }, query: { connectionId: id } },
      ...idempotent(key),
    }),
  );
