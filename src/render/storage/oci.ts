import { CONTAINER, TerminalError, type Container, type PlatformConfig, type PodSpec } from '../../api';
import type { Source } from './fetch';
import { mapReaders, mountInReaders, withInitContainer, withVolumes } from './model-mount';
import { fetchImage } from './oci-fetch';
import { dirname } from './posix-path';
import type { StorageContext, StorageRequest, StoredPod } from './request';
import { assertNothingToVerify } from './verification';

const CAR_VOLUME = 'kserve-provision-location';
export const OCI_MODES = ['modelcar', 'native', 'fetch'] as const;
export type OciMode = (typeof OCI_MODES)[number];

/**
 * A model inside an image: run beside the server and reached through its file system (modelcar), mounted as an image
 * volume (native), or downloaded like any other source (fetch).
 */
export function addModelImage(pod: PodSpec, request: StorageRequest, source: Source, context: StorageContext, index = 0): StoredPod {
  const { mode, because } = modeOf(source.uri, request.path, context.world.config);
  const decisions = [{ topic: 'storage', choice: `model image as ${mode}`, because } as const];
  if (mode === 'fetch') {
    const fetched = fetchImage(pod, request, source, context);
    return { pod: fetched.pod, decisions: [...decisions, ...fetched.decisions] };
  }
  assertNothingToVerify(context.annotations, source.uri, request.path, `write ${source.uri.replace(/^oci(\+[a-z]+)?:/, 'oci+fetch:')}, which fetches the image's files, or remove the annotation`);
  const image = source.uri.replace(/^oci(\+[a-z]+)?:\/\//, '');
  if (mode === 'native') {
    const name = index === 0 ? 'oci-model' : `oci-model-${index}`;
    const mounted = mountInReaders(pod, { name, mountPath: source.mountPath, subPath: 'models', readOnly: true });
    return { pod: withVolumes(mounted, [{ name, image: { reference: image, pullPolicy: 'IfNotPresent' } }]), decisions };
  }
  return { pod: addModelcar(pod, image, source.mountPath, index, context.world.config), decisions };
}

function modeOf(uri: string, path: string, config: PlatformConfig): { readonly mode: OciMode; readonly because: string } {
  const { ociModelMode, enableModelcar, enableOciModelSupport } = config.storageInitializer;
  const suffix = /^oci\+([a-z]+):/.exec(uri)?.[1];
  const isMode = (mode: string): mode is OciMode => (OCI_MODES as readonly string[]).includes(mode);
  if (suffix !== undefined) {
    if (isMode(suffix)) return { mode: suffix, because: `the address says oci+${suffix}` };
    throw new TerminalError('ISVC_RENDER_STORAGE_URI', `"${uri}" asks for mode "${suffix}"`, { path: `${path}.storageUri`, hint: `allowed are ${OCI_MODES.map((m) => `oci+${m}`).join(', ')}` });
  }
  if (isMode(ociModelMode)) return { mode: ociModelMode, because: 'the platform\'s storageInitializer.ociModelMode says so' };
  if (enableModelcar || enableOciModelSupport) return { mode: 'modelcar', because: 'the platform has modelcar enabled' };
  throw new TerminalError('ISVC_RENDER_STORAGE_URI', `"${uri}": the platform has model images switched off`, {
    path: `${path}.storageUri`, hint: 'set storageInitializer.enableModelcar or ociModelMode in inferenceservice-config, or write oci+native://',
  });
}

/** The image runs as a sidecar that sleeps; a link through its process's root makes its files the server's. */
function addModelcar(pod: PodSpec, image: string, mountPath: string, index: number, config: PlatformConfig): PodSpec {
  const { cpuModelcar, memoryModelcar, uidModelcar } = config.storageInitializer;
  const suffix = index === 0 ? '' : `-${index}`;
  const volume = `${CAR_VOLUME}${suffix}`;
  const folder = dirname(mountPath);
  const resources = { limits: { cpu: cpuModelcar, memory: memoryModelcar }, requests: { cpu: cpuModelcar, memory: memoryModelcar } };
  const mount = { name: volume, mountPath: folder };
  const car: Container = {
    name: `${CONTAINER.modelcar}${suffix}`,
    image,
    imagePullPolicy: 'IfNotPresent',
    // `$$` becomes `$` in Kubernetes' own expansion: the shell's process id.
    args: ['sh', '-c', `ln -sf /proc/$$$$/root/models ${shellQuoted(mountPath)} && sleep infinity`],
    resources,
    securityContext: { runAsUser: uidModelcar },
    volumeMounts: [mount],
  };
  const check: Container = {
    name: `${CONTAINER.modelcarInit}${suffix}`,
    image,
    imagePullPolicy: 'IfNotPresent',
    args: ['sh', '-c', '[ -d /models ] && [ "$$(ls -A /models)" ] || { echo "the image holds no files in /models"; exit 1; }'],
    resources,
    terminationMessagePolicy: 'FallbackToLogsOnError',
  };
  const reading = mapReaders(mountInReaders(pod, mount), (c) => ({
    ...c,
    env: [...(c.env ?? []).filter((e) => e.name !== 'MODEL_INIT_MODE'), { name: 'MODEL_INIT_MODE', value: 'async' }],
    // Another user's process root cannot be read.
    securityContext: { ...c.securityContext, runAsUser: uidModelcar },
  }));
  const shared = { ...withInitContainer(reading, check), shareProcessNamespace: true };
  return withVolumes({ ...shared, containers: [...shared.containers, car] }, [{ name: volume, emptyDir: {} }]);
}

function shellQuoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
