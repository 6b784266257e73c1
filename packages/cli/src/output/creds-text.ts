import type { Colors } from 'picocolors/types';
import type { CredentialCheck, CredentialStatus } from '../creds/credential-check';

const WIDTH = 8;

/** A block for each access: whose it is and how it went, then with which credential, then what to do. */
export function credsText(checks: readonly CredentialCheck[], colors: Colors): string {
  const paint = { ok: colors.green, failed: colors.red, unknown: colors.yellow, skipped: colors.dim } satisfies Record<CredentialStatus, (text: string) => string>;
  const indent = ' '.repeat(WIDTH + 2);
  const blocks = checks.map((check) => {
    const { kind, namespace, name, component, status, source, credential, identity, message } = check;
    const head = `${paint[status](status.padEnd(WIDTH))}  ${colors.bold(`${kind} ${namespace}/${name}`)}${component ? ` ${component}` : ''}${source ? `  ${source}` : ''}\n`;
    const used = credential === '' ? '' : `${indent}credential: ${credential}${identity === undefined ? '' : `, known to the store as ${identity}`}\n`;
    return `${head}${used}${message === undefined ? '' : `${indent}${message}\n`}`;
  });
  return `${blocks.join('')}\n${summary(checks)}\n`;
}

function summary(checks: readonly CredentialCheck[]): string {
  const count = (status: CredentialStatus): number => checks.filter((c) => c.status === status).length;
  return `${count('ok')} ok, ${count('failed')} failed, ${count('unknown')} not known here, ${count('skipped')} with nothing to fetch`;
}
