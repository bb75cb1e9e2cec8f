import { Button, Code, CopyButton, Group, Stack, Text } from "@mantine/core";

interface SecretShownProps {
  secret: string;
  onClose: () => void;
}

/** The only moment at which a person sees it. */
export function SecretShown({ secret, onClose }: SecretShownProps) {
  return (
    <Stack>
      <Text size="sm">
        The receiver checks our signature with this secret, after the Standard Webhooks convention.
        It is not shown again.
      </Text>
      <Code block style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
        {secret}
      </Code>
      <Group justify="end">
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy} data-autofocus>
              {copied ? "Copied" : "Copy"}
            </Button>
          )}
        </CopyButton>
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Stack>
  );
}
