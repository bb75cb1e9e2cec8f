import react from "@vitejs/plugin-react";
import { loadEnv } from "vite";
import { defineConfig } from "vitest/config";

/** `LECTERN_DEV_TARGET` says where `npm run dev` finds the control plane. */
const { LECTERN_DEV_TARGET: controlPlane = "http://127.0.0.1:8080" } = loadEnv(
  "development",
  ".",
  "LECTERN_",
);

export default defineConfig({
  plugins: [react()],
  // Built, it is CommonJS with a default of its own, which would be found one level too deep.
  resolve: { alias: { "@livekit/egress-sdk": "@livekit/egress-sdk/src/index.ts" } },
  server: {
    host: "127.0.0.1",
    proxy: { "/api": controlPlane, "/media": controlPlane },
  },
  build: {
    target: "es2022",
    // livekit-client (room) and hls.js (replay) are each one lazy chunk above the default 500 kB.
    chunkSizeWarningLimit: 800,
    // The programme's page is for LiveKit's own egress: a page of its own, without the app around it.
    rollupOptions: { input: ["index.html", "egress/index.html"] },
  },
  test: {
    restoreMocks: true,
    // A page around each test file takes ten times as long as its tests: only those that draw something get one.
    projects: [
      {
        extends: true,
        test: { name: "logic", environment: "node", include: ["{src,egress}/**/*.test.ts"] },
      },
      {
        extends: true,
        test: {
          name: "pages",
          environment: "jsdom",
          include: ["{src,egress}/**/*.test.tsx"],
          setupFiles: ["src/app/testSetup.ts"],
        },
      },
    ],
  },
});
