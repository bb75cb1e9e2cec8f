import type { Draft } from "../queries";
import type { Poll } from "../told";

/** As the server takes it (orchestrator/polls/domain.py). */
export const MAX_OPTIONS = 10;
export const MIN_OPTIONS = 2;

/** A poll being written: options keep a name of their own, so that removing one moves no other. */
export interface Sketch {
  prompt: string;
  options: readonly { id: number; text: string; correct: boolean }[];
  kind: "poll" | "quiz";
  anonymous: boolean;
  multiple: boolean;
  results: "live" | "after_close";
}

export const emptySketch: Sketch = {
  prompt: "",
  options: [1, 2].map((id) => ({ id, text: "", correct: false })),
  kind: "poll",
  anonymous: false,
  multiple: false,
  results: "live",
};

export function sketchOf({ prompt, options, kind, anonymous, multiple, results, correct }: Poll) {
  const texts = options.map((text, index) => ({
    id: index + 1,
    text,
    correct: correct?.includes(index) === true,
  }));
  return { prompt, options: texts, kind, anonymous, multiple, results } satisfies Sketch;
}

export const withOption = (sketch: Sketch): Sketch => {
  const id = 1 + Math.max(0, ...sketch.options.map((option) => option.id));
  return { ...sketch, options: [...sketch.options, { id, text: "", correct: false }] };
};

export const withoutOption = (sketch: Sketch, id: number): Sketch => ({
  ...sketch,
  options: sketch.options.filter((option) => option.id !== id),
});

export const withText = (sketch: Sketch, id: number, text: string): Sketch => ({
  ...sketch,
  options: sketch.options.map((option) => (option.id === id ? { ...option, text } : option)),
});

/** Marks an option as right or not; where one is chosen, only one is right. */
export const withCorrect = (sketch: Sketch, id: number, correct: boolean): Sketch => ({
  ...sketch,
  options: sketch.options.map((option) => ({
    ...option,
    correct: option.id === id ? correct : option.correct && sketch.multiple,
  })),
});

/** What keeps it from being saved, or null. */
export function obstacle(sketch: Sketch): string | null {
  const texts = sketch.options.map((option) => option.text.trim());
  const right = sketch.options.filter((option) => option.correct).length;
  if (!sketch.prompt.trim()) return "Write the question.";
  if (texts.includes("")) return "Fill in or remove the empty option.";
  if (new Set(texts).size < texts.length) return "Two options are the same.";
  if (sketch.kind === "quiz" && right === 0) return "Mark the correct option.";
  if (sketch.kind === "quiz" && right > 1 && !sketch.multiple)
    return "Only one option can be correct, or let people choose several.";
  return null;
}

export const draftOf = ({ options, ...rest }: Sketch): Omit<Draft, "sessionId"> => ({
  ...rest,
  options: options.map((option) => option.text),
  correct:
    rest.kind === "quiz" ? options.flatMap((option, index) => (option.correct ? [index] : [])) : [],
});
