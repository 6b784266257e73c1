import { type SecureContextOptions, createSecureContext } from 'node:tls';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import type { Log } from '../../process/log';
import { readOptionFile, reloadOrKeep, watchForChange } from './watched-file';

/** Files of a certificate, PEM; cert-manager and OpenShift write them like this. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

const RELOAD_MS = 2000;

/**
 * Reads and checks a certificate with its key.
 *
 * @throws IsvcError ISVC_SERVER_OPTION for files that cannot be read or do not belong together.
 */
export function readTls({ cert, key }: TlsFiles): SecureContextOptions {
  const options: SecureContextOptions = { cert: readOptionFile(cert, '--tls_cert_file'), key: readOptionFile(key, '--tls_key_file'), minVersion: 'TLSv1.2' };
  try {
    createSecureContext(options);
  } catch (error) {
    throw new IsvcError('ISVC_SERVER_OPTION', `the certificate and the key cannot be used together: ${messageOf(error)}`, {
      path: cert, hint: 'give a PEM certificate chain and the PEM key that belongs to it', cause: error,
    });
  }
  return options;
}

/** What of a TLS server is needed to renew its certificate. */
export interface SecureServer {
  setSecureContext(options: SecureContextOptions): void;
}

/**
 * Gives a server its certificate anew when the files change; connections that are open keep theirs.
 *
 * @returns ends the watch.
 */
export function renewTls(server: SecureServer, files: TlsFiles, log: Log, reloadMs = RELOAD_MS): () => void {
  const reload = (): void => reloadOrKeep('TLS certificate', log, () => server.setSecureContext(readTls(files)));
  const stops = [files.cert, files.key].map((path) => watchForChange(path, reload, reloadMs));
  return () => stops.forEach((stop) => stop());
}
