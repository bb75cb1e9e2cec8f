import { useQueryClient } from "@tanstack/react-query";

/** Asks anew for what a change of a course or lesson shows in: both, and the sessions planned in them. */
export function useChanged(): () => Promise<void> {
  const queryClient = useQueryClient();
  return async () => {
    await Promise.all(
      ["courses", "lessons", "sessions"].map((key) =>
        queryClient.invalidateQueries({ queryKey: [key] }),
      ),
    );
  };
}
