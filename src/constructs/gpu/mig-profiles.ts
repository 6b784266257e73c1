/**
 * MIG profiles by the memory of the card they belong to, as NVIDIA's mig-parted lists them. Equal spellings of different
 * cards (`1g.10gb`) are one resource name.
 */
const PROFILES: Readonly<Record<string, readonly string[]>> = {
  'A30 24 GB': ['1g.6gb', '2g.12gb', '4g.24gb', '1g.6gb+me', '2g.12gb+me'],
  'A100 40 GB': ['1g.5gb', '1g.10gb', '2g.10gb', '3g.20gb', '4g.20gb', '7g.40gb', '1g.5gb+me'],
  'A100, H100 80 GB': ['1g.10gb', '1g.20gb', '2g.20gb', '3g.40gb', '4g.40gb', '7g.80gb', '1g.10gb+me'],
  'H100 NVL 94 GB': ['1g.12gb', '1g.24gb', '2g.24gb', '3g.47gb', '4g.47gb', '7g.94gb', '1g.12gb+me'],
  'GH200, H100, H20 96 GB': ['1g.12gb', '1g.24gb', '2g.24gb', '3g.48gb', '4g.48gb', '7g.96gb', '1g.12gb+me'],
  'GH200 144 GB': ['1g.18gb', '1g.36gb', '2g.36gb', '3g.72gb', '4g.72gb', '7g.144gb', '1g.18gb+me'],
  'H200 141 GB': ['1g.18gb', '1g.35gb', '2g.35gb', '3g.71gb', '4g.71gb', '7g.141gb', '1g.18gb+me'],
  'B200 180 GB': ['1g.23gb', '1g.45gb', '2g.45gb', '3g.90gb', '4g.90gb', '7g.180gb', '1g.23gb+me'],
  'GB200 186 GB': ['1g.23gb', '1g.47gb', '2g.47gb', '3g.93gb', '4g.93gb', '7g.186gb', '1g.23gb+me'],
  'B300 288 GB': ['1g.34gb', '1g.67gb', '2g.67gb', '3g.135gb', '4g.135gb', '7g.269gb', '1g.34gb+me'],
  'GB300 288 GB': ['1g.35gb', '1g.70gb', '2g.70gb', '3g.139gb', '4g.139gb', '7g.278gb', '1g.35gb+me'],
  'RTX PRO 6000 96 GB': ['1g.24gb', '2g.48gb', '4g.96gb', '1g.24gb+me', '1g.24gb+gfx', '1g.24gb-me', '2g.48gb+gfx', '2g.48gb-me', '4g.96gb+gfx'],
};

export const MIG_PROFILES: readonly string[] = [...new Set(Object.values(PROFILES).flat())].sort();

const SHAPE = /^([1-7])g\.(\d+)gb((?:[+-][a-z.]+)?)$/;

export interface MigProfile {
  /** Compute slices, of 7 a card (A30 and RTX PRO 6000: of 4). */
  readonly slices: number;
  /** The number in the name; usable memory is somewhat less. */
  readonly gigabytes: number;
  /** As resource names spell it: `+` is not allowed there. */
  readonly resourceSuffix: string;
  /** Whether it is one of the listed profiles; a newer card may have others. */
  readonly known: boolean;
}

/** Reads a profile such as `1g.10gb` or `1g.10gb+me`; undefined when it is none. */
export function parseMigProfile(profile: string): MigProfile | undefined {
  const [, slices, gigabytes] = SHAPE.exec(profile) ?? [];
  if (slices === undefined || gigabytes === undefined) return undefined;
  return { slices: Number(slices), gigabytes: Number(gigabytes), resourceSuffix: profile.replaceAll('+', '.'), known: MIG_PROFILES.includes(profile) };
}
