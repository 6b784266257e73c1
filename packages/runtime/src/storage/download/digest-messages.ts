import type { ChecksumAlgorithm } from './checksum';

/** What `workerData` is in the thread that takes digests. */
export const DIGEST_THREAD = 'isvc-digest-thread';

/** Files have numbers of the asker's choice. Questions about one file are answered in their order. */
export type ToDigestThread =
  | { readonly type: 'open'; readonly id: number; readonly path: string; readonly algorithm: ChecksumAlgorithm }
  /** All bytes up to here are on the disk and stay as they are. */
  | { readonly type: 'advance'; readonly id: number; readonly end: number }
  /** Answered with the digest of the bytes so far; the file is forgotten. */
  | { readonly type: 'finish'; readonly id: number }
  | { readonly type: 'forget'; readonly id: number };

export type FromDigestThread =
  | { readonly id: number; readonly hex: string }
  | { readonly id: number; readonly problem: string };
