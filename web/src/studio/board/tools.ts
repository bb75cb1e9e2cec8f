export const COLORS = [
  { value: "#1f2933", label: "Black" },
  { value: "#e03131", label: "Red" },
  { value: "#1971c2", label: "Blue" },
  { value: "#2f9e44", label: "Green" },
  { value: "#f08c00", label: "Orange" },
] as const;

/** In the board's grid. */
export const WIDTHS = [
  { value: 35, label: "Fine" },
  { value: 70, label: "Medium" },
  { value: 140, label: "Bold" },
] as const;

export const ERASER_RADIUS = 120;

export interface Tool {
  /** `hand` leaves the board alone. */
  kind: "hand" | "pen" | "eraser";
  color: string;
  width: number;
}

export const firstTool: Tool = { kind: "pen", color: "#e03131", width: 70 };
