import { parseQuantity, type Container, type PodSpec, type Quantity } from '../../api';
import type { LintContext } from '../context';
import type { ContainerView, PodView } from '../pods';
import { keyPath } from '../read';
import { MIG_PREFIX, isAccelerator } from './resource-names';

/** One accelerator that a container asks for. */
export interface GpuAsk {
  readonly pod: PodView;
  readonly view: ContainerView;
  readonly name: string;
  readonly limit: Quantity | undefined;
  readonly request: Quantity | undefined;
  /** Path of the limit, or of the request where there is no limit. */
  readonly path: string;
}

/** Every accelerator that any container of the manifests asks for. */
export function gpuAsks(context: LintContext): readonly GpuAsk[] {
  const known = asks.get(context);
  if (known) return known;
  const found = context.pods.flatMap((pod) => pod.containers.flatMap((view) => asksOf(pod, view)));
  asks.set(context, found);
  return found;
}

const asks = new WeakMap<LintContext, readonly GpuAsk[]>();

function asksOf(pod: PodView, view: ContainerView): readonly GpuAsk[] {
  const { limits = {}, requests = {} } = view.container.resources ?? {};
  const names = [...new Set([...Object.keys(limits), ...Object.keys(requests)])].filter(isAccelerator);
  return names.map((name) => ({
    pod, view, name, limit: limits[name], request: requests[name], path: keyPath(`${view.path}.resources.${limits[name] === undefined ? 'requests' : 'limits'}`, name),
  }));
}

/** A pod whose own containers ask for accelerators. */
export interface GpuPod {
  readonly pod: PodView;
  readonly asks: readonly [GpuAsk, ...GpuAsk[]];
  /** The first container that asks. */
  readonly view: ContainerView;
  /** Accelerators of that container, all kinds together. */
  readonly count: number;
  /** The first container as it will be, once the runtime is merged in. */
  readonly merged: Partial<Container>;
  readonly whole: PodSpec | undefined;
}

export function gpuPods(context: LintContext): readonly GpuPod[] {
  const byPod = new Map<PodView, GpuAsk[]>();
  for (const ask of gpuAsks(context)) byPod.set(ask.pod, [...(byPod.get(ask.pod) ?? []), ask]);
  return [...byPod].map(([pod, list]) => {
    const [first, ...others] = list as [GpuAsk, ...GpuAsk[]];
    const name = first.view.container.name ?? 'kserve-container';
    const merged = pod.merged?.containers.find((c) => c.name === name) ?? first.view.container;
    const count = list.filter((a) => a.view === first.view).reduce((sum, a) => sum + (parseQuantity(a.limit ?? a.request ?? 0) ?? 0), 0);
    return { pod, asks: [first, ...others], view: first.view, count, merged, whole: pod.merged };
  });
}

/** Where the arguments of its server are written, or the container when the runtime brings them. */
export function argsPath({ view }: GpuPod): string {
  return view.container.args ? `${view.path}.args` : view.container.command ? `${view.path}.command` : view.path;
}

export function usesMig({ asks: list }: GpuPod): boolean {
  return list.some((a) => a.name.startsWith(MIG_PREFIX));
}

/** `nvidia.com/gpu.shared`, or a product label that says its cards are shared. */
export function isShared(pod: PodView, name: string): boolean {
  return name.endsWith('.shared') || (pod.fields.nodeSelector?.['nvidia.com/gpu.product'] ?? '').endsWith('-SHARED');
}

/** Command and arguments of a server, one word each; `--a=b` and `--a b` read the same by `flag`. */
export function wordsOf(container: Partial<Container>): readonly string[] {
  return [...(container.command ?? []), ...(container.args ?? [])].flatMap((word) => (/\s/.test(word.trim()) ? word.trim().split(/\s+/) : [word]));
}

/** Value of the first of some flags; dashes and underscores in a flag's name are the same to its server. */
export function flag(container: Partial<Container>, ...names: readonly string[]): string | undefined {
  const words = wordsOf(container);
  for (const [index, word] of words.entries()) {
    const [name = '', ...value] = word.split('=');
    if (!name.startsWith('-') || !names.includes(name.replaceAll('_', '-'))) continue;
    return value.length > 0 ? value.join('=') : (words[index + 1] ?? '');
  }
  return undefined;
}

export type ServerFamily = 'vllm' | 'huggingface' | 'triton' | undefined;

/** Which model server a container runs, as far as its image and command say. */
export function familyOf(container: Partial<Container>): ServerFamily {
  const text = `${container.image ?? ''} ${wordsOf(container).slice(0, 4).join(' ')}`;
  if (/vllm/i.test(text)) return 'vllm';
  if (/huggingfaceserver/i.test(text)) return 'huggingface';
  return /triton/i.test(text) ? 'triton' : undefined;
}
