import { Button, Group, Skeleton, Stack, Text, TextInput, Title } from "@mantine/core";
import { useDebouncedValue, useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { isAdmin, useUser } from "../auth/user";
import { Notice } from "../ui/Notice";
import { ProblemAlert } from "../ui/ProblemAlert";
import { AddUser } from "./AddUser";
import { usersQuery } from "./queries";
import { UserCard } from "./UserCard";

export function Component() {
  const [adding, { open, close }] = useDisclosure(false);
  const [search, setSearch] = useState("");
  const [wanted] = useDebouncedValue(search.trim(), 300);
  if (!isAdmin(useUser())) {
    return <Notice title="This page is for administrators" text="Ask an administrator." />;
  }
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <div>
          <Title order={1} size="h2">
            People
          </Title>
          <Text c="dimmed" size="sm">
            Who can sign in, and what they may do.
          </Text>
        </div>
        <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={open}>
          Add person
        </Button>
      </Group>
      <TextInput
        type="search"
        label="Search"
        placeholder="Name or email"
        maxLength={120}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <People search={wanted} />
      <AddUser opened={adding} onClose={close} />
    </Stack>
  );
}

function People({ search }: { search: string }) {
  const people = useInfiniteQuery(usersQuery(search));
  if (people.isPending) return <Skeleton height={160} role="status" aria-label="Loading people" />;
  if (!people.data) {
    return <ProblemAlert error={people.error} onRetry={() => void people.refetch()} />;
  }
  const found = people.data.pages.flatMap((page) => page.items);
  if (found.length === 0) return <Text c="dimmed">Nobody is called that.</Text>;
  return (
    <Stack gap="xs">
      <Stack component="ul" gap="xs" p={0} m={0} aria-label="People">
        {found.map((user) => (
          <UserCard key={user.id} user={user} />
        ))}
      </Stack>
      {people.hasNextPage && (
        <Button
          variant="default"
          loading={people.isFetchingNextPage}
          onClick={() => void people.fetchNextPage()}
        >
          More people
        </Button>
      )}
    </Stack>
  );
}
