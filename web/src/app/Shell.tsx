import { Anchor, AppShell, Container, Group, Text } from "@mantine/core";
import { Link, Outlet } from "react-router";
import { AccountMenu } from "../auth/AccountMenu";
import { useUser } from "../auth/user";
import { Brand } from "../ui/Brand";
import { Notice } from "../ui/Notice";
import { Navigation } from "./Navigation";
import classes from "./Shell.module.css";

export function Shell() {
  const hasRole = useUser().roles.length > 0;
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
              <Navigation />
            </Group>
            <AccountMenu />
          </Group>
        </Container>
      </AppShell.Header>
      <AppShell.Main id="main" tabIndex={-1}>
        <Container size="lg" py="lg">
          {hasRole ? <Outlet /> : <NoRole />}
          <Text size="xs" c="dimmed" mt={48}>
            Lectern · live classes, captions and replays on your own server
          </Text>
        </Container>
      </AppShell.Main>
    </AppShell>
  );
}

function NoRole() {
  return (
    <Notice
      title="You are signed in, but have no role yet"
      text="Ask an administrator of your school to give you one; then reload this page."
    />
  );
}
