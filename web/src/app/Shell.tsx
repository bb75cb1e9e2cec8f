import { Anchor, AppShell, Container, Group, Text } from "@mantine/core";
import { Link, NavLink, Outlet } from "react-router";
import { AccountMenu } from "../auth/AccountMenu";
import { canTeach, useUser } from "../auth/user";
import { Brand } from "../ui/Brand";
import classes from "./Shell.module.css";

function Tab({ to, label }: { to: string; label: string }) {
  return (
    <NavLink to={to} end className={classes.tab ?? ""}>
      {label}
    </NavLink>
  );
}

export function Shell() {
  const me = useUser();
  return (
    <AppShell header={{ height: 60 }} padding="md">
      <Anchor href="#main" className={classes.skip ?? ""}>
        Skip to content
      </Anchor>
      <AppShell.Header>
        <Container size="lg" h="100%">
          <Group h="100%" justify="space-between" wrap="nowrap">
            <Group gap="xl" wrap="nowrap">
              <Link
                to="/dashboard"
                className={classes.home ?? ""}
                aria-label="Lectern, your sessions"
              >
                <Brand />
              </Link>
              <Group component="nav" gap={4} aria-label="Main">
                <Tab to="/dashboard" label="Sessions" />
                <Tab to="/courses" label="Courses" />
                {canTeach(me) && <Tab to="/dashboard/destinations" label="Destinations" />}
              </Group>
            </Group>
            <AccountMenu />
          </Group>
        </Container>
      </AppShell.Header>
      <AppShell.Main id="main" tabIndex={-1}>
        <Container size="lg" py="lg">
          <Outlet />
          <Text size="xs" c="dimmed" mt={48}>
            Lectern · live classes, captions and replays on your own server
          </Text>
        </Container>
      </AppShell.Main>
    </AppShell>
  );
}
