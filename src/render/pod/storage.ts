import { ANNOTATION, CONTAINER, MODEL_DIR, TerminalError, type Container, type PlatformConfig, type PodSpec, type StringMap } from '../../api';
import type { Decision } from '../types';
import { mergeKeyed } from './merge';

const MODEL_VOLUME = 'kserve-provision-location';
const CLAIM_VOLUME = 'kserve-pvc-source';
/** Schemes that a storage fetcher understands; whether a given version can fetch one is the fetcher's to say. */
const FETCHED_SCHEMES = ['gs', 's3', 'file', 'https', 'http', 'hdfs', 'webhdfs', 'hf', 'azure'];

export interface ModelStorage {
  readonly pod: PodSpec;
  readonly decision: Decision;
}

/**
 * Makes the model at `uri` appear under /mnt/models in the serving containers: a claim is mounted, anything else is
 * fetched by an init container.
 *
 * KServe differs: the init container stands in the rendered template instead of being injected by a webhook when the
 * pod is created, so that what is reviewed is what runs and no webhook is in a pod's way.
 *
 * @throws TerminalError ISVC_RENDER_STORAGE_URI when nothing can fetch the scheme.
 */
export function addModelStorage(pod: PodSpec, uri: string, annotations: StringMap, config: PlatformConfig): ModelStorage {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(uri)?.[1]?.toLowerCase();
  const readOnly = annotations[ANNOTATION.storageReadonly] !== 'false';
  if (scheme === 'pvc') return mountClaim(pod, uri, readOnly);
  if (scheme === 'oci' || scheme?.startsWith('oci+')) {
    throw new TerminalError('ISVC_RENDER_UNSUPPORTED', `"${uri}": model images are not rendered by this version`, { path: 'spec.predictor.model.storageUri', hint: 'use another source for now' });
  }
  if (scheme !== undefined && !FETCHED_SCHEMES.includes(scheme)) {
    throw new TerminalError('ISVC_RENDER_STORAGE_URI', `"${uri}" has scheme "${scheme}", which nothing here can fetch`, {
      path: 'spec.predictor.model.storageUri', hint: `allowed are pvc, ${FETCHED_SCHEMES.join(', ')}`,
    });
  }
  return fetchModel(pod, uri, readOnly, config);
}

/** `pvc://claim/sub/path`: the claim itself is the model folder, nothing is copied. */
function mountClaim(pod: PodSpec, uri: string, readOnly: boolean): ModelStorage {
  const [claimName = '', ...path] = uri.slice('pvc://'.length).split('/').filter((part) => part !== '');
  if (claimName === '' || path.includes('..')) {
    throw new TerminalError('ISVC_RENDER_STORAGE_URI', `"${uri}" must read pvc://CLAIM or pvc://CLAIM/FOLDER, without ".."`, { path: 'spec.predictor.model.storageUri' });
  }
  const mount = { name: CLAIM_VOLUME, mountPath: MODEL_DIR, ...(path.length > 0 ? { subPath: path.join('/') } : {}), readOnly };
  const volume = { name: CLAIM_VOLUME, persistentVolumeClaim: { claimName, readOnly: false } };
  return {
    pod: { ...mountInServers(pod, mount), volumes: mergeKeyed(pod.volumes, [volume], (v) => v.name) ?? [volume] },
    decision: { topic: 'storage', choice: `mount claim ${claimName}`, because: 'a pvc:// address is mounted, not copied' },
  };
}

function fetchModel(pod: PodSpec, uri: string, readOnly: boolean, config: PlatformConfig): ModelStorage {
  const { image, cpuRequest, cpuLimit, memoryRequest, memoryLimit } = config.storageInitializer;
  const volume = { name: MODEL_VOLUME, emptyDir: {} };
  const fetcher: Container = {
    name: CONTAINER.storageInitializer,
    image,
    imagePullPolicy: 'IfNotPresent',
    args: [uri, MODEL_DIR],
    resources: { limits: { cpu: cpuLimit, memory: memoryLimit }, requests: { cpu: cpuRequest, memory: memoryRequest } },
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: [{ name: MODEL_VOLUME, mountPath: MODEL_DIR }],
  };
  const { initContainers = [], ...rest } = mountInServers(pod, { name: MODEL_VOLUME, mountPath: MODEL_DIR, readOnly });
  return {
    pod: { ...rest, initContainers: [...initContainers, fetcher], volumes: mergeKeyed(pod.volumes, [volume], (v) => v.name) ?? [volume] },
    decision: { topic: 'storage', choice: `fetch with ${image}`, because: `${uri} is copied to ${MODEL_DIR} before the server starts` },
  };
}

function mountInServers(pod: PodSpec, mount: NonNullable<Container['volumeMounts']>[number]): PodSpec {
  const servers: readonly string[] = [CONTAINER.server, CONTAINER.transformer];
  return {
    ...pod,
    containers: pod.containers.map((c) =>
      servers.includes(c.name) ? { ...c, volumeMounts: mergeKeyed(c.volumeMounts, [mount], (m) => m.mountPath) ?? [mount] } : c,
    ),
  };
}
