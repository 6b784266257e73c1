import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, normalize, sep } from 'node:path';
import { messageOf, type Container, type KubeObject, type PodSpec, type Volume } from 'cdk8s-kserve/api';
import type { PathMap } from './host-paths';

/** Something a pod needs does not exist, or does not exist yet: the pod waits with this reason. */
export class PodNotStartable extends Error {
  readonly reason: string;

  constructor(reason: string, message: string) {
    super(message);
    this.name = 'PodNotStartable';
    this.reason = reason;
  }

  /** Anything thrown on the way to a start, which is tried again whatever it was: a full disk may be emptied. */
  static from(error: unknown, reason: string): PodNotStartable {
    return error instanceof PodNotStartable ? error : new PodNotStartable(reason, messageOf(error));
  }
}

export interface PodFilesOptions {
  readonly namespace: string;
  /** The pod's own folder; created here, removed with the pod. */
  readonly folder: string;
  /** `pvc://claim` to an absolute folder of this machine. */
  readonly sourceMap: Readonly<Record<string, string>>;
  /** Reads a ConfigMap or a Secret; undefined when it does not exist. */
  readonly readObject: (kind: 'ConfigMap' | 'Secret', name: string) => Promise<KubeObject | undefined>;
}

/** The volumes of one pod as folders of this machine. */
export class PodFiles {
  private readonly options: PodFilesOptions;
  private readonly volumes = new Map<string, string>();

  constructor(options: PodFilesOptions) {
    this.options = options;
  }

  /** @throws PodNotStartable when a claim is not mapped, or a ConfigMap or Secret is missing. */
  async prepare(spec: PodSpec): Promise<void> {
    await mkdir(this.options.folder, { recursive: true });
    for (const volume of spec.volumes ?? []) this.volumes.set(volume.name, await this.folderOf(volume));
  }

  /** Mount paths of one container and what stands for them. */
  async mounts(container: Container): Promise<PathMap> {
    const paths = new Map<string, string>();
    for (const mount of container.volumeMounts ?? []) {
      const volume = this.volumes.get(mount.name);
      if (!volume) throw new PodNotStartable('FailedMount', `container ${container.name} mounts volume ${mount.name}, which spec.volumes does not declare`);
      const folder = mount.subPath ? join(volume, withinVolume(mount.subPath)) : volume;
      if (!(await exists(folder))) {
        if (!folder.startsWith(this.options.folder + sep)) throw new PodNotStartable('FailedMount', `${folder}, mounted at ${mount.mountPath} of container ${container.name}, does not exist`);
        await mkdir(folder, { recursive: true });
      }
      paths.set(mount.mountPath.replace(/(.)\/+$/, '$1'), folder);
    }
    return paths;
  }

  /** The working folder, home and temporary folder of the pod's processes. */
  get workFolder(): string {
    return this.options.folder;
  }

  /** The file that a container may leave its last words in, without those of an earlier run. */
  async emptyTerminationLog(container: string): Promise<string> {
    const file = this.terminationLog(container);
    await rm(file, { force: true });
    return file;
  }

  readTerminationLog(container: string): Promise<Buffer> {
    return readFile(this.terminationLog(container)).catch(() => Buffer.alloc(0));
  }

  async remove(): Promise<void> {
    await rm(this.options.folder, { recursive: true, force: true });
  }

  private terminationLog(container: string): string {
    return join(this.options.folder, `termination-${container}`);
  }

  private async folderOf(volume: Volume): Promise<string> {
    const own = join(this.options.folder, 'volumes', volume.name);
    const claim = sourceOf(volume, 'persistentVolumeClaim');
    if (claim) return this.claimFolder(volume.name, String(claim['claimName'] ?? ''));
    const configMap = sourceOf(volume, 'configMap');
    const secret = sourceOf(volume, 'secret');
    await mkdir(own, { recursive: true });
    if (configMap) await this.writeKeys(own, 'ConfigMap', String(configMap['name'] ?? ''), configMap);
    else if (secret) await this.writeKeys(own, 'Secret', String(secret['secretName'] ?? ''), secret);
    else if (!sourceOf(volume, 'emptyDir')) {
      const kind = Object.keys(volume).find((key) => key !== 'name') ?? 'unknown';
      throw new PodNotStartable('FailedMount', `volume ${volume.name} is of type ${kind}; local mode has emptyDir, persistentVolumeClaim, configMap and secret`);
    }
    return own;
  }

  private async claimFolder(volume: string, claim: string): Promise<string> {
    const folder = this.options.sourceMap[`pvc://${claim}`];
    if (folder === undefined) {
      const mapped = Object.keys(this.options.sourceMap).filter((key) => key.startsWith('pvc://')).join(', ') || 'none';
      throw new PodNotStartable(
        'ClaimNotMapped',
        `volume ${volume} uses claim ${JSON.stringify(claim)}, which no folder of this machine stands for (mapped: ${mapped}); "isvc run" maps it with --map pvc://${claim}=FOLDER`,
      );
    }
    if (!(await exists(folder))) throw new PodNotStartable('FailedMount', `pvc://${claim} is mapped to ${folder}, which does not exist`);
    return folder;
  }

  private async writeKeys(folder: string, kind: 'ConfigMap' | 'Secret', name: string, source: Source): Promise<void> {
    const object = await this.options.readObject(kind, name);
    if (!object) {
      if (source['optional'] === true) return;
      throw new PodNotStartable('FailedMount', `${kind} ${JSON.stringify(name)} does not exist in namespace ${this.options.namespace}`);
    }
    const contents = objectContents(object);
    const items = (source['items'] as readonly { readonly key: string; readonly path: string }[] | undefined) ?? [...contents.keys()].map((key) => ({ key, path: key }));
    for (const { key, path } of items) {
      const value = contents.get(key);
      if (value === undefined) throw new PodNotStartable('FailedMount', `${kind} ${name} has no key ${JSON.stringify(key)}`);
      const file = join(folder, withinVolume(path));
      await mkdir(dirname(file), { recursive: true });
      // Secrets land in a folder that only this user may read.
      await writeFile(file, value, { mode: 0o600 });
    }
  }
}

/** Keys and bytes of a ConfigMap or a Secret. */
export function objectContents(object: KubeObject): ReadonlyMap<string, Buffer> {
  const contents = new Map<string, Buffer>();
  const add = (field: string, encoding: BufferEncoding): void => {
    for (const [key, value] of Object.entries((object[field] as Record<string, string> | undefined) ?? {})) contents.set(key, Buffer.from(value, encoding));
  };
  if (object.kind === 'Secret') {
    add('data', 'base64');
  } else {
    add('data', 'utf8');
    add('binaryData', 'base64');
  }
  return contents;
}

type Source = Readonly<Record<string, unknown>>;

function sourceOf(volume: Volume, kind: string): Source | undefined {
  const source = volume[kind];
  return typeof source === 'object' && source !== null ? (source as Source) : undefined;
}

/** A relative path that stays inside its volume, as Kubernetes demands of subPath and of key paths. */
function withinVolume(path: string): string {
  const normal = normalize(path);
  if (normal.startsWith('/') || normal.split(sep).includes('..')) {
    throw new PodNotStartable('FailedMount', `path ${JSON.stringify(path)} leaves its volume; use a relative path without ".."`);
  }
  return normal;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(() => true, () => false);
}
