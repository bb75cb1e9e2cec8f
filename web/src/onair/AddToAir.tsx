import { Button, Menu } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import type { Destination } from "../destinations/queries";

interface AddToAirProps {
  others: readonly Destination[];
  busy: boolean;
  onAdd: (destinationId: string) => void;
}

/** Puts one more of the destinations on the air, also in the middle of a class. */
export function AddToAir({ others, busy, onAdd }: AddToAirProps) {
  return (
    <Menu position="bottom-start" withinPortal>
      <Menu.Target>
        <Button
          variant="light"
          leftSection={<IconPlus size={16} aria-hidden />}
          disabled={busy || others.length === 0}
        >
          Add to the broadcast
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {others.map(({ id, name }) => (
          <Menu.Item key={id} onClick={() => onAdd(id)}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
