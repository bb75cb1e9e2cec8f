import { selectDestinations } from "../../destinations/queries";
import { type SessionEdit, updateSession } from "../queries";

interface WholeEdit extends SessionEdit {
  /** Null when they were not touched. */
  destinationIds: string[] | null;
}

/** The plan first: choosing destinations is news in the session's log, and the edit would be based on an older version. */
export async function applyEdit({ destinationIds, ...edit }: WholeEdit, key: string) {
  if (Object.keys(edit.changes).length > 0) await updateSession(edit, key);
  if (destinationIds !== null) {
    await selectDestinations({ sessionId: edit.id, destinationIds }, `${key}-destinations`);
  }
}
