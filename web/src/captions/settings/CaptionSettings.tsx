import { Alert, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ProblemAlert } from "../../ui/ProblemAlert";
import { captionOptionsQuery, type Place } from "../queries";
import { SettingsForm } from "./SettingsForm";

/** How a class, or a course's classes, are captioned. */
export function CaptionSettings({ place }: { place: Place }) {
  const options = useQuery(captionOptionsQuery(place));
  if (options.isPending) return <Skeleton height={240} role="status" aria-label="Loading" />;
  if (!options.data) {
    return <ProblemAlert error={options.error} onRetry={() => void options.refetch()} />;
  }
  return (
    <>
      {"session" in place && !options.data.own && (
        <Alert color="gray" role="note" mb="md" maw={560}>
          This class follows its course. What is saved here holds for this class alone.
        </Alert>
      )}
      <SettingsForm place={place} options={options.data} />
    </>
  );
}
