import { act, fireEvent, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { Keys } from "./Keys";
import { GRID } from "./strokes";
import { type KeyPen, moved, useKeyPen } from "./useKeyPen";

const ASPECT = 16 / 9;

function board() {
  const hand = { press: vi.fn(), drag: vi.fn(), lift: vi.fn() };
  let pen: KeyPen | null = null;
  function Harness() {
    pen = useKeyPen(hand, ASPECT);
    return (
      <Keys pen={pen} draws>
        <svg />
      </Keys>
    );
  }
  render(<Harness />);
  const take = () => act(() => pen?.take());
  const key = (name: string) => fireEvent.keyDown(screen.getByRole("application"), { key: name });
  return { hand, take, key };
}

test("a step is as long downwards as sideways, and stays on the board", () => {
  expect(moved([0, 0], "ArrowRight", false, ASPECT)).toEqual([100, 0]);
  expect(moved([0, 0], "ArrowDown", false, ASPECT)).toEqual([0, 178]);
  expect(moved([0, 0], "ArrowDown", true, ASPECT)).toEqual([0, 889]);
  expect(moved([0, 50], "ArrowUp", false, ASPECT)).toEqual([0, 0]);
  expect(moved([GRID, 0], "ArrowRight", false, ASPECT)).toEqual([GRID, 0]);
  expect(moved([0, 0], "d", false, ASPECT)).toBeNull();
});

test("space puts the pen down where it is, arrows draw, space lifts it", () => {
  const { hand, take, key } = board();
  take();
  for (const name of ["ArrowLeft", " ", "ArrowRight", "ArrowRight", " ", "ArrowRight"]) key(name);
  expect(hand.press.mock.calls).toEqual([[[4_900, 5_000]]]);
  expect(hand.drag.mock.calls).toEqual([[[5_000, 5_000]], [[5_100, 5_000]]]);
  expect(hand.lift).toHaveBeenCalledTimes(1);
});

test("the keys are the board's only once it was asked for, and until it is left", () => {
  const { hand, take, key } = board();
  expect(screen.queryByRole("application")).toBeNull();
  take();
  expect(document.activeElement).toBe(screen.getByRole("application"));
  key(" ");
  fireEvent.blur(screen.getByRole("application"));
  expect(hand.lift).toHaveBeenCalledTimes(1);
  expect(screen.queryByRole("application")).toBeNull();
});
