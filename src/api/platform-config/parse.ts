import { messageOf } from '../errors/isvc-error';
import type { Problem } from '../problem';
import { DEFAULT_PLATFORM_CONFIG, platformConfig } from './defaults';
import { MODE_ALIASES, parseMode, type ConfigMapData, type PlatformConfig, type PlatformConfigInput } from './types';

/** Keys of the ConfigMap that this version reads; the others are KServe's and are left alone. */
const SECTIONS = Object.keys(DEFAULT_PLATFORM_CONFIG) as (keyof PlatformConfig)[];

/**
 * Reads KServe's ConfigMap `inferenceservice-config`. A section that cannot be used is a problem and keeps its
 * defaults; KServe panics on it.
 */
export function parsePlatformConfig(data: ConfigMapData): { readonly config: PlatformConfig; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const input: Record<string, object> = {};
  for (const section of SECTIONS) {
    const text = data[section];
    if (text === undefined) continue;
    const value = parseSection(section, text, problems);
    if (value) input[section] = keepKnown(section, value, problems);
  }
  const ingress = input['ingress'] as { enableGatewayApi?: boolean } | undefined;
  // A ConfigMap written for KServe means KServe's default where it is silent: no Gateway API.
  if (ingress && ingress.enableGatewayApi === undefined) ingress.enableGatewayApi = false;
  const mode = (input['deploy'] as { defaultDeploymentMode?: string } | undefined)?.defaultDeploymentMode;
  if (mode !== undefined && !parseMode(mode)) {
    problems.push({
      code: 'ISVC_API_CONFIG', severity: 'error', path: 'data.deploy.defaultDeploymentMode',
      message: `must be one of ${Object.keys(MODE_ALIASES).join(', ')}, got "${mode}"`,
    });
    delete input['deploy'];
  }
  return { config: platformConfig(input as PlatformConfigInput), problems };
}

function parseSection(section: string, text: string, problems: Problem[]): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    throw new Error('not a JSON object');
  } catch (error) {
    problems.push({
      code: 'ISVC_API_CONFIG', severity: 'error', path: `data.${section}`,
      message: `must be a JSON object: ${messageOf(error)}`, hint: 'its defaults are used until it is mended',
    });
    return undefined;
  }
}

/** Parts that have no default, by example of their types. */
const OPTIONAL_PARTS: Readonly<Record<string, unknown>> = {
  'deploy.deploymentRolloutStrategy': { defaultRollout: { maxSurge: '', maxUnavailable: '' } },
  'router.headers': { propagate: [] },
};

/** What of a section is known and of the right type; each thing that is not is a problem, and its default stays. */
function keepKnown(path: string, value: Record<string, unknown>, problems: Problem[], examples = DEFAULT_PLATFORM_CONFIG[path as keyof PlatformConfig] as unknown as Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [key, fallback] of Object.entries(examples)) {
    const given = value[key];
    if (given === undefined) continue;
    const at = `${path}.${key}`;
    const example = OPTIONAL_PARTS[at] ?? fallback;
    if (!sameType(given, example)) problems.push({ code: 'ISVC_API_CONFIG', severity: 'error', path: `data.${at}`, message: `must be ${typeName(example)}, got ${JSON.stringify(given)}` });
    else if (isMap(example)) kept[key] = keepKnown(at, given as Record<string, unknown>, problems, example);
    else kept[key] = given;
  }
  return kept;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sameType(given: unknown, fallback: unknown): boolean {
  if (Array.isArray(fallback)) return Array.isArray(given) && given.every((g) => typeof g === 'string');
  return typeof given === typeof fallback && given !== null && !Array.isArray(given);
}

function typeName(value: unknown): string {
  return Array.isArray(value) ? 'a list of strings' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
