import { ActionIcon, Menu, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDots, IconKey, IconLock, IconLockOpen, IconPencil } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { CopyField } from "../ui/CopyField";
import { ProblemAlert } from "../ui/ProblemAlert";
import { EditUser } from "./EditUser";
import { makePasswordLink, type User } from "./queries";

interface UserMenuProps {
  user: User;
  onDisable: (disabled: boolean) => void;
}

export function UserMenu({ user, onDisable }: UserMenuProps) {
  const [editing, edit] = useDisclosure(false);
  const link = useMutation({ mutationFn: () => makePasswordLink(user.id) });
  return (
    <>
      <Menu position="bottom-end" withArrow>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={`More about ${user.name}`}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={edit.open}>
            Edit
          </Menu.Item>
          <Menu.Item leftSection={<IconKey size={16} aria-hidden />} onClick={() => link.mutate()}>
            Make a password link
          </Menu.Item>
          <Menu.Item
            color={user.disabled ? "green" : "red"}
            leftSection={
              user.disabled ? (
                <IconLockOpen size={16} aria-hidden />
              ) : (
                <IconLock size={16} aria-hidden />
              )
            }
            onClick={() => onDisable(!user.disabled)}
          >
            {user.disabled ? "Enable" : "Disable and sign out"}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <EditUser user={user} opened={editing} onClose={edit.close} />
      <Modal
        opened={link.data !== undefined || link.error !== null}
        onClose={link.reset}
        title={`Password link for ${user.name}`}
      >
        {link.error && <ProblemAlert title="No link was made" error={link.error} />}
        {link.data && (
          <Stack>
            <Text size="sm">
              It works once, within three days; the old password stays good until then.
            </Text>
            <CopyField label="Password link" value={link.data.url} />
          </Stack>
        )}
      </Modal>
    </>
  );
}
