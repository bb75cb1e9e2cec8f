import type { Schemas } from "../api/client";

type Entry = Schemas["AuditEntry"];

/** `ACTOR` and `TARGET` stand for names. */
const SENTENCES: Record<Entry["action"], string> = {
  "sign_in.succeeded": "TARGET signed in",
  "sign_in.failed": "Somebody failed to sign in as TARGET",
  "sign_in.ended_everywhere": "TARGET signed out everywhere",
  "password.changed": "TARGET changed the password",
  "password.link_made": "ACTOR made a password link for TARGET",
  "password.set_by_link": "TARGET chose a password by a link",
  "identity.linked": "TARGET linked another sign-in",
  "user.created": "ACTOR added TARGET",
  "user.updated": "ACTOR changed TARGET's data",
  "user.disabled": "ACTOR disabled TARGET",
  "user.enabled": "ACTOR enabled TARGET",
  "role.granted": "ACTOR gave TARGET a role",
  "role.revoked": "ACTOR took a role from TARGET",
  "api_key.created": "ACTOR made an API key",
  "api_key.revoked": "ACTOR revoked an API key of TARGET",
  "account.connected": "ACTOR connected a streaming account",
  "account.disconnected": "ACTOR disconnected a streaming account",
  "branding.changed": "ACTOR changed how programmes look",
};

export function sentenceOf(entry: Entry): string {
  return SENTENCES[entry.action]
    .replace("ACTOR", () => entry.actorName ?? "The operator")
    .replace("TARGET", () => entry.targetName ?? "somebody");
}

/** `role: teacher · scope: course`; what is null says nothing. */
export function detailsOf(details: Entry["details"]): string {
  return Object.entries(details)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name.replaceAll("_", " ")}: ${String(value)}`)
    .join(" · ");
}
