import { Button, Group, NativeSelect, SegmentedControl, Stack, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { canTeach, isAdmin, useUser } from "../auth/user";
import { coursesQuery } from "../courses/queries";
import { FailureNotice } from "../onair/failing/FailureNotice";
import { NewSession } from "./create/NewSession";
import { everyCourse, type SessionFilter } from "./queries";
import { SessionList } from "./SessionList";

export function Component() {
  const user = useUser();
  const teaches = canTeach(user);
  const [creating, { open, close }] = useDisclosure(false);
  const [filter, setFilter] = useState<SessionFilter>({ courseId: everyCourse, over: false });
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <Title order={1} size="h2">
          Sessions
        </Title>
        {teaches && (
          <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={open}>
            New session
          </Button>
        )}
      </Group>
      {isAdmin(user) && <FailureNotice />}
      <Filters filter={filter} onChange={setFilter} />
      <SessionList filter={filter} onCreate={teaches ? open : undefined} />
      {teaches && <NewSession opened={creating} onClose={close} />}
    </Stack>
  );
}

interface FiltersProps {
  filter: SessionFilter;
  onChange: (filter: SessionFilter) => void;
}

function Filters({ filter, onChange }: FiltersProps) {
  const courses = useQuery(coursesQuery);
  const options = (courses.data?.items ?? []).map(({ id, title }) => ({ value: id, label: title }));
  return (
    <Group gap="sm">
      <SegmentedControl
        aria-label="Which sessions"
        value={filter.over ? "over" : "open"}
        onChange={(value) => onChange({ ...filter, over: value === "over" })}
        data={[
          { value: "open", label: "Live and upcoming" },
          { value: "over", label: "Past" },
        ]}
      />
      <NativeSelect
        aria-label="Course"
        data={[{ value: everyCourse, label: "All courses" }, ...options]}
        value={filter.courseId}
        onChange={(event) => onChange({ ...filter, courseId: event.currentTarget.value })}
      />
    </Group>
  );
}
