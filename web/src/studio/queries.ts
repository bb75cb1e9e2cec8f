import { queryOptions } from "@tanstack/react-query";
import { api, idempotent, type Schemas, unwrap } from "../api/client";

export type Scene = Schemas["SceneView"];
export type SceneMetadata = Schemas["SceneMetadata"];
export type Layout = Scene["layout"];
export type Asset = Schemas["Asset"];
export type Stroke = Schemas["Stroke"];

/** Links to pages open for ten minutes; this leaves time to load the last one. */
const FRESH_MS = 8 * 60_000;

const ofScene = (id: string) => ({ params: { path: { scene_id: id } } });
const ofSession = (id: string) => ({ params: { path: { session_id: id } } });
const ofBoard = (id: string) => ({ params: { path: { board_id: id } } });

export const assetsQuery = (sessionId: string) =>
  queryOptions({
    queryKey: ["sessions", sessionId, "assets"],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/sessions/{session_id}/assets", { ...ofSession(sessionId), signal })),
    staleTime: FRESH_MS,
    refetchInterval: FRESH_MS,
  });

/**
 * What was drawn before this page looked; the log goes on from its `sequence`. Asked anew by whoever comes in anew:
 * `start` is where their log begins.
 */
export const boardQuery = (sessionId: string, boardId: string, start: number) =>
  queryOptions({
    queryKey: ["sessions", sessionId, "boards", boardId, start],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/sessions/{session_id}/whiteboards/{board_id}", {
          params: { path: { session_id: sessionId, board_id: boardId } },
          signal,
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** `create` is the Python default of what a new scene says. */
export const createScene = (body: Schemas["CreateScene"], key: string) =>
  unwrap(api.POST("/api/studio/scenes", { body, ...idempotent(key) }));

export interface SceneChange {
  scene: Scene;
  change: Schemas["ChangeScene"];
}

/** Refused when somebody changed the scene since this page saw it. */
export const changeScene = ({ scene, change }: SceneChange, key: string) =>
  unwrap(
    api.PATCH("/api/studio/scenes/{scene_id}", {
      ...ofScene(scene.id),
      body: change,
      headers: { ...idempotent(key).headers, "If-Match": `"${scene.sequence}"` },
    }),
  );

/** Turning pages: whoever turns last is right. */
export const turnTo = ({ scene, change }: SceneChange, key: string) =>
  unwrap(
    api.PATCH("/api/studio/scenes/{scene_id}", {
      ...ofScene(scene.id),
      body: change,
      ...idempotent(key),
    }),
  );

export const deleteScene = (id: string, key: string) =>
  unwrap(api.DELETE("/api/studio/scenes/{scene_id}", { ...ofScene(id), ...idempotent(key) }));

export const activateScene = (id: string, key: string) =>
  unwrap(
    api.POST("/api/studio/scenes/{scene_id}/activate", { ...ofScene(id), ...idempotent(key) }),
  );

export const deactivateScene = (id: string, key: string) =>
  unwrap(
    api.POST("/api/studio/scenes/{scene_id}/deactivate", { ...ofScene(id), ...idempotent(key) }),
  );

export const removeAsset = (id: string, key: string) =>
  unwrap(
    api.DELETE("/api/studio/assets/{asset_id}", {
      params: { path: { asset_id: id } },
      ...idempotent(key),
    }),
  );

export const showBoard = (sessionId: string, key: string) =>
  unwrap(
    api.POST("/api/sessions/{session_id}/whiteboard/show", {
      ...ofSession(sessionId),
      ...idempotent(key),
    }),
  );

export const hideBoard = (sessionId: string, key: string) =>
  unwrap(
    api.POST("/api/sessions/{session_id}/whiteboard/hide", {
      ...ofSession(sessionId),
      ...idempotent(key),
    }),
  );

/** A page to draw on: the blank board has the session's id, a slide that of its asset. */
export interface BoardPlace {
  sessionId: string;
  boardId: string;
  page: number;
}

export const drawStrokes = (
  { sessionId, boardId, page, strokes }: BoardPlace & { strokes: Stroke[] },
  key: string,
) =>
  unwrap(
    api.POST("/api/studio/whiteboards/{board_id}/strokes", {
      ...ofBoard(boardId),
      body: { sessionId, page, strokes },
      ...idempotent(key),
    }),
  );

export const eraseStrokes = (
  { sessionId, boardId, page, strokes }: BoardPlace & { strokes: string[] },
  key: string,
) =>
  unwrap(
    api.POST("/api/studio/whiteboards/{board_id}/erase", {
      ...ofBoard(boardId),
      body: { sessionId, page, strokes },
      ...idempotent(key),
    }),
  );

export const undoStroke = ({ sessionId, boardId, page }: BoardPlace, key: string) =>
  unwrap(
    api.POST("/api/studio/whiteboards/{board_id}/undo", {
      ...ofBoard(boardId),
      body: { sessionId, page },
      ...idempotent(key),
    }),
  );

export const clearBoard = ({ sessionId, boardId, page }: BoardPlace, key: string) =>
  unwrap(
    api.POST("/api/studio/whiteboards/{board_id}/clear", {
      ...ofBoard(boardId),
      body: { sessionId, page },
      ...idempotent(key),
    }),
  );
