import { dirname, join } from 'node:path';
import type { Container } from 'cdk8s-kserve/api';

/** How containers of one image repository run as processes of this machine. */
export interface ImageEntry {
  /** Last path segments of the repository, e.g. `cdk8s-kserve/runtime`; registry and tag do not matter. */
  readonly repository: string;
  /** What stands for the image's entry point. */
  readonly exec: readonly string[];
  /** Values of the container's `command` that mean the image's own entry point. */
  readonly entrypoints?: readonly (readonly string[])[];
  /** The program replaces the image's own one; said once in the log. */
  readonly standsInAs?: string;
  /** The flag that moves the program's HTTP port off 8080, given all its words; undefined when it does not listen. */
  portFlag?(words: readonly string[]): string | undefined;
}

export type ImageResolution =
  | { readonly runnable: true; readonly exec: readonly string[]; readonly args: readonly string[]; readonly portFlag: string | undefined; readonly note: string | undefined }
  | { readonly runnable: false; readonly reason: 'ImageNotRunnable'; readonly message: string };

/** KServe's model servers for which ours is a drop-in, with the Python module that is their entry point. */
const SERVERS_WE_REPLACE = [['sklearnserver', 'sklearnserver'], ['xgbserver', 'xgbserver'], ['lgbserver', 'lgbserver']] as const;

/** The images that local mode runs: ours, and the upstream ones for which ours is a drop-in. */
export function standardImages(): readonly ImageEntry[] {
  // Resolved through package.json so that an unbuilt clone gets the launcher's own clear message.
  const bin = join(dirname(require.resolve('cdk8s-kserve-runtime/package.json')), 'bin', 'isvc-runtime.js');
  const runtime = [process.execPath, bin];
  return [
    { repository: 'cdk8s-kserve/runtime', exec: runtime, entrypoints: [['isvc-runtime']], portFlag: (words) => (words[0] === 'serve' || words[0]?.startsWith('--') ? '--http_port' : undefined) },
    ...SERVERS_WE_REPLACE.map(([name, module]): ImageEntry => ({
      repository: `kserve/${name}`,
      exec: [...runtime, 'serve'],
      entrypoints: [['python', '-m', module], ['python3', '-m', module]],
      standsInAs: 'isvc-runtime serve',
      portFlag: () => '--http_port',
    })),
    {
      repository: 'kserve/storage-initializer',
      exec: [...runtime, 'fetch'],
      entrypoints: [['/storage-initializer/scripts/initializer-entrypoint']],
      standsInAs: 'isvc-runtime fetch',
    },
  ];
}

/** Finds the process that runs a container, or says why there is none. */
export function resolveImage(container: Pick<Container, 'name' | 'image' | 'command' | 'args'>, table: readonly ImageEntry[]): ImageResolution {
  const image = container.image ?? '';
  const repository = repositoryOf(image);
  const entry = table.find((e) => repository === e.repository || repository.endsWith(`/${e.repository}`));
  if (!entry) {
    const known = table.map((e) => e.repository).join(', ');
    return refuse(`local mode cannot run image ${JSON.stringify(image)} as a process; it runs ${known} (any registry and tag); use one of these here, or deploy to a cluster`);
  }
  const command = container.command ?? [];
  const own = command.length === 0 ? [] : entry.entrypoints?.find((words) => words.every((word, i) => command[i] === word));
  if (!own) {
    return refuse(`local mode cannot run command ${JSON.stringify(command)} of image ${JSON.stringify(image)}, only the image's own entry point; remove spec.containers[${container.name}].command`);
  }
  const args = [...command.slice(own.length), ...(container.args ?? [])];
  const portFlag = entry.portFlag?.(args);
  const note = entry.standsInAs ? `image ${image} runs as "${entry.standsInAs}", a drop-in replacement` : undefined;
  return { runnable: true, exec: entry.exec, args, portFlag, note };
}

/** `registry:5000/org/name:tag@sha256:...` without tag and digest. */
export function repositoryOf(image: string): string {
  const withoutDigest = image.split('@', 1)[0] ?? '';
  const colon = withoutDigest.lastIndexOf(':');
  return colon > withoutDigest.lastIndexOf('/') ? withoutDigest.slice(0, colon) : withoutDigest;
}

function refuse(message: string): ImageResolution {
  return { runnable: false, reason: 'ImageNotRunnable', message };
}
