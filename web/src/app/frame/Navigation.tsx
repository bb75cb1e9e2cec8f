import { Button, Group, Menu, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { IconChevronDown, IconMenu2 } from "@tabler/icons-react";
import { Link, NavLink, useLocation } from "react-router";
import { useUser } from "../../auth/user";
import { adminTabsFor, type Tab, tabsFor } from "../tabs";
import classes from "./Shell.module.css";

/** Tabs in a row where there is room, behind one button where there is not. */
export function Navigation() {
  const me = useUser();
  const tabs = tabsFor(me);
  const admin = adminTabsFor(me);
  return (
    <nav aria-label="Main">
      <Group gap={4} wrap="nowrap" visibleFrom="sm">
        {tabs.map((tab) => (
          <NavLink key={tab.to} to={tab.to} end className={classes.tab ?? ""}>
            {tab.label}
          </NavLink>
        ))}
        {admin.length > 0 && <AdminMenu tabs={admin} />}
      </Group>
      <Menu position="bottom-start" withArrow>
        <Menu.Target>
          <UnstyledButton className={classes.burger ?? ""} hiddenFrom="sm">
            <IconMenu2 size={22} aria-hidden />
            <VisuallyHidden>Menu</VisuallyHidden>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Items tabs={tabs} />
          {admin.length > 0 && <Menu.Label>Administration</Menu.Label>}
          <Items tabs={admin} />
        </Menu.Dropdown>
      </Menu>
    </nav>
  );
}

function AdminMenu({ tabs }: { tabs: Tab[] }) {
  const { pathname } = useLocation();
  return (
    <Menu position="bottom-start" withArrow>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          className={classes.tab ?? ""}
          data-current={pathname.startsWith("/admin/") || undefined}
          rightSection={<IconChevronDown size={14} aria-hidden />}
        >
          Administration
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Items tabs={tabs} />
      </Menu.Dropdown>
    </Menu>
  );
}

function Items({ tabs }: { tabs: Tab[] }) {
  const { pathname } = useLocation();
  return tabs.map((tab) => (
    <Menu.Item
      key={tab.to}
      component={Link}
      to={tab.to}
      aria-current={pathname === tab.to ? "page" : undefined}
      fw={pathname === tab.to ? 650 : undefined}
    >
      {tab.label}
    </Menu.Item>
  ));
}
