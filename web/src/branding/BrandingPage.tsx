import { Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { isAdmin, useUser } from "../auth/user";
import { Notice } from "../ui/Notice";
import { ProblemAlert } from "../ui/ProblemAlert";
import { Colors } from "./Colors";
import { Logo } from "./Logo";
import { brandingQuery } from "./queries";

export function Component() {
  const branding = useQuery(brandingQuery);
  if (!isAdmin(useUser())) {
    return <Notice title="The look is for administrators" text="Ask an administrator." />;
  }
  return (
    <Stack gap="lg" maw={720}>
      <div>
        <Title order={1} size="h2">
          Look of programmes
        </Title>
        <Text c="dimmed" size="sm">
          In every recording and stream of your school; those on air change at once.
        </Text>
      </div>
      {branding.error && (
        <ProblemAlert error={branding.error} onRetry={() => void branding.refetch()} />
      )}
      {branding.data && (
        <>
          <Colors key={branding.data.primaryColor} branding={branding.data} />
          <Logo logoUrl={branding.data.logoUrl} />
        </>
      )}
    </Stack>
  );
}
