import { TerminalError, type ClusterStorageContainer, type Container, type UriFormat } from '../../api';
import { mergeContainer } from '../pod/merge';
import type { Decision, World } from '../types';

export interface ChosenContainer {
  readonly container: Container;
  readonly decision: Decision;
}

/**
 * The ClusterStorageContainer that fetches an address: the named one, else the first by name that supports it.
 *
 * KServe differs: several that match are tried in the order of their names; upstream takes whichever the API server
 * lists first.
 *
 * @throws TerminalError ISVC_RENDER_STORAGE when the named one cannot do it.
 */
export function chooseStorageContainer(uri: string, name: string | undefined, several: boolean, path: string, world: World): ChosenContainer | undefined {
  const all = [...(world.storageContainers ?? [])].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  if (name !== undefined) return named(all, name, uri, several, path);
  const found = all.find((c) => unfit(c, uri, several) === undefined);
  return found && chosen(found, `it supports ${uri}`);
}

function named(all: readonly ClusterStorageContainer[], name: string, uri: string, several: boolean, path: string): ChosenContainer {
  const at = 'spec.predictor.storageContainerName';
  const found = all.find((c) => c.metadata.name === name);
  if (!found) {
    throw new TerminalError('ISVC_RENDER_STORAGE', `no ClusterStorageContainer is called "${name}"`, { path: at, hint: `there are ${all.map((c) => c.metadata.name).join(', ') || 'none'}` });
  }
  const reason = unfit(found, uri, several);
  if (reason) throw new TerminalError('ISVC_RENDER_STORAGE', `ClusterStorageContainer "${name}" ${reason}`, { path: at, hint: `name another, or change ${path}` });
  return chosen(found, 'the predictor names it');
}

function chosen(container: ClusterStorageContainer, because: string): ChosenContainer {
  return { container: container.spec.container, decision: { topic: 'storage', choice: `ClusterStorageContainer ${container.metadata.name}`, because } };
}

function unfit(container: ClusterStorageContainer, uri: string, several: boolean): string | undefined {
  const { workloadType = 'initContainer', supportedUriFormats, supportsMultiModelDownload } = container.spec;
  if (container.disabled) return 'is disabled';
  if (workloadType !== 'initContainer') return `is for ${workloadType}`;
  if (!supportedUriFormats.some((format) => matches(format, uri))) return `does not support "${uri}"`;
  if (several && !supportsMultiModelDownload) return 'cannot fetch several sources at once';
  return undefined;
}

function matches(format: UriFormat, uri: string): boolean {
  if (format.prefix) return uri.startsWith(format.prefix);
  if (!format.regex) return false;
  try {
    return new RegExp(format.regex).test(uri);
  } catch {
    // An expression of another dialect supports nothing here; lint names it.
    return false;
  }
}

/**
 * Lays a ClusterStorageContainer over the generated fetcher.
 *
 * KServe differs: name and arguments of the generated one stay; upstream lets the overlay replace the addresses.
 */
export function overlayStorageContainer(generated: Container, overlay: Container | undefined): Container {
  if (!overlay) return generated;
  const { name: _name, args: _args, ...fields } = overlay;
  return mergeContainer(generated, fields);
}
