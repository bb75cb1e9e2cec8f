import type { CourseRole } from "./queries";

const LABELS: Record<CourseRole, string> = {
  student: "Student",
  assistant: "Assistant",
  teacher: "Teacher",
};

export const roleLabel = (role: CourseRole): string => LABELS[role];

export const ROLE_OPTIONS = Object.entries(LABELS).map(([value, label]) => ({ value, label }));
