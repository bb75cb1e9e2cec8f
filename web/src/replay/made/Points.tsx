import { Stack, Title } from "@mantine/core";
import type { ReactNode } from "react";

/** A list with a heading; nothing at all without entries. */
export function Points({ title, children }: { title: string; children: ReactNode[] }) {
  if (children.length === 0) return null;
  return (
    <section aria-label={title}>
      <Title order={3} size="h6" mb={6}>
        {title}
      </Title>
      <Stack component="ul" gap="xs" p={0} m={0} style={{ listStyle: "none" }}>
        {children}
      </Stack>
    </section>
  );
}
