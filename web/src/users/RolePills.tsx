import { ActionIcon, Badge, Text } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { describe, type RoleGrant } from "../auth/roles";
import { useCourseTitle } from "../courses/useCourseTitle";
import type { User } from "./queries";

interface RolePillsProps {
  user: User;
  onRemove: (grant: RoleGrant) => void;
}

export function RolePills({ user, onRemove }: RolePillsProps) {
  const courseTitle = useCourseTitle();
  if (user.roles.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        No role yet
      </Text>
    );
  }
  return user.roles.map((grant) => {
    const words = describe(grant, courseTitle);
    return (
      <Badge
        key={`${grant.name} ${grant.scope} ${grant.scopeId ?? ""}`}
        variant="light"
        size="lg"
        tt="none"
        rightSection={
          <ActionIcon
            size="xs"
            variant="transparent"
            aria-label={`Take away: ${words}`}
            onClick={() => onRemove(grant)}
          >
            <IconX size={12} />
          </ActionIcon>
        }
      >
        {words}
      </Badge>
    );
  });
}
