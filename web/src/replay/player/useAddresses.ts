import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { replayQuery } from "../queries";

/** Signed playlist addresses by recording id; `renew` asks the control plane to sign anew. */
export function useAddresses(sessionId: string) {
  const queryClient = useQueryClient();
  return useCallback(
    async (recordingId: string, renew: boolean): Promise<string> => {
      const replay = await queryClient.fetchQuery({
        ...replayQuery(sessionId),
        staleTime: renew ? 0 : 60_000,
      });
      const recording = replay.recordings.find((one) => one.id === recordingId);
      if (!recording) throw new Error("The recording is no longer there.");
      return recording.url;
    },
    [queryClient, sessionId],
  );
}
