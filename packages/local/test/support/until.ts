// Processes are started and stopped; a busy machine takes its time, and a deadline below tells what was missing.
jest.setTimeout(30_000);

/** Waits until the function gives something truthy, or fails with what was awaited after the deadline. */
export async function until<T>(what: string, look: () => T | Promise<T>, deadlineMs = 10_000): Promise<NonNullable<T>> {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const value = await look();
    if (value) return value;
    if (Date.now() > end) throw new Error(`not within ${deadlineMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
