/** Shown before the first page's bundle is here, so without the component library. */
export function RouteLoading() {
  return (
    <p role="status" style={{ padding: "2rem", fontFamily: "system-ui", color: "#6b7786" }}>
      Loading Lectern…
    </p>
  );
}
