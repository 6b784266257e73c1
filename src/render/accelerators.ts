import type { ResourceRequirements } from '../api';

/** Names, or beginnings of names, under which device plugins advertise accelerators. */
const ACCELERATOR = /^(nvidia\.com\/(gpu|mig-)|amd\.com\/|(gpu\.)?intel\.com\/|habana\.ai\/|google\.com\/tpu|aws\.amazon\.com\/neuron)/;

/** Whether a container asks for a GPU or its like, or for a device through a claim. */
export function asksForAccelerator({ limits, requests, claims }: ResourceRequirements = {}): boolean {
  return (claims ?? []).length > 0 || [...Object.keys(limits ?? {}), ...Object.keys(requests ?? {})].some((name) => ACCELERATOR.test(name));
}
