import { CONTAINER, parseQuantity, type Container } from '../api';
import type { ModelServer } from './artifact';
import { familyOf } from './gpu/gpu-pods';
import { isAccelerator } from './gpu/resource-names';
import type { LintObject } from './lint-object';
import { isOwnImage } from './own-image';
import type { ServiceView } from './service-view';

/** A model's address in a manifest, and the server that will read it. */
export interface ModelUse {
  readonly on: LintObject;
  /** Path of the address. */
  readonly path: string;
  readonly uri: string;
  readonly server: ModelServer | undefined;
  /** Of the server; empty where it is not known. */
  readonly image: string;
  /** Accelerators of the server's container. */
  readonly gpus: number;
  /** Whether the server has more shared memory than the 64 MiB that a container is given. */
  readonly sharesMemory: boolean;
}

/** Models of a service and of its canaries; those of another format than the stable one have a server that is not known. */
export function modelUses({ on, models, components }: ServiceView): readonly ModelUse[] {
  const merged = components.find((c) => c.role === 'predictor')?.pod.merged;
  const container = merged?.containers.find((c) => c.name === CONTAINER.server);
  const [stable] = models;
  return models.flatMap(({ model, path, format }) => {
    if (!model.storageUri) return [];
    const server = container && (format ?? stable?.format) === stable?.format ? serverOf(container) : undefined;
    return [{ on, path: `${path}.storageUri`, uri: model.storageUri, server, image: container?.image ?? '', gpus: container ? gpusOf(container) : 0, sharesMemory: container?.volumeMounts?.some((m) => m.mountPath === '/dev/shm') ?? false }];
  });
}

function serverOf(container: Container): ModelServer | undefined {
  if (isOwnImage(container.image ?? '')) return 'own';
  return familyOf(container) === 'triton' ? 'triton' : undefined;
}

function gpusOf({ resources }: Container): number {
  return Object.entries(resources?.limits ?? {}).reduce((sum, [name, limit]) => sum + (isAccelerator(name) ? (parseQuantity(limit) ?? 0) : 0), 0);
}
