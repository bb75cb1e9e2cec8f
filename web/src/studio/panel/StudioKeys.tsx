import { useHotkeys } from "@mantine/hooks";
import { newKey } from "../../api/intent";
import { asProblem } from "../../api/problem";
import { useShortcut } from "../../room/shortcuts/useShortcut";
import { tellFailure } from "../failure";
import { activateScene, deactivateScene, hideBoard, showBoard } from "../queries";
import type { Studio } from "../useStudio";

/** Scenes and whiteboard by keyboard, whichever panel is open; the studio panel names the keys. */
export function StudioKeys({ studio: { sessionId, view, active } }: { studio: Studio }) {
  const press = (ask: (id: string, key: string) => Promise<unknown>, id: string) => () =>
    void ask(id, newKey()).catch((error) => tellFailure("Nothing was changed", asProblem(error)));
  useShortcut({
    keys: "w",
    label: "Whiteboard on or off",
    group: "Studio",
    run: press(view.whiteboard ? hideBoard : showBoard, sessionId),
  });
  useHotkeys([
    ...(active ? [["alt+0", press(deactivateScene, active.id)] satisfies Key] : []),
    ...view.scenes.slice(0, 9).map(({ id }, n): Key => [`alt+${n + 1}`, press(activateScene, id)]),
  ]);
  return null;
}

type Key = [string, () => void];
