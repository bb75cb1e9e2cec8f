import { Kbd, Modal, Stack, Switch, Table, Text } from "@mantine/core";
import { useDisclosure, useLocalStorage } from "@mantine/hooks";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { isSingle, type Shortcut, ShortcutContext, shortcutFor, shownKeys } from "./shortcuts";

const HELP = "?";

/** Makes keys work for what is inside, and lists them all when `?` is pressed. */
export function Shortcuts({ children }: { children: ReactNode }) {
  const latest = useRef<readonly Shortcut[]>([]);
  const [known, setKnown] = useState(latest.current);
  const [on, setOn] = useLocalStorage({ key: "lectern.shortcuts", defaultValue: true });
  const [opened, { open, close }] = useDisclosure(false);
  const registry = useMemo(() => {
    // A key works as soon as what it is for is seen: a state is known only some frames later.
    const keep = (shortcuts: readonly Shortcut[]) => {
      latest.current = shortcuts;
      setKnown(shortcuts);
    };
    return {
      add: (shortcut: Shortcut) => {
        keep([...latest.current, shortcut]);
        return () => keep(latest.current.filter((one) => one !== shortcut));
      },
    };
  }, []);
  useEffect(() => {
    const help: Shortcut = { keys: HELP, label: "This list", group: "Help", run: open };
    const press = (event: KeyboardEvent) => {
      const usable = on ? latest.current : latest.current.filter((one) => !isSingle(one));
      const found = shortcutFor(event, [...usable, help]);
      if (!found) return;
      event.preventDefault();
      found.run();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [on, open]);
  return (
    <ShortcutContext value={registry}>
      {children}
      <Modal opened={opened} onClose={close} title="Keyboard shortcuts" centered>
        <Stack>
          <Switch
            label="Single keys work in the class room"
            checked={on}
            onChange={(event) => setOn(event.currentTarget.checked)}
          />
          <ShortcutList shortcuts={known} />
        </Stack>
      </Modal>
    </ShortcutContext>
  );
}

function ShortcutList({ shortcuts }: { shortcuts: readonly Shortcut[] }) {
  const groups = [...new Set(shortcuts.map(({ group }) => group))];
  return groups.map((group) => (
    <section key={group} aria-label={group}>
      <Text fw={600} size="sm" mb={4}>
        {group}
      </Text>
      <Table verticalSpacing={4}>
        <Table.Tbody>
          {shortcuts
            .filter((one) => one.group === group)
            .map(({ keys, label }) => (
              <Table.Tr key={keys}>
                <Table.Td>{label}</Table.Td>
                <Table.Td w={110} ta="end">
                  <Kbd>{shownKeys(keys)}</Kbd>
                </Table.Td>
              </Table.Tr>
            ))}
        </Table.Tbody>
      </Table>
    </section>
  ));
}
