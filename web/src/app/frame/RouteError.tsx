import { Button, MantineProvider } from "@mantine/core";
import { useRouteError } from "react-router";
import { asProblem } from "../../api/problem";
import { Notice } from "../../ui/Notice";
import { theme } from "../theme";

/** The last resort: a page that failed to load or to draw. It brings its own theme as the layout may be what failed. */
export function RouteError() {
  const problem = asProblem(useRouteError());
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <Notice title="This page stopped working" text={problem.message}>
        <Button onClick={() => window.location.reload()}>Reload</Button>
      </Notice>
    </MantineProvider>
  );
}
