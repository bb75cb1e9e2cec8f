import { Alert, Button, Code, Skeleton, Stack, Text } from "@mantine/core";
import { IconBrandTwitch, IconBrandYoutube } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useCommand } from "../../api/useCommand";
import { ProblemAlert } from "../../ui/ProblemAlert";
import { connectPlatform, type PlatformName, type PlatformOffer, platformsQuery } from "./queries";

export const PLATFORM_ICONS = { youtube: IconBrandYoutube, twitch: IconBrandTwitch } as const;

/** The tab "OAuth Services": leaves for the platform, which sends the browser back to the destinations. */
export function ConnectAccounts() {
  const platforms = useQuery(platformsQuery);
  if (platforms.isPending) return <Skeleton height={120} />;
  if (!platforms.data) return <ProblemAlert error={platforms.error} />;
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        You allow it on the platform's own page, and come back here. Lectern sees no password, and
        no stream key has to be copied.
      </Text>
      {platforms.data.items.map((offer) => (
        <ConnectButton key={offer.platform} offer={offer} />
      ))}
    </Stack>
  );
}

/** Goes to the platform's page with the whole window. */
export function useConnect() {
  return useCommand(connectPlatform, {
    onSuccess: ({ authorizationUrl }) => window.location.assign(authorizationUrl),
  });
}

function ConnectButton({ offer }: { offer: PlatformOffer }) {
  const connect = useConnect();
  const Icon = PLATFORM_ICONS[offer.platform];
  return (
    <Stack gap={6}>
      <Button
        variant="default"
        size="md"
        leftSection={<Icon size={20} aria-hidden />}
        disabled={offer.missing.length > 0}
        loading={connect.isPending || connect.isSuccess}
        onClick={() => connect.mutate(offer.platform)}
      >
        Connect with {offer.name}
      </Button>
      {offer.missing.length > 0 && <Missing offer={offer} />}
      {connect.error && (
        <ProblemAlert title={`${offer.name} was not connected`} error={connect.error} />
      )}
    </Stack>
  );
}

const CONSOLES: Record<PlatformName, string> = {
  youtube: "the Google Cloud console",
  twitch: "the Twitch developer console",
};

function Missing({ offer: { platform, name, missing } }: { offer: PlatformOffer }) {
  const callback = `${window.location.origin}/api/platforms/connections/${platform}/callback`;
  return (
    <Alert color="gray" variant="light" title={`${name} is not set up on this server yet`}>
      <Text size="sm">
        Its administrator makes a client in {CONSOLES[platform]} with the redirect address{" "}
        <Code style={{ overflowWrap: "anywhere", whiteSpace: "normal" }}>{callback}</Code>, gives
        Lectern these settings, and starts it again:
      </Text>
      {missing.map((setting) => (
        <Code key={setting} block mt={6}>
          {setting}
        </Code>
      ))}
    </Alert>
  );
}
