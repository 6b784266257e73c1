const PAUSE_MS = 200;

/** Waits until it is so; throws after five minutes. */
export async function until(what: string, look: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 300_000; !(await look()); await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))) {
    if (Date.now() > end) throw new Error(`not within 300 s: ${what}`);
  }
}
