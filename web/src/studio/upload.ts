import { idempotent, type Schemas } from "../api/client";
import { offline, problemFrom } from "../api/problem";

export interface Upload {
  sessionId: string;
  /** A picture for slides is of the type `slide`. */
  type: Schemas["Asset"]["type"];
  sceneId: string | null;
  file: File;
  /** Tells one file from another where only text is compared. */
  name: string;
  sizeBytes: number;
}

/** Sends a file with what `fetch` cannot tell: how much of it is out, from 0 to 1. Rejects with Problem. */
export function uploadAsset(
  { sessionId, type, sceneId, file }: Upload,
  key: string,
  onProgress: (sent: number) => void,
): Promise<Schemas["Asset"]> {
  const form = new FormData();
  form.set("sessionId", sessionId);
  form.set("type", type);
  if (sceneId) form.set("sceneId", sceneId);
  form.set("file", file);
  const request = new XMLHttpRequest();
  request.responseType = "json";
  return new Promise((resolve, reject) => {
    request.upload.onprogress = ({ loaded, total }) => onProgress(loaded / total);
    request.onerror = () => reject(offline());
    request.onload = () => {
      if (request.status === 201) resolve(request.response);
      else reject(problemFrom(request.status, request.response));
    };
    request.open("POST", "/api/studio/assets");
    for (const [name, value] of Object.entries(idempotent(key).headers))
      request.setRequestHeader(name, value);
    request.send(form);
  });
}
