import { IconHandStop } from "@tabler/icons-react";
import { useCommand } from "../../api/useCommand";
import { BarButton } from "../../room/controls/BarButton";
import { useShortcut } from "../../room/shortcuts/useShortcut";
import { moveHand } from "../commands";
import type { Order } from "../order";

/** A student's hand: up until the student or the teacher lowers it. */
export function HandButton({ order }: { order: Order }) {
  const move = useCommand(moveHand);
  const up = Boolean(order.me?.handRaisedAt);
  const toggle = () => {
    if (!move.isPending) move.mutate({ sessionId: order.sessionId, up: !up });
  };
  useShortcut({ keys: "h", label: "Raise or lower your hand", group: "You", run: toggle });
  return (
    <BarButton
      label={up ? "Lower hand" : "Raise hand"}
      icon={IconHandStop}
      pressed={up}
      disabled={move.isPending}
      onClick={toggle}
    />
  );
}
