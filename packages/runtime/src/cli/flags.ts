import { IsvcError } from 'cdk8s-kserve/api';

/** How the text of a flag becomes its value; a switch may stand alone, which means true. */
export type FlagKind = 'text' | 'integer' | 'seconds' | 'boolean' | 'switch';

export interface Flag {
  readonly kind: FlagKind;
  /** Shown in the help; an empty string shows nothing. */
  readonly default: string;
  readonly help: string;
  readonly min?: number;
  readonly max?: number;
  /** The only values of a text flag. @default - any */
  readonly choices?: readonly string[];
  /** Accepted and checked because manifests for KServe's servers have it, but it changes nothing here. */
  readonly unused?: true;
}

export interface ParsedFlags {
  /** Text of every known flag that was given; the last one wins. */
  readonly values: ReadonlyMap<string, string>;
  /** Arguments nothing here knows, as they were written. */
  readonly unknown: readonly string[];
}

const TRUE = ['y', 'yes', 't', 'true', 'on', '1'];
const FALSE = ['n', 'no', 'f', 'false', 'off', '0'];

/**
 * Splits `--flag value` and `--flag=value`, in the way of KServe's servers: what is not in `table` is collected, not
 * refused, together with the values that follow it.
 *
 * @throws IsvcError ISVC_SERVER_OPTION naming every flag whose value is missing or wrong.
 */
export function parseFlags(args: readonly string[], table: Readonly<Record<string, Flag>>): ParsedFlags {
  const values = new Map<string, string>();
  const unknown: string[] = [];
  const problems: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const argument = args[i] ?? '';
    const equals = argument.indexOf('=');
    const name = argument.startsWith('--') ? argument.slice(2, equals < 0 ? undefined : equals) : '';
    const flag = Object.hasOwn(table, name) ? table[name] : undefined;
    if (!flag) {
      unknown.push(argument);
      continue;
    }
    const next = args[i + 1];
    const alone = flag.kind === 'switch' && equals < 0 && (next === undefined || !isBoolean(next));
    const value = alone ? 'true' : equals < 0 ? next : argument.slice(equals + 1);
    if (equals < 0 && !alone) {
      if (value === undefined || value.startsWith('--')) {
        problems.push(`--${name} needs a value (${expected(flag)})`);
        continue;
      }
      i++;
    }
    const problem = problemOf(flag, value ?? '');
    if (problem) problems.push(`--${name} ${problem}, got "${value}"`);
    else values.set(name, value ?? '');
  }
  if (problems.length > 0) throw new IsvcError('ISVC_SERVER_OPTION', problems.join('; '));
  return { values, unknown };
}

/** @param text a value that `parseFlags` has accepted for a boolean flag. */
export function isTrue(text: string): boolean {
  return TRUE.includes(text.toLowerCase());
}

function isBoolean(text: string): boolean {
  return TRUE.includes(text.toLowerCase()) || FALSE.includes(text.toLowerCase());
}

function problemOf(flag: Flag, value: string): string | undefined {
  if (flag.kind === 'text') {
    if (flag.choices && !flag.choices.includes(value)) return `must be ${expected(flag)}`;
    return value === '' ? 'must not be empty' : undefined;
  }
  if (flag.kind === 'boolean' || flag.kind === 'switch') return isBoolean(value) ? undefined : `must be ${expected(flag)}`;
  const shape = flag.kind === 'integer' ? /^-?\d+$/ : /^-?\d+(\.\d+)?$/;
  const number = Number(value);
  const inside = number >= (flag.min ?? 0) && number <= (flag.max ?? Number.MAX_SAFE_INTEGER);
  return shape.test(value) && inside ? undefined : `must be ${expected(flag)}`;
}

function expected(flag: Flag): string {
  if (flag.kind === 'text') return flag.choices ? flag.choices.join(' or ') : 'text';
  if (flag.kind === 'boolean' || flag.kind === 'switch') return 'true or false';
  const unit = flag.kind === 'integer' ? 'an integer' : 'a number of seconds';
  const min = flag.min ?? 0;
  return flag.max === undefined ? `${unit} >= ${min}` : `${unit} from ${min} to ${flag.max}`;
}
