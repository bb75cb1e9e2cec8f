import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { Outlet, useMatch } from "react-router";
import { useFocusBack } from "../ui/useFocusBack";
import { cssVariables, theme } from "./theme";

/** The class room is always dark, like any stage; elsewhere the person's system decides. */
export function Themed() {
  const inRoom = useMatch("/sessions/:sessionId/room") !== null;
  useFocusBack();
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      {...(inRoom ? { forceColorScheme: "dark" as const } : {})}
    >
      <Notifications position="top-center" />
      <Outlet />
    </MantineProvider>
  );
}
