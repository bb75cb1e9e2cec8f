import { Button } from "@mantine/core";
import { Link } from "react-router";
import { Notice } from "../../ui/Notice";

export function NotFound() {
  return (
    <Notice title="There is nothing at this address">
      <Button component={Link} to="/dashboard">
        Go to your sessions
      </Button>
    </Notice>
  );
}
