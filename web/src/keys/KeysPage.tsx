import { isAdmin, useUser } from "../auth/user";
import { Notice } from "../ui/Notice";
import { KeyList } from "./KeyList";

export function Component() {
  if (!isAdmin(useUser())) {
    return (
      <Notice title="This page is for administrators" text="Your own keys are in your account." />
    );
  }
  return <KeyList />;
}
