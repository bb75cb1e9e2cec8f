import type { Icon } from "@tabler/icons-react";
import classes from "./ControlBar.module.css";

interface BarButtonProps {
  label: string;
  icon: Icon;
  /** Undefined for what is done once; otherwise a toggle. */
  pressed?: boolean;
  warns?: boolean;
  danger?: boolean;
  disabled?: boolean;
  /** What it opens, for who closes that and wants to be back here. */
  "data-opens"?: string;
  onClick: () => void;
}

export function BarButton({ label, icon: Face, pressed, warns, danger, ...rest }: BarButtonProps) {
  return (
    <button
      type="button"
      className={classes.button}
      aria-pressed={pressed}
      data-tone={danger ? "danger" : warns ? "warns" : undefined}
      {...rest}
    >
      <Face size={22} stroke={1.7} aria-hidden />
      <span>{label}</span>
    </button>
  );
}
