import { realpathSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { VERSION } from '../version';

/**
 * How the `package.json` of a project asks for the model server: a version where this command was installed from a registry, and the
 * folder of the repository where it runs from one, since nobody has published that.
 *
 * @param project its folder, which need not be there yet.
 */
export function runtimeDependency(project: string): string {
  const runtime = dirname(realpathSync(require.resolve('cdk8s-kserve-runtime/package.json')));
  return runtime.includes(`${sep}node_modules${sep}`) ? `^${VERSION}` : `file:${relative(resolve(project), runtime).split(sep).join('/')}`;
}
