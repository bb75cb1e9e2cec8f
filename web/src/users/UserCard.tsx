import { Badge, Card, Group, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useCommand } from "../api/useCommand";
import { ProblemAlert } from "../ui/ProblemAlert";
import { AddRole } from "./AddRole";
import { everyUsersQuery, revokeRole, type User, updateUser } from "./queries";
import { RolePills } from "./RolePills";
import { UserMenu } from "./UserMenu";

export function UserCard({ user }: { user: User }) {
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries(everyUsersQuery);
  const update = useCommand(updateUser, { onSuccess });
  const revoke = useCommand(revokeRole, { onSuccess });
  const problem = update.error ?? revoke.error;
  return (
    <Card component="li" withBorder padding="sm" aria-label={user.name}>
      <Group justify="space-between" wrap="nowrap" align="start">
        <div style={{ minWidth: 0 }}>
          <Group gap="xs">
            <Text fw={600}>{user.name}</Text>
            {user.disabled && <Badge color="red">disabled</Badge>}
          </Group>
          <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
            {user.email}
          </Text>
        </div>
        <UserMenu
          user={user}
          onDisable={(disabled) => update.mutate({ userId: user.id, changes: { disabled } })}
        />
      </Group>
      <Group gap="xs" mt="xs">
        <RolePills user={user} onRemove={(grant) => revoke.mutate({ userId: user.id, grant })} />
        <AddRole user={user} />
      </Group>
      {problem && <ProblemAlert title={`${user.name} was not changed`} error={problem} />}
    </Card>
  );
}
