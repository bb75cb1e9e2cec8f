import { createBrowserRouter, Navigate } from "react-router";
import { RequireUser } from "../auth/RequireUser";
import { NotFound } from "./frame/NotFound";
import { RouteError } from "./frame/RouteError";
import { RouteLoading } from "./frame/RouteLoading";
import { Shell } from "./frame/Shell";
import { Themed } from "./Themed";

/** Every page is its own bundle; `lazy` modules export `Component`. */
export const router = createBrowserRouter([
  {
    element: <Themed />,
    errorElement: <RouteError />,
    hydrateFallbackElement: <RouteLoading />,
    children: [
      { path: "/", element: <Navigate to="/dashboard" replace /> },
      { path: "/invite", lazy: () => import("../invitations/InvitePage") },
      { path: "/login", lazy: () => import("../auth/LoginPage") },
      { path: "/set-password", lazy: () => import("../auth/SetPasswordPage") },
      {
        element: <RequireUser />,
        errorElement: <RouteError />,
        children: [
          { path: "/sessions/:sessionId/room", lazy: () => import("../room/RoomPage") },
          {
            element: <Shell />,
            errorElement: <RouteError />,
            children: [
              { path: "/dashboard", lazy: () => import("../sessions/DashboardPage") },
              {
                path: "/dashboard/destinations",
                lazy: () => import("../destinations/DestinationsPage"),
              },
              { path: "/courses", lazy: () => import("../courses/CoursesPage") },
              { path: "/courses/:courseId", lazy: () => import("../courses/CoursePage") },
              { path: "/sessions/:sessionId", lazy: () => import("../sessions/page/SessionPage") },
              { path: "/search", lazy: () => import("../search/SearchPage") },
              { path: "/account", lazy: () => import("../auth/account/AccountPage") },
              { path: "/admin/users", lazy: () => import("../users/UsersPage") },
              { path: "/admin/api-keys", lazy: () => import("../keys/KeysPage") },
              { path: "/admin/branding", lazy: () => import("../branding/BrandingPage") },
              { path: "/admin/audit", lazy: () => import("../audit/AuditPage") },
              { path: "/admin/webhooks", lazy: () => import("../webhooks/WebhooksPage") },
              {
                path: "/sessions/:sessionId/attendance",
                lazy: () => import("../people/attendance/AttendancePage"),
              },
              { path: "/sessions/:sessionId/replay", lazy: () => import("../replay/ReplayPage") },
            ],
          },
        ],
      },
      { path: "*", element: <NotFound /> },
    ],
  },
]);
