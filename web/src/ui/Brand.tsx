import { Group, Text } from "@mantine/core";

export function Brand() {
  return (
    <Group gap={8} wrap="nowrap">
      <img src="/lectern.svg" alt="" width={26} height={26} />
      <Text fw={700} size="lg" lh={1}>
        Lectern
      </Text>
    </Group>
  );
}
