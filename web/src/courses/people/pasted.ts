import type { CourseRole, EnrolPerson } from "./queries";

const ROLES: CourseRole[] = ["teacher", "assistant", "student"];
const ADDRESS = /[^\s,;<>"']+@[^\s,;<>"']+/g;

/**
 * The people in a pasted list: one or more addresses a line, as from a spreadsheet, a CSV file or a mail's "To" field.
 * A role's name in a line is the role of everybody in it; others get `role`. Who stands there twice counts once.
 */
export function pastedPeople(text: string, role: CourseRole): EnrolPerson[] {
  const people = new Map<string, EnrolPerson>();
  for (const line of text.split(/\r?\n/)) {
    for (const address of line.match(ADDRESS) ?? []) {
      const email = address.toLowerCase();
      people.set(email, { email, role: roleIn(line.replace(ADDRESS, " ")) ?? role });
    }
  }
  return [...people.values()];
}

/** The text without these addresses, and without lines in which nothing is left. */
export function withoutPeople(text: string, emails: string[]): string {
  const gone = new Set(emails.map((email) => email.toLowerCase()));
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(ADDRESS, (found) => (gone.has(found.toLowerCase()) ? "" : found)))
    .filter((line) => line.match(ADDRESS))
    .join("\n");
}

function roleIn(rest: string): CourseRole | undefined {
  const words = rest.toLowerCase().split(/[^a-z]+/);
  return ROLES.find((role) => words.includes(role));
}
