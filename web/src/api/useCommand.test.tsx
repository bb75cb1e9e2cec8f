import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { expect, test } from "vitest";
import { Problem } from "./problem";
import { useCommand } from "./useCommand";

/** A server that answers each try with the next of `answers`; a Problem is thrown. */
function command(...answers: (Problem | string)[]) {
  const keys: string[] = [];
  const send = async (_input: string, key: string) => {
    keys.push(key);
    const answer = answers.shift() ?? "done";
    if (answer instanceof Problem) throw answer;
    return answer;
  };
  const client = new QueryClient();
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  const { result } = renderHook(() => useCommand(send), { wrapper });
  const run = (input: string) => act(() => result.current.mutateAsync(input).catch(() => null));
  return { keys, run, result };
}

const away = () => new Problem(503, "database_unavailable", "away");

test("a retryable refusal is tried again under the same key", async () => {
  const { keys, run, result } = command(away(), "done");
  await run("start");
  await waitFor(() => expect(result.current.data).toBe("done"));
  expect(keys).toHaveLength(2);
  expect(new Set(keys).size).toBe(1);
});

test("pressing again after an outage repeats the same intent", async () => {
  const { keys, run } = command(away(), away(), away(), "done");
  await run("start");
  await run("start");
  expect(keys).toHaveLength(4);
  expect(new Set(keys).size).toBe(1);
});

test("pressing again after a final refusal is a new intent", async () => {
  const { keys, run } = command(new Problem(409, "session_not_live", "not yet"), "done");
  await run("join");
  await run("join");
  expect(new Set(keys).size).toBe(2);
});

test("doing the same thing again after success is a new intent", async () => {
  const { keys, run } = command("done", "done");
  await run("add");
  await run("add");
  expect(new Set(keys).size).toBe(2);
});
