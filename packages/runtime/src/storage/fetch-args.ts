import { isAbsolute } from 'node:path';
import { IsvcError } from 'cdk8s-kserve/api';
import type { VerificationOptions } from './verify/verification';

export interface FetchArgs {
  /** Sources, each with the folder that it goes to. */
  readonly pairs: readonly (readonly [source: string, target: string])[];
  readonly verification: VerificationOptions;
}

const OPTIONS = ['digests', 'signers', 'signature'] as const;
type Option = (typeof OPTIONS)[number];

/**
 * Reads `SOURCE TARGET [SOURCE TARGET ...] [--option=VALUE ...]`; options may stand anywhere.
 *
 * @throws IsvcError ISVC_CLI_USAGE for anything else.
 */
export function parseFetchArgs(args: readonly string[]): FetchArgs {
  const plain = args.filter((arg) => !arg.startsWith('--'));
  const options = new Map(args.filter((arg) => arg.startsWith('--')).map(optionOf));
  if (plain.length === 0 || plain.length % 2 !== 0) {
    throw new IsvcError('ISVC_CLI_USAGE', `sources and targets come in pairs, got ${plain.length} argument${plain.length === 1 ? '' : 's'}`, {
      hint: 'write isvc-runtime fetch SOURCE TARGET [SOURCE TARGET ...]',
    });
  }
  const single = options.has('digests') ? '--digests' : isAbsolute(options.get('signature') ?? '') ? '--signature with a path of this machine' : undefined;
  if (plain.length > 2 && single !== undefined) {
    throw new IsvcError('ISVC_CLI_USAGE', `${single} is of one model, got ${plain.length / 2}`, { hint: 'fetch them one by one, or sign each and give --signers' });
  }
  const pairs = Array.from({ length: plain.length / 2 }, (_, i) => [plain[2 * i] ?? '', plain[2 * i + 1] ?? ''] as const);
  return { pairs, verification: Object.fromEntries(options) };
}

function optionOf(arg: string): readonly [Option, string] {
  const [, name, value] = /^--([^=]*)=(.+)$/s.exec(arg) ?? [];
  const option = OPTIONS.find((known) => known === name);
  if (option !== undefined && value !== undefined) return [option, value];
  throw new IsvcError('ISVC_CLI_USAGE', `option "${arg}" is not known`, { hint: `allowed are ${OPTIONS.map((known) => `--${known}=FILE`).join(', ')}` });
}
