import { expect, test, vi } from "vitest";
import type { Stroke } from "../queries";
import { Ink } from "./ink";

function pen(send = async (_: Stroke) => ({ sequence: 7 })) {
  const sent: Stroke[] = [];
  let wet: readonly Stroke[] = [];
  const ink = new Ink(
    (stroke) => {
      sent.push(stroke);
      return send(stroke);
    },
    (strokes) => {
      wet = strokes;
    },
  );
  return { ink, sent, wet: () => wet };
}

test("a stroke goes out in pieces that together are the stroke", async () => {
  const { ink, sent } = pen();
  const id = ink.begin("#000000", 20, [0, 0]);
  ink.extend(id, [100, 0]);
  await ink.flush();
  ink.extend(id, [200, 0]);
  ink.extend(id, [201, 1]); // too close to be seen
  await ink.flush();
  await ink.flush();
  expect(sent.map((stroke) => [stroke.id, stroke.points])).toEqual([
    [id, [0, 0, 100, 0]],
    [id, [200, 0]],
  ]);
});

test("a long one is cut into pieces that the server takes", async () => {
  const { ink, sent } = pen();
  const id = ink.begin("#000000", 20, [0, 0]);
  for (let n = 1; n <= 1_200; n += 1) ink.extend(id, [(n % 2) * 100, n]);
  await ink.flush();
  expect(sent.map(({ points }) => points.length)).toEqual([1_000, 1_000, 402]);
});

test("it has settled when the last piece is out, also one drawn while another was under way", async () => {
  const releases: (() => void)[] = [];
  const { ink, sent } = pen(
    () =>
      new Promise<{ sequence: number }>((resolve) => {
        releases.push(() => resolve({ sequence: 7 }));
      }),
  );
  const id = ink.begin("#000000", 20, [0, 0]);
  void ink.flush();
  ink.extend(id, [500, 500]);
  let settled = false;
  const settling = ink.settled().then(() => {
    settled = true;
  });
  releases[0]?.();
  await vi.waitFor(() => expect(sent).toHaveLength(2));
  expect(settled).toBe(false);
  releases[1]?.();
  await settling;
  expect(sent.map(({ points }) => points)).toEqual([
    [0, 0],
    [500, 500],
  ]);
});

test("one piece at a time, so that they arrive in order", async () => {
  let release: () => void = () => {};
  const { ink, sent } = pen(
    () =>
      new Promise<{ sequence: number }>((resolve) => {
        release = () => resolve({ sequence: 7 });
      }),
  );
  const id = ink.begin("#000000", 20, [0, 0]);
  const first = ink.flush();
  ink.extend(id, [500, 500]);
  await ink.flush();
  expect(sent).toHaveLength(1);
  release();
  await vi.waitFor(() => expect(sent).toHaveLength(2));
  release();
  await first;
});

test("ink is dry once the log tells all of it, also when it was erased since", async () => {
  const { ink, wet } = pen();
  const id = ink.begin("#000000", 20, [0, 0]);
  await ink.flush();
  ink.dry(7);
  expect(wet()).toHaveLength(1);
  ink.extend(id, [100, 0]);
  ink.end(id);
  ink.dry(7);
  expect(wet()).toHaveLength(1);
  await ink.flush();
  ink.dry(6);
  expect(wet()).toHaveLength(1);
  ink.dry(7);
  expect(wet()).toEqual([]);
});

test("a stroke that was refused is gone, and the next one is sent", async () => {
  const { ink, sent, wet } = pen(async ({ color }) => {
    if (color === "#ff0000") throw new Error("refused");
    return { sequence: 7 };
  });
  ink.begin("#ff0000", 20, [0, 0]);
  await expect(ink.flush()).rejects.toThrow("refused");
  expect(wet()).toEqual([]);
  ink.begin("#000000", 20, [0, 0]);
  await ink.flush();
  expect(sent.map(({ color }) => color)).toEqual(["#ff0000", "#000000"]);
});
