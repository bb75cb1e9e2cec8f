import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { asProblem, type Problem } from "../../api/problem";
import { useCommand } from "../../api/useCommand";
import { selectDestinations } from "../../destinations/queries";
import { createSession, type Session } from "../queries";
import { type NewSessionForm, toRequest } from "./newSessionForm";

interface Created {
  session: Session;
  form: NewSessionForm;
  unselected: Problem | null;
}

/** The session stands once it is made: destinations that could not be set are told, not a failure of the whole. */
async function create(form: NewSessionForm, key: string): Promise<Created> {
  const session = await createSession(toRequest(form), key);
  const { destinationIds } = form;
  if (destinationIds === null) return { session, form, unselected: null };
  const unselected = await selectDestinations(
    { sessionId: session.id, destinationIds },
    `${key}-destinations`,
  ).then(() => null, asProblem);
  return { session, form, unselected };
}

/** Makes a session and its destinations; one that starts now opens its class room. */
export function useCreateSession(onDone: () => void) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return useCommand(create, {
    onSuccess: async ({ session, form, unselected }) => {
      if (unselected) {
        notifications.show({
          color: "red",
          title: "The session has no destinations yet",
          message: `${unselected.message} Choose them in the class room under On air.`,
        });
      }
      await queryClient.invalidateQueries({ queryKey: ["sessions"] });
      onDone();
      if (form.mode === "now") await navigate(`/sessions/${session.id}/room`);
    },
  });
}
