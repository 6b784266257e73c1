import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { kubectlEnvironment, saidByKubectl } from '../../support/kubectl';
import { OF_SERVICE, rowsOf, type Hands } from './hands';

/** The real program, as a learner types it. `folder` holds its manifests and its caches. */
export function kubectlHands(kubectl: string, kubeconfig: string, folder: string): Hands {
  let namespace = 'default';
  const said = (...args: readonly string[]): Promise<string> => saidByKubectl(['-n', namespace, ...args], { kubeconfig, folder });

  return {
    createNamespace: async (name) => {
      await said('create', 'namespace', name);
      namespace = name;
    },
    apply: async (object) => {
      const file = join(folder, `${object.metadata.name}.json`);
      await writeFile(file, JSON.stringify(object));
      return (await said('apply', '-f', file)).trim().split(' ').at(-1) ?? '';
    },
    row: async (name) => rowsOf(await said('get', 'isvc', name))[0] ?? {},
    url: (name) => said('get', 'isvc', name, '-o', 'jsonpath={.status.url}'),
    annotate: async (name, key, value) => void (await said('annotate', 'isvc', name, `${key}=${value}`, '--overwrite')),
    names: async (plural, service) => (await said('get', plural, '-o', 'name', ...ofService(service))).split('\n').flatMap((line) => line.split('/')[1] ?? []),
    watchPods: (service) => {
      const child = spawn(kubectl, ['-n', namespace, 'get', 'pods', '-w', '--no-headers', ...ofService(service)], { env: kubectlEnvironment({ kubeconfig, folder }), stdio: ['ignore', 'pipe', 'inherit'] });
      const exit = once(child, 'close');
      const seen = new Map<string, boolean>();
      let rest = '';
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          const [name = '', ready, status] = line.split(/\s+/);
          seen.set(name, ready === '1/1' && status === 'Running');
        }
      });
      return {
        get seen() {
          return seen.size;
        },
        get ready() {
          return [...seen.values()].filter(Boolean).length;
        },
        stop: async () => {
          child.kill('SIGKILL');
          await exit;
        },
      };
    },
    remove: async (name) => void (await said('delete', 'isvc', name)),
  };
}

function ofService(name: string | undefined): readonly string[] {
  return name === undefined ? [] : ['-l', `${OF_SERVICE}=${name}`];
}
