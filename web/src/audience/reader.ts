/** Who looks at chat and questions, and how others are called. */
export interface Reader {
  sessionId: string;
  /** One's own participant id. */
  me: string;
  /** May delete, answer and dismiss what others wrote. The server decides; this only hides buttons. */
  moderates: boolean;
  nameOf: (participantId: string) => string;
  roleOf: (participantId: string) => string | undefined;
}
