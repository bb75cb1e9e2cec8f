import { Center, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Navigate, Outlet, useLocation } from "react-router";
import { asProblem } from "../api/problem";
import { Notice } from "../ui/Notice";
import { ProblemAlert } from "../ui/ProblemAlert";
import { meQuery } from "./user";

/** Sends who isn't signed in to the login page and back again. */
export function RequireUser() {
  const me = useQuery(meQuery);
  const { pathname, search } = useLocation();
  if (me.isPending) return <Loading />;
  if (me.isSuccess) return <Outlet />;
  if (asProblem(me.error).status === 401) {
    return <Navigate to={`/login?next=${encodeURIComponent(pathname + search)}`} replace />;
  }
  return (
    <Notice title="Lectern isn't answering">
      <ProblemAlert error={me.error} onRetry={() => void me.refetch()} />
    </Notice>
  );
}

function Loading() {
  return (
    <Center mih="60vh" role="status" aria-label="Loading">
      <Loader />
    </Center>
  );
}
