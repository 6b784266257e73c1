/** The only source of time in the server. */
export interface Clock {
  now(): Date;
}

export const SYSTEM_CLOCK: Clock = { now: () => new Date() };

/** Kubernetes' timestamps have no fraction of a second. */
export function timestamp(clock: Clock): string {
  return clock.now().toISOString().replace(/\.\d+Z$/, 'Z');
}
