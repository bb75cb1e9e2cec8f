import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "../api/client";

export type Hit = Schemas["SearchHit"];

export interface Asked {
  q: string;
  /** Empty for all kinds. */
  kind: Hit["kind"] | "";
}

export const searchQuery = ({ q, kind }: Asked) =>
  infiniteQueryOptions({
    queryKey: ["search", q, kind],
    queryFn: ({ pageParam, signal }) => {
      const query = { q, cursor: pageParam, ...(kind && { kind }) };
      return unwrap(api.GET("/api/search", { params: { query }, signal }));
    },
    initialPageParam: 0,
    getNextPageParam: (last) => (last.nextCursor ? Number(last.nextCursor) : undefined),
    enabled: q.trim() !== "",
  });
