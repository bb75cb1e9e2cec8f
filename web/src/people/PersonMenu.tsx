import { ActionIcon, Menu } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDotsVertical } from "@tabler/icons-react";
import type { Problem } from "../api/problem";
import { useCommand } from "../api/useCommand";
import { ConfirmButton } from "../ui/ConfirmButton";
import { changeRights, mute, removePerson } from "./commands";
import type { Order, Person } from "./order";
import { type Permissions, type Source, withoutSource, withSource } from "./rights";

interface PersonMenuProps {
  person: Person;
  order: Order;
}

const RIGHTS: { source: Source; give: string; take: string }[] = [
  { source: "microphone", give: "Allow to speak", take: "Take back the right to speak" },
  { source: "camera", give: "Allow camera", take: "Take back the camera" },
  { source: "screen_share", give: "Allow to share the screen", take: "Take back screen sharing" },
];

const tell = (problem: Problem) =>
  notifications.show({ color: "red", title: "Nothing was changed", message: problem.message });

/** What may be decided for one person. */
export function PersonMenu({ person, order }: PersonMenuProps) {
  const target = { sessionId: order.sessionId, id: person.id };
  const remove = useCommand(removePerson);
  return (
    <ConfirmButton
      question={`Remove ${person.name} from the class?`}
      explanation="They leave at once and can't come back until you let them in again."
      confirmLabel="Remove"
      onConfirm={() => remove.mutate(target, { onError: tell })}
      button={(askToRemove) => (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" aria-label={`Decide for ${person.name}`}>
              <IconDotsVertical size={17} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Rights person={person} order={order} />
            <Muting person={person} order={order} />
            <Menu.Divider />
            <Menu.Item color="red" onClick={askToRemove}>
              Remove from class
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    />
  );
}

function Rights({ person, order }: PersonMenuProps) {
  const change = useCommand(changeRights);
  const set = (wanted: Partial<Permissions>) =>
    change.mutate({ sessionId: order.sessionId, id: person.id, change: wanted }, { onError: tell });
  const { permissions } = person;
  return (
    <>
      {RIGHTS.map(({ source, give, take }) => {
        const has = permissions.publish.includes(source);
        const publish = (has ? withoutSource : withSource)(permissions, source);
        return (
          <Menu.Item key={source} onClick={() => set({ publish })}>
            {has ? take : give}
          </Menu.Item>
        );
      })}
      <Menu.Item onClick={() => set({ draw: !permissions.draw })}>
        {permissions.draw ? "Take back the whiteboard" : "Allow to draw"}
      </Menu.Item>
    </>
  );
}

function Muting({ person, order }: PersonMenuProps) {
  const silence = useCommand(mute);
  const target = { sessionId: order.sessionId, id: person.id };
  return (
    <>
      <Menu.Item
        onClick={() => silence.mutate({ ...target, source: "microphone" }, { onError: tell })}
      >
        Mute microphone
      </Menu.Item>
      <Menu.Item onClick={() => silence.mutate({ ...target, source: "camera" }, { onError: tell })}>
        Turn camera off
      </Menu.Item>
    </>
  );
}
