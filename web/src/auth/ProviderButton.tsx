import { Button, Divider, Text } from "@mantine/core";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";

const methodsQuery = queryOptions({
  queryKey: ["sign-in methods"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/auth/methods", { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});

/** The school's identity provider, when there is one; a whole page leaves, because it is another site. */
export function ProviderButton({ next }: { next: string }) {
  const provider = useQuery(methodsQuery).data?.provider;
  if (!provider) return null;
  const label = `Sign in with ${provider.name}`;
  return (
    <>
      <Divider label="or" my="md" />
      {provider.missing.length > 0 ? (
        <Button variant="default" fullWidth disabled>
          {label}
        </Button>
      ) : (
        <Button
          component="a"
          href={`/api/auth/oidc/start?next=${encodeURIComponent(next)}`}
          variant="default"
          fullWidth
        >
          {label}
        </Button>
      )}
      {provider.missing.length > 0 && (
        <Text size="xs" c="dimmed" mt="xs">
          Not ready yet: the server needs {provider.missing.join(" and ")}.
        </Text>
      )}
    </>
  );
}
