/** What is known of an accelerator from its labels. Memory is what checks may count on, in GiB. */
export interface Card {
  readonly name: string;
  /** Names in `nvidia.com/gpu.product`. */
  readonly product: RegExp;
  /** Name in GKE's `cloud.google.com/gke-accelerator`. */
  readonly gke?: string;
  readonly memory: number;
  /** CUDA compute capability. */
  readonly capability: number;
  /** MIG profiles without `+me`; absent for cards that cannot be divided. */
  readonly mig?: readonly string[];
}

const A100_40 = ['1g.5gb', '1g.10gb', '2g.10gb', '3g.20gb', '4g.20gb', '7g.40gb'];
const EIGHTY = ['1g.10gb', '1g.20gb', '2g.20gb', '3g.40gb', '4g.40gb', '7g.80gb'];
const NINETY_SIX = ['1g.12gb', '1g.24gb', '2g.24gb', '3g.48gb', '4g.48gb', '7g.96gb'];

/**
 * Cards in the order in which their labels are tried: longer names first. Only what vendors document; a product that is
 * not here is never judged.
 */
export const CARDS: readonly Card[] = [
  { name: 'T4', product: /^(NVIDIA-)?Tesla-T4/, gke: 'nvidia-tesla-t4', memory: 15, capability: 7.5 },
  { name: 'V100', product: /^(NVIDIA-)?Tesla-V100/, gke: 'nvidia-tesla-v100', memory: 15.8, capability: 7 },
  { name: 'L40S', product: /^NVIDIA-L40S/, memory: 44.7, capability: 8.9 },
  { name: 'L4', product: /^NVIDIA-L4(-SHARED)?$/, gke: 'nvidia-l4', memory: 22.3, capability: 8.9 },
  { name: 'A10G', product: /^NVIDIA-A10G/, memory: 22.3, capability: 8.6 },
  { name: 'A30', product: /^NVIDIA-A30/, memory: 23.9, capability: 8, mig: ['1g.6gb', '2g.12gb', '4g.24gb'] },
  { name: 'A100 40 GB', product: /^(NVIDIA-)?A100-(SXM4|PCIE)-40GB/, gke: 'nvidia-tesla-a100', memory: 39.5, capability: 8, mig: A100_40 },
  { name: 'A100 80 GB', product: /^(NVIDIA-)?A100-(SXM4-80GB|80GB-PCIe)/, gke: 'nvidia-a100-80gb', memory: 79.2, capability: 8, mig: EIGHTY },
  { name: 'H100 80 GB', product: /^NVIDIA-H100-(80GB-HBM3|PCIe)/, gke: 'nvidia-h100-80gb', memory: 79.6, capability: 9, mig: EIGHTY },
  { name: 'H200', product: /^NVIDIA-H200/, gke: 'nvidia-h200-141gb', memory: 140, capability: 9, mig: ['1g.18gb', '1g.35gb', '2g.35gb', '3g.71gb', '4g.71gb', '7g.141gb'] },
  { name: 'B200', product: /^NVIDIA-B200/, gke: 'nvidia-b200', memory: 179, capability: 10, mig: ['1g.23gb', '1g.45gb', '2g.45gb', '3g.90gb', '4g.90gb', '7g.180gb'] },
];

/** Profiles of cards whose labels are not certain enough to tell them by. */
const FURTHER_PROFILES = [
  ...NINETY_SIX, '2g.24gb', '3g.47gb', '4g.47gb', '7g.94gb', '1g.36gb', '2g.36gb', '3g.72gb', '4g.72gb', '7g.144gb', '1g.47gb', '2g.47gb', '3g.93gb', '4g.93gb', '7g.186gb', '1g.34gb', '1g.67gb',
  '2g.67gb', '3g.135gb', '4g.135gb', '7g.269gb', '1g.70gb', '2g.70gb', '3g.139gb', '4g.139gb', '7g.278gb', '2g.48gb', '4g.96gb',
];

/** Every MIG profile that some card has. */
export const MIG_PROFILES: ReadonlySet<string> = new Set([...CARDS.flatMap((c) => c.mig ?? []), ...FURTHER_PROFILES]);

/** The card that node labels select; undefined when none or an unknown one is selected. */
export function selectedCard(selector: Readonly<Record<string, string>>): Card | undefined {
  const product = selector['nvidia.com/gpu.product'];
  const gke = selector['cloud.google.com/gke-accelerator'];
  return CARDS.find((c) => (product !== undefined && c.product.test(product)) || (gke !== undefined && c.gke === gke));
}
