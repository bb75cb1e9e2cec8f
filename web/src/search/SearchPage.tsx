import { SegmentedControl, Stack, Text, TextInput, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { Notice } from "../ui/Notice";
import { MorePages } from "../ui/paging/MorePages";
import { pagesOf } from "../ui/paging/pages";
import { HitCard } from "./HitCard";
import { type Asked, searchQuery } from "./queries";

const KINDS: { value: Asked["kind"]; label: string }[] = [
  { value: "", label: "All" },
  { value: "transcript", label: "Said" },
  { value: "slide", label: "Slides" },
  { value: "chat", label: "Chat" },
  { value: "question", label: "Questions" },
];
const PAUSE_MS = 250;
const MAX_CHARS = 200;

export function Component() {
  const [address, setAddress] = useSearchParams();
  const asked = askedIn(address);
  const ask = (change: Partial<Asked>) => setAddress({ ...asked, ...change }, { replace: true });
  return (
    <Stack gap="lg">
      <Title order={1} size="h2">
        Search
      </Title>
      <Stack gap="sm">
        <TextInput
          type="search"
          aria-label="What to search for"
          description={
            'Words, "phrases", or, and -not: in everything that was said, shown, written and asked'
          }
          leftSection={<IconSearch size={18} aria-hidden />}
          value={asked.q}
          maxLength={MAX_CHARS}
          onChange={(event) => ask({ q: event.currentTarget.value })}
        />
        <SegmentedControl
          aria-label="Where"
          size="xs"
          data={KINDS}
          value={asked.kind}
          onChange={(kind) => ask({ kind })}
        />
      </Stack>
      <Hits asked={asked} />
    </Stack>
  );
}

function askedIn(address: URLSearchParams): Asked {
  const kind = KINDS.find(({ value }) => value === address.get("kind"))?.value ?? "";
  return { q: address.get("q") ?? "", kind };
}

function Hits({ asked }: { asked: Asked }) {
  const [settled] = useDebouncedValue(asked.q, PAUSE_MS);
  const found = useInfiniteQuery(searchQuery({ q: settled, kind: asked.kind }));
  if (settled.trim() === "") return null;
  const hits = found.data?.pages.flatMap((page) => page.items) ?? [];
  if (found.data && hits.length === 0) {
    return <Notice title="Nothing was found" text="Try fewer or other words." />;
  }
  return (
    <Stack gap="sm">
      {hits.length > 0 && (
        <Text size="xs" c="dimmed" role="status">
          The best first; each opens the replay at its second.
        </Text>
      )}
      <Stack component="ul" gap="xs" p={0} m={0} aria-label="Hits">
        {hits.map((hit) => (
          <HitCard key={`${hit.sessionId} ${hit.kind} ${hit.sourceId}`} hit={hit} />
        ))}
      </Stack>
      <MorePages pages={pagesOf(found)} label="More hits" />
    </Stack>
  );
}
