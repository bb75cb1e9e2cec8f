/** Codes of the recogniser that the browser has no name for, by the code it has one for. */
const NAMED_AS: Record<string, string> = { jw: "jv" };

/** Choices of a language by its name, `none` first for no choice. */
export function languageChoices(codes: readonly string[], none: string) {
  const names = new Intl.DisplayNames(["en"], { type: "language" });
  const choices = codes.map((value) => ({
    value,
    label: names.of(NAMED_AS[value] ?? value) ?? value,
  }));
  return [{ value: "", label: none }, ...choices.sort((a, b) => a.label.localeCompare(b.label))];
}
