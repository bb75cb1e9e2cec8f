// @vitest-environment jsdom
import { expect, test } from "vitest";
import { nextStop } from "./regions";

function page() {
  const root = document.createElement("div");
  root.innerHTML = `
    <header data-region id="header" tabindex="-1"></header>
    <main data-region id="main"><button id="off" disabled></button><button id="slide"></button></main>
    <footer data-region id="bar"><button id="mic"></button><button id="leave"></button></footer>`;
  const at = (id: string) => root.querySelector(`#${id}`);
  return (from: string | null, step: 1 | -1) => nextStop(root, from ? at(from) : null, step)?.id;
}

test.each([
  [null, 1, "header"],
  ["header", 1, "slide"],
  ["slide", 1, "mic"],
  ["leave", 1, "header"],
  [null, -1, "mic"],
  ["leave", -1, "slide"],
  ["slide", -1, "header"],
  ["header", -1, "mic"],
] as const)("from %s by %i it leads to %s", (from, step, to) => {
  expect(page()(from, step)).toBe(to);
});

test("where there are no regions it leads nowhere", () => {
  expect(nextStop(document.createElement("div"), null, 1)).toBeNull();
});
