import { execFile, spawnSync } from 'node:child_process';
import { PATIENCE_MS } from '../../support/until';

/** A kubectl that runs: the one of the path, or `ISVC_TEST_KUBECTL`, which may also be empty for none. */
export const KUBECTL = [process.env['ISVC_TEST_KUBECTL'] ?? 'kubectl'].find((program) => program !== '' && spawnSync(program, ['version', '--client']).status === 0);

/** The `36` of its v1.36.3; 0 where there is none. */
export const KUBECTL_MINOR = KUBECTL ? Number(/Version: v1\.(\d+)/.exec(spawnSync(KUBECTL, ['version', '--client'], { encoding: 'utf8' }).stdout)?.[1] ?? 0) : 0;


export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface KubectlOptions {
  /** A file. */
  readonly kubeconfig: string;
  /** Commands run here; kubectl's caches are kept in it, away from those of the person. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The environment of a kubectl that touches nothing of the person's own. */
export function kubectlEnvironment({ kubeconfig, folder, env }: KubectlOptions): NodeJS.ProcessEnv {
  return { ...process.env, HOME: folder, KUBECONFIG: kubeconfig, ...env };
}

/** One command to its end, whatever that is. */
export function runKubectl(args: readonly string[], options: KubectlOptions): Promise<Said> {
  return new Promise((resolve) => {
    execFile(KUBECTL ?? 'kubectl', args, { cwd: options.folder, env: kubectlEnvironment(options), timeout: PATIENCE_MS }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
    });
  });
}

/** What a command prints that has to succeed. */
export async function saidByKubectl(args: readonly string[], options: KubectlOptions): Promise<string> {
  const { code, stdout, stderr } = await runKubectl(args, options);
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}: ${stderr}`);
  return stdout;
}
