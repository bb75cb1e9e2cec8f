import {
  ActionIcon,
  Group,
  NativeSelect,
  Skeleton,
  Stack,
  Table,
  Text,
  VisuallyHidden,
} from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconUserMinus } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { Problem } from "../../api/problem";
import { useCommand } from "../../api/useCommand";
import { ConfirmButton } from "../../ui/ConfirmButton";
import { ProblemAlert } from "../../ui/ProblemAlert";
import { EnrolForm } from "./EnrolForm";
import { type CourseRole, changeRole, type Enrolment, enrolmentsQuery, takeOut } from "./queries";
import { ROLE_OPTIONS, roleLabel } from "./roles";

interface PeopleProps {
  courseId: string;
  teaches: boolean;
}

/** Who is enrolled; teachers add, change and remove. */
export function People({ courseId, teaches }: PeopleProps) {
  const enrolments = useQuery(enrolmentsQuery(courseId));
  if (enrolments.isPending) {
    return <Skeleton height={120} role="status" aria-label="Loading people" />;
  }
  if (!enrolments.data) {
    return <ProblemAlert error={enrolments.error} onRetry={() => void enrolments.refetch()} />;
  }
  const { items } = enrolments.data;
  return (
    <Stack>
      {teaches && <EnrolForm courseId={courseId} />}
      {items.length === 0 ? (
        <Text c="dimmed">Nobody is enrolled yet.</Text>
      ) : (
        <Table.ScrollContainer minWidth={320}>
          <Table verticalSpacing="xs" aria-label="People in this course">
            <Head teaches={teaches} />
            <Table.Tbody>
              {items.map((person) => (
                <Row key={person.userId} person={person} courseId={courseId} teaches={teaches} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Stack>
  );
}

function Head({ teaches }: { teaches: boolean }) {
  return (
    <Table.Thead>
      <Table.Tr>
        <Table.Th>Name</Table.Th>
        <Table.Th>Role</Table.Th>
        {teaches && (
          <Table.Th>
            <VisuallyHidden>Remove</VisuallyHidden>
          </Table.Th>
        )}
      </Table.Tr>
    </Table.Thead>
  );
}

interface RowProps extends PeopleProps {
  person: Enrolment;
}

function Row({ person, courseId, teaches }: RowProps) {
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={550}>
          {person.name}
        </Text>
        <Text size="xs" c="dimmed" style={{ wordBreak: "break-all" }}>
          {person.email}
        </Text>
      </Table.Td>
      <Table.Td>
        {teaches ? <Role person={person} courseId={courseId} /> : roleLabel(person.role)}
      </Table.Td>
      {teaches && (
        <Table.Td>
          <Group justify="end">
            <TakeOut person={person} courseId={courseId} />
          </Group>
        </Table.Td>
      )}
    </Table.Tr>
  );
}

type OfPerson = Omit<RowProps, "teaches">;

function Role({ person, courseId }: OfPerson) {
  const queryClient = useQueryClient();
  const change = useCommand(changeRole, {
    onSuccess: () => queryClient.invalidateQueries(enrolmentsQuery(courseId)),
  });
  const choose = (role: CourseRole) =>
    change.mutate({ courseId, userId: person.userId, role }, { onError: refused(person.name) });
  return (
    <NativeSelect
      aria-label={`Role of ${person.name}`}
      size="xs"
      data={ROLE_OPTIONS}
      value={change.isPending ? change.variables.role : person.role}
      disabled={change.isPending}
      onChange={(event) => choose(event.currentTarget.value as CourseRole)}
    />
  );
}

function TakeOut({ person, courseId }: OfPerson) {
  const queryClient = useQueryClient();
  const remove = useCommand(takeOut, {
    onSuccess: () => queryClient.invalidateQueries(enrolmentsQuery(courseId)),
  });
  const leaver = { courseId, userId: person.userId };
  return (
    <ConfirmButton
      question={`Remove ${person.name} from the course?`}
      explanation="The course's classes and replays close for them at once, also a class they are in now."
      confirmLabel="Remove"
      onConfirm={() => remove.mutate(leaver, { onError: refused(person.name) })}
      button={(open) => (
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={`Remove ${person.name}`}
          loading={remove.isPending}
          onClick={open}
        >
          <IconUserMinus size={18} aria-hidden />
        </ActionIcon>
      )}
    />
  );
}

const refused = (name: string) => (problem: Problem) =>
  notifications.show({
    color: "red",
    title: `${name}'s enrolment was not changed`,
    message: problem.message,
  });
