import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

/**
 * How many threads the process may keep busy: the CPU limit of its control group, rounded up, or every core it may run on.
 * A thread more than that is stopped by the kernel in the middle of its work.
 *
 * @param root @param cores for tests.
 */
export function cpuLimit(root = '/sys/fs/cgroup', cores = availableParallelism()): number {
  const quota = quotaOf(root);
  return quota === undefined ? cores : Math.max(1, Math.min(cores, Math.ceil(quota)));
}

function quotaOf(root: string): number | undefined {
  const [max, period] = (read(join(root, 'cpu.max')) ?? '').trim().split(' ');
  if (max !== undefined && max !== '') return ratio(max, period);
  return ratio(read(join(root, 'cpu/cpu.cfs_quota_us'))?.trim(), read(join(root, 'cpu/cpu.cfs_period_us'))?.trim());
}

/** No limit is `max` in version 2 and -1 in version 1. */
function ratio(quota: string | undefined, period: string | undefined): number | undefined {
  const cpus = Number(quota) / Number(period);
  return Number.isFinite(cpus) && cpus > 0 ? cpus : undefined;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Not Linux, or the other version of control groups.
    return undefined;
  }
}
