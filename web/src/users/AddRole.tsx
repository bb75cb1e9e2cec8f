import { Button, Group, Modal, Select, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useCommand } from "../api/useCommand";
import { ROLES, type RoleGrant } from "../auth/roles";
import { coursesQuery } from "../courses/queries";
import { ProblemAlert } from "../ui/ProblemAlert";
import { everyUsersQuery, grantRole, type User } from "./queries";

export function AddRole({ user }: { user: User }) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconPlus size={14} aria-hidden />}
        onClick={open}
        aria-label={`Give ${user.name} a role`}
      >
        Role
      </Button>
      <Modal opened={opened} onClose={close} title={`A role for ${user.name}`}>
        <RoleForm user={user} onClose={close} />
      </Modal>
    </>
  );
}

function RoleForm({ user, onClose }: { user: User; onClose: () => void }) {
  const queryClient = useQueryClient();
  const courses = useQuery(coursesQuery).data?.items ?? [];
  const grant = useCommand(grantRole, {
    onSuccess: async () => {
      await queryClient.invalidateQueries(everyUsersQuery);
      onClose();
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    grant.mutate({ userId: user.id, grant: read(new FormData(event.currentTarget)) });
  };
  const places = [
    { value: "", label: "The whole school" },
    ...courses.map((course) => ({ value: course.id, label: course.title })),
  ];
  return (
    <form onSubmit={submit}>
      <Stack>
        <Select
          label="Role"
          name="role"
          data={[...ROLES]}
          defaultValue="student"
          allowDeselect={false}
          data-autofocus
        />
        <Select label="In" name="place" data={places} defaultValue="" allowDeselect={false} />
        {grant.error && <ProblemAlert title="The role was not given" error={grant.error} />}
        <Group justify="end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={grant.isPending}>
            Give role
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function read(fields: FormData): RoleGrant {
  const name = ROLES.find((role) => role === fields.get("role")) ?? "student";
  const courseId = String(fields.get("place"));
  return courseId
    ? { name, scope: "course", scopeId: courseId }
    : { name, scope: "tenant", scopeId: null };
}
