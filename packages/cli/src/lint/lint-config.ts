import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { parse } from 'yaml';
import { GATEWAY_API, ISTIO_NETWORKING_API, IsvcError, KEDA_API, KNATIVE_SERVING_API, OPENTELEMETRY_API, didYouMean, isJsonObject, messageOf } from 'cdk8s-kserve/api';
import { RULES, SEVERITIES, type LintOptions, type Severity } from 'cdk8s-kserve/lint';
import { matchesGlob } from './glob';

export const CONFIG_FILE = '.isvc-lint.yaml';

/** What `.isvc-lint.yaml` says. */
export interface LintConfig {
  readonly rules: NonNullable<LintOptions['rules']>;
  /** Group versions that the target cluster serves; undefined when nobody says. */
  readonly apis: readonly string[] | undefined;
  /** Whether a file is not looked at. */
  ignores(file: string): boolean;
}

/**
 * Reads the configuration: the file that is named, else the nearest `.isvc-lint.yaml` at or above the linted path.
 *
 * @throws IsvcError ISVC_CLI_USAGE when it cannot be read, or names rules that do not exist.
 */
export async function loadLintConfig(named: string | undefined, path: string): Promise<LintConfig> {
  const file = named ?? nearestConfig(path);
  if (file === undefined) return { rules: {}, apis: undefined, ignores: () => false };
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new IsvcError('ISVC_CLI_USAGE', `cannot read ${file}: ${messageOf(error)}`, { cause: error });
  });
  const { rules, ignore, apis } = parseConfig(text, file);
  const root = dirname(resolve(file));
  const shortened = (f: string): string => relative(root, resolve(f)).split(sep).join('/');
  return { rules, apis, ignores: (f) => ignore.some((pattern) => matchesGlob(shortened(f), pattern)) };
}

/** Stops at the top of a repository: what lies above it is not its own. */
function nearestConfig(path: string): string | undefined {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const file = join(folder, CONFIG_FILE);
    if (existsSync(file)) return file;
    if (existsSync(join(folder, '.git')) || dirname(folder) === folder) return undefined;
  }
}

const FIELDS = ['rules', 'ignore', 'apis'];
/** Optional APIs by the names that people call them. */
const OPTIONAL_APIS: Readonly<Record<string, string>> = {
  knative: KNATIVE_SERVING_API, gateway: GATEWAY_API, keda: KEDA_API, istio: ISTIO_NETWORKING_API, opentelemetry: OPENTELEMETRY_API,
};

interface ParsedConfig {
  readonly rules: Record<string, Severity | 'off'>;
  readonly ignore: readonly string[];
  readonly apis: readonly string[] | undefined;
}

function parseConfig(text: string, file: string): ParsedConfig {
  let value: unknown;
  try {
    value = parse(text) ?? {};
  } catch (error) {
    throw new IsvcError('ISVC_CLI_USAGE', `${file} is not YAML: ${messageOf(error)}`, { cause: error });
  }
  if (!isJsonObject(value)) throw new IsvcError('ISVC_CLI_USAGE', `${file} must be a map`, { hint: 'write rules: {CODE: off}, ignore: [PATTERN] and apis: [knative, gateway]' });
  const unknown = Object.keys(value).find((key) => !FIELDS.includes(key));
  if (unknown !== undefined) throw new IsvcError('ISVC_CLI_USAGE', `${file} has an unknown field "${unknown}"`, { hint: didYouMean(unknown, FIELDS) ?? `known are ${FIELDS.join(', ')}` });
  const { rules = {}, ignore = [], apis } = value;
  if (!isJsonObject(rules)) throw new IsvcError('ISVC_CLI_USAGE', `${file}: rules must be a map of codes, such as CODE: off`);
  if (!Array.isArray(ignore) || !ignore.every((p): p is string => typeof p === 'string')) throw new IsvcError('ISVC_CLI_USAGE', `${file}: ignore must be a list of patterns, such as vendor/**`);
  return { rules: Object.fromEntries(Object.entries(rules).map(([code, level]) => [code, levelOf(code, level, file)])), ignore, apis: apis === undefined ? undefined : apisOf(apis, file) };
}

function apisOf(value: unknown, file: string): readonly string[] {
  const names = Object.keys(OPTIONAL_APIS);
  if (!Array.isArray(value)) throw new IsvcError('ISVC_CLI_USAGE', `${file}: apis must be a list of what the cluster serves`, { hint: `of ${names.join(', ')}` });
  return value.map((name: unknown) => {
    const api = typeof name === 'string' ? (OPTIONAL_APIS[name] ?? (name.includes('/') ? name : undefined)) : undefined;
    if (api !== undefined) return api;
    throw new IsvcError('ISVC_CLI_USAGE', `${file}: apis has ${JSON.stringify(name)}`, { hint: (typeof name === 'string' ? didYouMean(name, names) : undefined) ?? `allowed are ${names.join(', ')} and group versions such as ${GATEWAY_API}` });
  });
}

function levelOf(code: string, level: unknown, file: string): Severity | 'off' {
  assertRule(code, file);
  const found = SEVERITIES.find((s) => s === level);
  if (found) return found;
  // YAML 1.1 reads a bare `off` as false, and editors may have written it back as such.
  if (level === 'off' || level === false) return 'off';
  throw new IsvcError('ISVC_CLI_USAGE', `${file}: rules.${code} must be one of ${SEVERITIES.join(', ')}, off; got ${JSON.stringify(level)}`);
}

/** @throws IsvcError ISVC_CLI_USAGE with the near names when no rule has the code. */
export function assertRule(code: string, where: string): void {
  if (RULES.some((r) => r.code === code)) return;
  throw new IsvcError('ISVC_CLI_USAGE', `${where}: there is no rule "${code}"`, { hint: didYouMean(code, RULES.map((r) => r.code)) ?? 'isvc lint --rules lists them' });
}
