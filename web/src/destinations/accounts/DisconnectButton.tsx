import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { adviceFor } from "../../api/advice";
import { useCommand } from "../../api/useCommand";
import { isAdmin, useUser } from "../../auth/user";
import { ConfirmButton } from "../../ui/ConfirmButton";
import { TYPE_NAMES } from "../names";
import { type Destination, destinationsQuery } from "../queries";
import { connectionsQuery, disconnectPlatform, type PlatformConnection } from "./queries";

/** Takes Lectern's permission away: for who gave it, and for administrators. */
export function DisconnectButton({ destination }: { destination: Destination }) {
  const me = useUser();
  const connections = useQuery(connectionsQuery);
  const connection = connections.data?.items.find(({ destinationIds }) =>
    destinationIds.includes(destination.id),
  );
  if (!connection || !(isAdmin(me) || connection.connectedBy === me.user.id)) return null;
  return <Disconnect connection={connection} name={destination.name} />;
}

function Disconnect({ connection, name }: { connection: PlatformConnection; name: string }) {
  const queryClient = useQueryClient();
  const disconnect = useCommand(disconnectPlatform, {
    onSuccess: async () => {
      await queryClient.invalidateQueries(connectionsQuery);
      await queryClient.invalidateQueries(destinationsQuery);
    },
  });
  const confirm = () =>
    disconnect.mutate(connection, {
      onError: (problem) =>
        notifications.show({
          color: "red",
          title: `${name} was not disconnected`,
          message: `${problem.message} ${adviceFor(problem) ?? ""}`,
        }),
    });
  return (
    <ConfirmButton
      question={`Disconnect ${name}?`}
      explanation={`Lectern gives its permission on ${TYPE_NAMES[connection.platform]} back. The destination stays, but classes that choose it are not streamed there until the account is connected again. A class that is on air there now goes on to its end.`}
      confirmLabel="Disconnect"
      onConfirm={confirm}
      button={(open) => (
        <Button
          size="compact-md"
          variant="default"
          aria-label={`Disconnect ${name}`}
          loading={disconnect.isPending}
          onClick={open}
        >
          Disconnect
        </Button>
      )}
    />
  );
}
