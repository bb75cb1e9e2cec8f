import { Anchor, AppShell, Container, Group, Text } from "@mantine/core";
import { Link, Navigate, Outlet, useLocation } from "react-router";
import { AccountMenu } from "../../auth/AccountMenu";
import { guestDetour } from "../../auth/guest";
import { useUser } from "../../auth/user";
import { Brand } from "../../ui/Brand";
import { Notice } from "../../ui/Notice";
import { Navigation } from "./Navigation";
import classes from "./Shell.module.css";

export function Shell() {
  const me = useUser();
  const detour = guestDetour(me, useLocation().pathname);
  if (detour) return <Navigate to={detour} replace />;
  return (
    <AppShell header={{ height: 60 }} padding="md">
      <Anchor href="#main" className={classes.skip ?? ""}>
        Skip to content
      </Anchor>
      <AppShell.Header>
        <Container size="lg" h="100%">
          <Group h="100%" justify="space-between" wrap="nowrap">
            <Group gap="md" wrap="nowrap">
              <Link
                to="/dashboard"
                className={classes.home ?? ""}
                aria-label="Lectern, your sessions"
              >
                <Brand />
              </Link>
              {!me.user.guest && <Navigation />}
            </Group>
            <AccountMenu />
          </Group>
        </Container>
      </AppShell.Header>
      <AppShell.Main id="main" tabIndex={-1}>
        <Container size="lg" py="lg">
          {me.roles.length > 0 ? <Outlet /> : <NoRole guest={me.user.guest ?? false} />}
          <Text size="xs" c="dimmed" mt={48}>
            Lectern · live classes, captions and replays on your own server
          </Text>
        </Container>
      </AppShell.Main>
    </AppShell>
  );
}

function NoRole({ guest }: { guest: boolean }) {
  if (guest)
    return <Notice title="This invitation is over" text="Ask the teacher for a new one." />;
  return (
    <Notice
      title="You are signed in, but have no role yet"
      text="Ask an administrator of your school to give you one; then reload this page."
    />
  );
}
