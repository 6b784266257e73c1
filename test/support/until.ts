/** How long a test waits for what has to come. Generous, as patience costs nothing when it comes and a busy machine is no defect. */
export const PATIENCE_MS = 90_000;

/** Waits until the function gives something truthy, or fails with what was awaited. */
export async function until<T>(what: string, look: () => T | Promise<T>, patienceMs = PATIENCE_MS): Promise<NonNullable<T>> {
  const end = performance.now() + patienceMs;
  for (;;) {
    const value = await look();
    if (value) return value;
    if (performance.now() > end) throw new Error(`not within ${patienceMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
