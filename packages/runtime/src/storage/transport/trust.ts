import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { messageOf } from 'cdk8s-kserve/api';

const SYSTEM_BUNDLES = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt'];

/**
 * The certificates to trust, by KServe's variables: `AWS_CA_BUNDLE`, else the mounted `cabundle.crt`, `REQUESTS_CA_BUNDLE`
 * or `SSL_CERT_FILE`, added to those of Node and of the system. A bundle that cannot be read is a warning, as in KServe.
 *
 * @param first a bundle that goes before all others, such as `AWS_CA_BUNDLE`.
 * @returns `undefined` where nothing was configured.
 */
export function trustedCertificates(env: NodeJS.ProcessEnv, warn: (line: string) => void, first?: string): readonly string[] | undefined {
  const bundles = [first, mountedBundle(env), env['REQUESTS_CA_BUNDLE'], env['SSL_CERT_FILE']].filter((path): path is string => Boolean(path));
  const extra: string[] = [];
  for (const path of new Set(bundles)) {
    try {
      extra.push(readFileSync(path, 'utf8'));
    } catch (error) {
      warn(`the CA bundle ${path} is not used: ${messageOf(error)}`);
    }
  }
  if (extra.length === 0) return undefined;
  return [...rootCertificates, ...SYSTEM_BUNDLES.flatMap(readQuietly), ...extra];
}

function mountedBundle(env: NodeJS.ProcessEnv): string | undefined {
  const folder = env['CA_BUNDLE_VOLUME_MOUNT_POINT'];
  return env['CA_BUNDLE_CONFIGMAP_NAME'] && folder ? join(folder, 'cabundle.crt') : undefined;
}

function readQuietly(path: string): string[] {
  try {
    return [readFileSync(path, 'utf8')];
  } catch {
    return [];
  }
}
