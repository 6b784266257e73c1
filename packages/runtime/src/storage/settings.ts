import { IsvcError } from 'cdk8s-kserve/api';

const MIB = 1024 * 1024;
/** What Node itself needs before a byte is fetched. */
const BASE_MIB = 64;
/** Buffers of one connection: socket, TLS record, a chunk on its way to the disk; and garbage not yet collected. */
const CONNECTION_MIB = 4;

/** How files are fetched, whatever the store. */
export interface FetchSettings {
  /** Requests at the same time. */
  readonly connections: number;
  /** Bytes of one part of a large file. */
  readonly partBytes: number;
  readonly connectMs: number;
  /** Longest time without a byte. */
  readonly stallMs: number;
  /** Attempts without progress. */
  readonly attempts: number;
  /** For one source, all in all. */
  readonly deadlineMs: number;
  readonly archive: ArchiveLimits;
}

export interface ArchiveLimits {
  readonly entries: number;
  readonly bytes: number;
  /** Unpacked bytes for each packed one, looked at once more than a little has come out. */
  readonly ratio: number;
}

/**
 * Reads the settings from the environment: ours, and KServe's for S3 where they mean the same.
 *
 * @throws IsvcError ISVC_FETCH_CONFIG for a value that is not a positive number.
 */
export function parseSettings(env: NodeJS.ProcessEnv): FetchSettings {
  const number = (names: readonly string[], fallback: number): number => positive(env, names) ?? fallback;
  const memory = number(['ISVC_FETCH_MEMORY_MIB'], 128);
  const most = Math.max(1, Math.floor((memory - BASE_MIB) / CONNECTION_MIB));
  return {
    connections: Math.min(Math.ceil(number(['ISVC_FETCH_CONNECTIONS'], 16)), most),
    partBytes: Math.ceil(number(['ISVC_FETCH_PART_MIB'], 16) * MIB),
    connectMs: number(['S3_CONNECT_TIMEOUT'], 15) * 1000,
    stallMs: number(['ISVC_FETCH_STALL_SECONDS', 'S3_READ_TIMEOUT'], 30) * 1000,
    attempts: Math.ceil(number(['ISVC_FETCH_ATTEMPTS', 'S3_MAX_ATTEMPTS'], 5)),
    deadlineMs: number(['ISVC_FETCH_DEADLINE_SECONDS'], 4 * 3600) * 1000,
    archive: {
      entries: number(['ISVC_ARCHIVE_MAX_ENTRIES'], 100_000),
      bytes: number(['ISVC_ARCHIVE_MAX_GIB'], 1024) * 1024 * MIB,
      ratio: number(['ISVC_ARCHIVE_MAX_RATIO'], 200),
    },
  };
}

function positive(env: NodeJS.ProcessEnv, names: readonly string[]): number | undefined {
  const name = names.find((candidate) => env[candidate]);
  if (name === undefined) return undefined;
  const value = Number(env[name]);
  if (Number.isFinite(value) && value > 0) return value;
  throw new IsvcError('ISVC_FETCH_CONFIG', `${name} must be a number above 0, got "${env[name]}"`, { hint: 'correct or remove it' });
}
