import { queryOptions } from "@tanstack/react-query";
import { api, idempotent, type Schemas, unwrap } from "../api/client";

export type Branding = Schemas["Branding"];

/** The logo's link opens for ten minutes. */
const FRESH_MS = 8 * 60_000;

export const brandingQuery = queryOptions({
  queryKey: ["branding"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/branding", { signal })),
  staleTime: FRESH_MS,
  refetchInterval: FRESH_MS,
});

export const changeBranding = (body: Schemas["ChangeBranding"], key: string) =>
  unwrap(api.PATCH("/api/branding", { body, ...idempotent(key) }));

export const removeLogo = (_: undefined, key: string) =>
  unwrap(api.DELETE("/api/branding/logo", idempotent(key)));

export interface NewLogo {
  file: File;
  /** Tells one file from another where only text is compared. */
  name: string;
  sizeBytes: number;
}

export const uploadLogo = ({ file }: NewLogo, key: string) =>
  unwrap(
    api.POST("/api/branding/logo", {
      body: { file: "" },
      bodySerializer: () => {
        const form = new FormData();
        form.set("file", file);
        return form;
      },
      ...idempotent(key),
    }),
  );
