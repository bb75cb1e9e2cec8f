import { Alert, Button, Group, NativeSelect, Stack, Text, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { Problem } from "../../api/problem";
import { useCommand } from "../../api/useCommand";
import { ProblemAlert } from "../../ui/ProblemAlert";
import { pastedPeople, withoutPeople } from "./pasted";
import { type CourseRole, enrolmentsQuery, enrolPeople } from "./queries";
import { ROLE_OPTIONS } from "./roles";

/** One address or a whole list, as pasted from a spreadsheet. */
export function EnrolForm({ courseId }: { courseId: string }) {
  const [text, setText] = useState("");
  const [role, setRole] = useState<CourseRole>("student");
  const queryClient = useQueryClient();
  const enrol = useCommand(enrolPeople, {
    onSuccess: async ({ items }) => {
      setText("");
      notifications.show({ message: `${items.length} enrolled.` });
      await queryClient.invalidateQueries(enrolmentsQuery(courseId));
    },
  });
  const people = pastedPeople(text, role);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (people.length > 0) enrol.mutate({ courseId, people });
  };
  const leaveOut = (emails: string[]) => {
    setText(withoutPeople(text, emails));
    enrol.reset();
  };
  return (
    <form onSubmit={submit} aria-label="Enrol people">
      <Stack gap="xs">
        <Textarea
          label="Enrol by e-mail address"
          description="One or many, as in a column of a spreadsheet; a line may name a role, as in “anna@school.org, assistant”."
          autosize
          minRows={2}
          maxRows={10}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Group align="end" gap="xs">
          <NativeSelect
            label="As"
            data={ROLE_OPTIONS}
            value={role}
            onChange={(event) => setRole(event.currentTarget.value as CourseRole)}
          />
          <Button type="submit" loading={enrol.isPending} disabled={people.length === 0}>
            {people.length > 1 ? `Enrol ${people.length} people` : "Enrol"}
          </Button>
        </Group>
        {enrol.error && <Refused problem={enrol.error} onLeaveOut={leaveOut} />}
      </Stack>
    </form>
  );
}

interface RefusedProps {
  problem: Problem;
  onLeaveOut: (emails: string[]) => void;
}

function Refused({ problem, onLeaveOut }: RefusedProps) {
  const { people } = problem.details;
  if (problem.code !== "unknown_people" || !Array.isArray(people)) {
    return <ProblemAlert title="Nobody was enrolled" error={problem} />;
  }
  return (
    <Alert role="alert" color="red" variant="light" title="Nobody was enrolled">
      <Text size="sm">These addresses have no account here: {people.join(", ")}</Text>
      <Button size="compact-sm" variant="default" mt="xs" onClick={() => onLeaveOut(people)}>
        Leave them out
      </Button>
    </Alert>
  );
}
