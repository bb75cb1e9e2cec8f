import { newKey } from "../../api/intent";
import { asProblem } from "../../api/problem";
import { useShortcut } from "../../room/shortcuts/useShortcut";
import { tellFailure } from "../failure";
import { activateScene, deactivateScene, hideBoard, showBoard } from "../queries";
import type { Studio } from "../useStudio";

/** Scenes and whiteboard by keyboard, whichever panel is open; the studio panel and the overlay name the keys. */
export function StudioKeys({ studio: { sessionId, view, active } }: { studio: Studio }) {
  const press = (ask: (id: string, key: string) => Promise<unknown>, id: string) => () =>
    void ask(id, newKey()).catch((error) => tellFailure("Nothing was changed", asProblem(error)));
  useShortcut({
    keys: "w",
    label: "Whiteboard on or off",
    group: "Studio",
    run: press(view.whiteboard ? hideBoard : showBoard, sessionId),
  });
  return (
    <>
      {active && <SceneKey digit={0} label="No scene" run={press(deactivateScene, active.id)} />}
      {view.scenes.slice(0, 9).map(({ id, name }, n) => (
        <SceneKey key={id} digit={n + 1} label={name} run={press(activateScene, id)} />
      ))}
    </>
  );
}

interface SceneKeyProps {
  digit: number;
  label: string;
  run: () => void;
}

function SceneKey({ digit, label, run }: SceneKeyProps) {
  useShortcut({ keys: `alt+${digit}`, label, group: "Scenes", run });
  return null;
}
