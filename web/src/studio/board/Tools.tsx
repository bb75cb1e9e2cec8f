import { useHotkeys } from "@mantine/hooks";
import {
  type Icon,
  IconArrowBackUp,
  IconEraser,
  IconHandStop,
  IconPencil,
  IconTrash,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useCommand } from "../../api/useCommand";
import { useShortcut } from "../../room/shortcuts/useShortcut";
import { type BoardPlace, clearBoard, undoStroke } from "../queries";
import classes from "./Board.module.css";
import type { Ink } from "./ink";
import { COLORS, type Tool, WIDTHS } from "./tools";

interface ToolsProps {
  place: BoardPlace;
  ink: Ink;
  tool: Tool;
  onTool: (tool: Tool) => void;
  /** Staff may wipe what others drew. */
  clears: boolean;
}

const KINDS: { kind: Tool["kind"]; label: string; letter: string; icon: Icon }[] = [
  { kind: "hand", label: "Don't draw", letter: "V", icon: IconHandStop },
  { kind: "pen", label: "Pen", letter: "P", icon: IconPencil },
  { kind: "eraser", label: "Eraser", letter: "E", icon: IconEraser },
];

/** What one draws with; every tool has a key, named in its tooltip. */
export function Tools({ place, ink, tool, onTool, clears }: ToolsProps) {
  const undo = useCommand(undoStroke);
  const clear = useCommand(clearBoard);
  const takeBack = () => void ink.settled().then(() => undo.mutate(place));
  const wipe = () => void ink.settled().then(() => clear.mutate(place));
  useHotkeys([["mod+Z", takeBack]]);
  return (
    <div className={classes.tools} role="toolbar" aria-label="Drawing tools">
      {KINDS.map(({ kind, ...shown }) => (
        <Kind
          key={kind}
          {...shown}
          pressed={tool.kind === kind}
          onPick={() => onTool({ ...tool, kind })}
        />
      ))}
      {tool.kind === "pen" && <Inks tool={tool} onTool={onTool} />}
      {tool.kind !== "hand" && (
        <>
          <span className={classes.gap} />
          <Press label="Undo (Ctrl+Z)" onClick={takeBack}>
            <IconArrowBackUp size={20} aria-hidden />
          </Press>
          {clears && (
            <Press label="Clear the page" onClick={wipe}>
              <IconTrash size={20} aria-hidden />
            </Press>
          )}
        </>
      )}
    </div>
  );
}

interface KindProps {
  label: string;
  letter: string;
  icon: Icon;
  pressed: boolean;
  onPick: () => void;
}

function Kind({ label, letter, icon: Face, pressed, onPick }: KindProps) {
  useShortcut({ keys: letter.toLowerCase(), label, group: "Drawing", run: onPick });
  return (
    <Press label={`${label} (${letter})`} pressed={pressed} onClick={onPick}>
      <Face size={20} aria-hidden />
    </Press>
  );
}

function Inks({ tool, onTool }: Pick<ToolsProps, "tool" | "onTool">) {
  return (
    <>
      <span className={classes.gap} />
      {COLORS.map(({ value, label }) => (
        <Press
          key={value}
          label={label}
          pressed={tool.color === value}
          onClick={() => onTool({ ...tool, color: value })}
        >
          <span className={classes.ink} style={{ background: value }} />
        </Press>
      ))}
      <span className={classes.gap} />
      {WIDTHS.map(({ value, label }) => (
        <Press
          key={value}
          label={label}
          pressed={tool.width === value}
          onClick={() => onTool({ ...tool, width: value })}
        >
          <span className={classes.nib} style={{ width: value / 9, height: value / 9 }} />
        </Press>
      ))}
    </>
  );
}

interface PressProps {
  label: string;
  pressed?: boolean;
  onClick: () => void;
  children: ReactNode;
}

function Press({ label, pressed, onClick, children }: PressProps) {
  return (
    <button
      type="button"
      className={classes.tool}
      aria-label={label}
      aria-pressed={pressed}
      title={label}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
