/** Codes of the recogniser that the browser has no name for, by the code it has one for. */
const NAMED_AS: Record<string, string> = { jw: "jv" };

const names = new Intl.DisplayNames(["en"], { type: "language" });

export const languageName = (code: string): string => names.of(NAMED_AS[code] ?? code) ?? code;

/** Choices of a language by its name, `none` first for no choice. */
export function languageChoices(codes: readonly string[], none: string) {
  const choices = codes.map((value) => ({ value, label: languageName(value) }));
  return [{ value: "", label: none }, ...choices.sort((a, b) => a.label.localeCompare(b.label))];
}
