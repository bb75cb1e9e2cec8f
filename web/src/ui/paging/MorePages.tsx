import { Button, Center, Loader } from "@mantine/core";
import { ProblemAlert } from "../ProblemAlert";
import type { Pages } from "./pages";

interface MorePagesProps {
  pages: Pages;
  /** What the button says. */
  label: string;
}

/** Asks for the next page of a list; nothing once all of it is here. */
export function MorePages({ pages: { loading, more, fetching, problem }, label }: MorePagesProps) {
  if (loading && !problem) {
    return (
      <Center p="md" role="status" aria-label="Loading">
        <Loader size="sm" />
      </Center>
    );
  }
  return (
    <>
      {problem && <ProblemAlert error={problem} />}
      {more && (
        <Center py={4}>
          <Button size="compact-xs" variant="default" loading={fetching} onClick={more}>
            {problem ? "Try again" : label}
          </Button>
        </Center>
      )}
    </>
  );
}
