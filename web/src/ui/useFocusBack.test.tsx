import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { useFocusBack } from "./useFocusBack";

function Page({ busy }: { busy: boolean }) {
  useFocusBack();
  return (
    <>
      <button type="button" disabled={busy}>
        Lock
      </button>
      <button type="button">Other</button>
    </>
  );
}

/** As in a browser, where what is switched off loses the focus. */
function work(rerender: (page: React.ReactElement) => void) {
  (document.activeElement as HTMLElement).blur();
  rerender(<Page busy />);
}

test("a button that worked has the focus again", async () => {
  const { rerender } = render(<Page busy={false} />);
  screen.getByText("Lock").focus();
  work(rerender);
  expect(document.activeElement).toBe(document.body);
  rerender(<Page busy={false} />);
  await waitFor(() => expect(document.activeElement).toBe(screen.getByText("Lock")));
});

test.each(["Other", null])("who went on to %s meanwhile stays there", async (name) => {
  const { rerender } = render(<Page busy={false} />);
  screen.getByText("Lock").focus();
  work(rerender);
  const place = name ? screen.getByText(name) : document.body;
  fireEvent.pointerDown(place);
  place.focus();
  rerender(<Page busy={false} />);
  await Promise.resolve();
  expect(document.activeElement).toBe(place);
});
