/** Exit codes of every `isvc` command. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  /** `plan` found changes. */
  changes: 2,
  /** `inspect` found nothing to read. */
  unreadable: 2,
  /** A defect of ours (sysexits' EX_SOFTWARE). */
  internal: 70,
  /** 128 + SIGINT. */
  interrupted: 130,
} as const;
