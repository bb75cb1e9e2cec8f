import { NativeSelect } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useCommand } from "../../api/useCommand";
import { ProblemAlert } from "../../ui/ProblemAlert";
import { type CaptionOptions, captionOptionsQuery, chooseLanguage } from "../queries";
import { languageChoices } from "./languages";

interface OwnLanguageProps {
  sessionId: string;
  options: CaptionOptions;
  chosen: string;
}

/** The language one speaks oneself; nothing where the recogniser knows only one. */
export function OwnLanguage({ sessionId, options, chosen }: OwnLanguageProps) {
  const queryClient = useQueryClient();
  const choose = useCommand(
    (language: string, key: string) => chooseLanguage(sessionId, language, key),
    {
      onSuccess: (reply) =>
        queryClient.setQueryData(captionOptionsQuery({ session: sessionId }).queryKey, reply),
    },
  );
  if (options.languages.length < 2) return null;
  return (
    <>
      <NativeSelect
        size="xs"
        label="I speak"
        data={languageChoices(options.languages, "As the class does")}
        value={choose.isPending ? choose.variables : chosen}
        onChange={(event) => choose.mutate(event.currentTarget.value)}
      />
      {choose.error && <ProblemAlert error={choose.error} />}
    </>
  );
}
