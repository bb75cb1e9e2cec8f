import { Alert } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useSearchParams } from "react-router";
import { ProblemAlert } from "../../ui/ProblemAlert";
import { arrivalOf } from "./arrival";

const NAMES = { youtube: "YouTube", twitch: "Twitch" };

/** What came of a visit at a platform. */
export function Arrived() {
  const [query, setQuery] = useSearchParams();
  const { connected, problem } = arrivalOf(query, NAMES);
  if (problem) return <ProblemAlert title="The account was not connected" error={problem} />;
  if (!connected) return null;
  return (
    <Alert
      role="status"
      color="green"
      variant="light"
      icon={<IconCircleCheck aria-hidden />}
      title={`${connected} is connected`}
      withCloseButton
      closeButtonLabel="Close"
      onClose={() => setQuery({}, { replace: true })}
    >
      Choose it for your next session; the class is then streamed there by itself.
    </Alert>
  );
}
