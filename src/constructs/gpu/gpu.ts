import { didYouMean, parseQuantity, type Quantity } from '../../api';
import { misuse } from '../check';
import { MIG_PROFILES, parseMigProfile, type MigProfile } from './mig-profiles';

const GIBIBYTE = 1024 ** 3;

export interface NvidiaOptions {
  /**
   * Whole GPUs of one pod.
   *
   * @default 1
   */
  readonly count?: number;
  /**
   * Size of the card at least, as it is sold, e.g. `24Gi`: pods go to nodes whose GPUs have about that much. The nodes
   * need labels that say so, see `GpuNodes`.
   *
   * @default - any card
   */
  readonly memory?: Quantity;
  /**
   * A slice of a card instead of whole ones, e.g. `1g.10gb`; the device plugin runs with MIG strategy `mixed`.
   *
   * @default - whole cards
   */
  readonly mig?: string;
  /**
   * A place on a card that several pods share, without isolation of memory or faults. `true` where the device plugin
   * renames shared resources (`nvidia.com/gpu.shared`); `'same-name'` where it does not.
   *
   * @default false
   */
  readonly timeSliced?: boolean | 'same-name';
}

export interface CountOptions {
  /**
   * Devices of one pod.
   *
   * @default 1
   */
  readonly count?: number;
}

/** What accelerator a pod asks for. Device plugins know whole numbers only, in limits only. */
export class Gpu {
  static nvidia(options: NvidiaOptions = {}): Gpu {
    const { count = 1, memory, mig, timeSliced = false } = options;
    const bytes = memory === undefined ? undefined : memoryBytes('Gpu.nvidia', memory);
    const profile = mig === undefined ? undefined : profileOf(mig);
    if (profile && count > 1) throw misuse('Gpu.nvidia', `asks for ${count} slices ${mig}: one server process uses one slice only`, 'use a larger profile, or whole GPUs');
    if (timeSliced && count > 1) throw misuse('Gpu.nvidia', `asks for ${count} places on shared GPUs: more of them give no larger share`, 'use count 1, or whole GPUs');
    if (profile && bytes !== undefined && bytes > profile.gigabytes * GIBIBYTE) {
      throw misuse('Gpu.nvidia', `a slice ${mig} has ${profile.gigabytes} GB, fewer than memory ${String(memory)}`, `use a larger profile: ${MIG_PROFILES.filter((p) => (parseMigProfile(p)?.gigabytes ?? 0) * GIBIBYTE >= bytes).slice(0, 6).join(', ')}`);
    }
    const base = profile ? `nvidia.com/mig-${profile.resourceSuffix}` : 'nvidia.com/gpu';
    return new Gpu('nvidia', timeSliced === true ? `${base}.shared` : base, wholeCount('Gpu.nvidia', count), { taint: 'nvidia.com/gpu', memoryBytes: profile ? undefined : bytes, shared: timeSliced !== false });
  }

  static amd({ count = 1 }: CountOptions = {}): Gpu {
    return new Gpu('amd', 'amd.com/gpu', wholeCount('Gpu.amd', count), { taint: 'amd.com/gpu' });
  }

  static intel({ count = 1, driver = 'i915' }: CountOptions & { /** Kernel driver of the card. @default 'i915' */ readonly driver?: 'i915' | 'xe' } = {}): Gpu {
    const name = `gpu.intel.com/${driver}`;
    return new Gpu('intel', name, wholeCount('Gpu.intel', count), { taint: name });
  }

  /** Any other device, by the name that its plugin advertises. */
  static resource(name: string, count = 1): Gpu {
    if (!/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?\/[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(name)) {
      throw misuse('Gpu.resource', `"${name}" is no name of a resource`, 'write vendor/device, e.g. habana.ai/gaudi');
    }
    return new Gpu('other', name, wholeCount('Gpu.resource', count), { taint: name });
  }

  readonly vendor: 'nvidia' | 'amd' | 'intel' | 'other';
  /** Name of the resource in `limits`. */
  readonly resourceName: string;
  readonly count: number;
  /** Key of the taint that such nodes usually have. */
  readonly taint: string;
  /** Nominal size of the card asked for, in bytes. */
  readonly memoryBytes: number | undefined;
  /** Whether other pods use the same card. */
  readonly shared: boolean;

  private constructor(vendor: Gpu['vendor'], resourceName: string, count: number, more: { readonly taint: string; readonly memoryBytes?: number | undefined; readonly shared?: boolean }) {
    this.vendor = vendor;
    this.resourceName = resourceName;
    this.count = count;
    this.taint = more.taint;
    this.memoryBytes = more.memoryBytes;
    this.shared = more.shared ?? false;
  }

  /** Whether KServe's rule for images takes it for an NVIDIA GPU; for any other name it picks the server's CPU image. */
  get choosesGpuImage(): boolean {
    return this.resourceName === 'nvidia.com/gpu' || this.resourceName.startsWith('nvidia.com/mig');
  }
}

function wholeCount(factory: string, count: number): number {
  if (Number.isInteger(count) && count >= 1) return count;
  throw misuse(factory, `count must be a whole number >= 1, got ${count}`, 'GPUs cannot be divided; use mig or timeSliced for a part of one');
}

function memoryBytes(factory: string, memory: Quantity): number {
  const bytes = parseQuantity(memory);
  if (bytes !== undefined && bytes >= GIBIBYTE) return bytes;
  throw misuse(factory, `memory must be a quantity of at least 1Gi, got "${String(memory)}"`, 'write e.g. 24Gi');
}

function profileOf(mig: string): MigProfile {
  const profile = parseMigProfile(mig);
  if (profile?.known) return profile;
  throw misuse('Gpu.nvidia', `"${mig}" is no MIG profile that is known here`, didYouMean(mig, MIG_PROFILES) ?? 'use e.g. 1g.10gb; Gpu.resource takes the name of a newer card\'s profile');
}
