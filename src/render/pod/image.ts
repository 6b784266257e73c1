import type { ResourceRequirements } from '../../api';

/**
 * Replaces an image's tag by the version that a model asks for. A digest is what its author pinned and stays.
 * The tag is looked for after the last slash, since a registry's port also follows a colon.
 */
export function withVersion(image: string, version: string): string {
  if (image.includes('@')) return image;
  return `${splitTag(image).repository}:${version}`;
}

/** Servers that publish an image for accelerators under the same tag with `-gpu` behind it. */
const GPU_SUFFIX_TYPES = new Set(['tensorflow-serving', 'torchserve', 'huggingfaceserver']);

export interface ServerImageRequest {
  readonly runtimeVersion?: string | undefined;
  readonly serverType: string | undefined;
  readonly resources: ResourceRequirements | undefined;
}

/** The image of a model server: the version asked for, else the flavour that fits the hardware asked for. */
export function serverImage(image: string, request: ServerImageRequest): string {
  if (image.includes('@')) return image;
  if (request.runtimeVersion) return withVersion(image, request.runtimeVersion);
  const { repository, tag } = splitTag(image);
  if (request.serverType === undefined || tag === undefined) return image;
  const gpu = asksForNvidia(request.resources);
  if (gpu && GPU_SUFFIX_TYPES.has(request.serverType)) return tag.endsWith('-gpu') ? image : `${image}-gpu`;
  if (!gpu && request.serverType === 'vllmserver') return repository.endsWith('-cpu') ? image : `${repository}-cpu:${tag}`;
  return image;
}

function asksForNvidia(resources: ResourceRequirements | undefined): boolean {
  return Object.keys(resources?.limits ?? {}).some((name) => name === 'nvidia.com/gpu' || name.startsWith('nvidia.com/mig'));
}

function splitTag(image: string): { readonly repository: string; readonly tag?: string } {
  const slash = image.lastIndexOf('/');
  const colon = image.indexOf(':', slash + 1);
  return colon === -1 ? { repository: image } : { repository: image.slice(0, colon), tag: image.slice(colon + 1) };
}
