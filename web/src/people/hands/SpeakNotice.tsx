import { useLocalParticipant } from "@livekit/components-react";
import { Button, CloseButton, Group, Paper, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconMicrophone } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { mediaAdvice } from "../../room/media/mediaAdvice";
import classes from "../People.module.css";
import { useMaySend } from "../rights";

/** Tells a student that the right to speak came or went; switching the microphone on is up to them. */
export function SpeakNotice() {
  const may = useMaySend("microphone");
  const before = useRef<boolean | null>(null);
  const [offered, setOffered] = useState(false);
  const { localParticipant, isMicrophoneEnabled } = useLocalParticipant();
  const connected = localParticipant.permissions !== undefined;
  useEffect(() => {
    if (!connected) return;
    if (before.current === false && may) setOffered(true);
    if (before.current === true && !may) tellWithdrawn();
    before.current = may;
  }, [may, connected]);
  if (!offered || !may || isMicrophoneEnabled) return null;
  const switchOn = () => {
    setOffered(false);
    localParticipant.setMicrophoneEnabled(true).catch((error: Error) => {
      const advice = mediaAdvice(error, "microphone");
      if (advice) notifications.show({ color: "yellow", title: "Microphone", message: advice });
    });
  };
  return (
    <Paper role="status" className={classes.notice ?? ""} shadow="lg" radius="md" p="md">
      <Group gap="sm">
        <Text fw={600} flex="1 1 150px">
          You may speak now
        </Text>
        <Button leftSection={<IconMicrophone size={18} aria-hidden />} onClick={switchOn}>
          Switch microphone on
        </Button>
        <CloseButton aria-label="Not now" onClick={() => setOffered(false)} />
      </Group>
    </Paper>
  );
}

const tellWithdrawn = () =>
  notifications.show({
    title: "Your microphone is off",
    message: "The teacher took back the right to speak. Raise your hand to ask for it.",
  });
