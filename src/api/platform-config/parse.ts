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

function keepKnown(section: keyof PlatformConfig, value: Record<string, unknown>, problems: Problem[]): Record<string, unknown> {
  const defaults = DEFAULT_PLATFORM_CONFIG[section] as Readonly<Record<string, unknown>>;
  const kept: Record<string, unknown> = {};
  for (const [key, fallback] of Object.entries(defaults)) {
    const given = value[key];
    if (given === undefined) continue;
    if (sameType(given, fallback)) kept[key] = given;
    else problems.push({ code: 'ISVC_API_CONFIG', severity: 'error', path: `data.${section}.${key}`, message: `must be ${typeName(fallback)}, got ${JSON.stringify(given)}` });
  }
  return kept;
}

function sameType(given: unknown, fallback: unknown): boolean {
  if (Array.isArray(fallback)) return Array.isArray(given) && given.every((g) => typeof g === 'string');
  return typeof given === typeof fallback && given !== null;
}

function typeName(value: unknown): string {
  return Array.isArray(value) ? 'a list of strings' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
