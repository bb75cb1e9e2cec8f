import { canTeach, isAdmin, type Me } from "../auth/user";

export interface Tab {
  to: string;
  label: string;
}

/** The places of the top navigation that this person has a use for. */
export const tabsFor = (me: Me): Tab[] => [
  { to: "/dashboard", label: "Sessions" },
  { to: "/courses", label: "Courses" },
  { to: "/search", label: "Search" },
  ...(canTeach(me) ? [{ to: "/dashboard/destinations", label: "Destinations" }] : []),
];

/** What only the school's administrators see. */
export const adminTabsFor = (me: Me): Tab[] =>
  isAdmin(me)
    ? [
        { to: "/admin/users", label: "People" },
        { to: "/admin/api-keys", label: "API keys" },
        { to: "/admin/webhooks", label: "Webhooks" },
        { to: "/admin/branding", label: "Look" },
        { to: "/admin/audit", label: "Audit log" },
      ]
    : [];
