import { Card, Stack, Text, Title } from "@mantine/core";
import { KeyList } from "../../keys/KeyList";
import { useUser } from "../user";
import { ChangePassword } from "./ChangePassword";
import { SignOutEverywhere } from "./SignOutEverywhere";

export function Component() {
  const { user, roles } = useUser();
  return (
    <Stack gap="lg">
      <div>
        <Title order={1} size="h2">
          Your account
        </Title>
        <Text c="dimmed" size="sm">
          {user.name} · {user.email}
        </Text>
      </div>
      <Card withBorder component="section" aria-label="Password">
        <ChangePassword />
      </Card>
      <Card withBorder component="section" aria-label="Your devices">
        <SignOutEverywhere />
      </Card>
      {roles.length > 0 && (
        <section aria-label="Your API keys">
          <KeyList ownerId={user.id} />
        </section>
      )}
    </Stack>
  );
}
