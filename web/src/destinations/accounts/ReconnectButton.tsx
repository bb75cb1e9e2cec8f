import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useConnect } from "./ConnectAccounts";
import type { PlatformName } from "./queries";

/** For an account that its platform does not take any more. */
export function ReconnectButton({ platform, name }: { platform: PlatformName; name: string }) {
  const connect = useConnect();
  const reconnect = () =>
    connect.mutate(platform, {
      onError: (problem) =>
        notifications.show({
          color: "red",
          title: `${name} was not connected`,
          message: problem.message,
        }),
    });
  return (
    <Button
      size="compact-md"
      aria-label={`Reconnect ${name}`}
      loading={connect.isPending || connect.isSuccess}
      onClick={reconnect}
    >
      Reconnect
    </Button>
  );
}
