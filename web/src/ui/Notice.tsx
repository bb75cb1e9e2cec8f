import { Center, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

interface NoticeProps {
  title: string;
  icon?: ReactNode;
  text?: string | undefined;
  children?: ReactNode;
}

/** A whole page, or an empty part of one, that says where one is and what to do next. */
export function Notice({ title, icon, text, children }: NoticeProps) {
  return (
    <Center mih="40vh" p="md">
      <Stack align="center" gap="sm" maw={460}>
        {icon}
        <Title order={2} size="h3" ta="center">
          {title}
        </Title>
        {text && (
          <Text c="dimmed" ta="center">
            {text}
          </Text>
        )}
        {children}
      </Stack>
    </Center>
  );
}
