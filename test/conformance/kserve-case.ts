import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CONFIG_MAP_NAME, type KubeObject } from '../../src/api';
import { parseObjects } from '../support/canonical';

/** Recorded answers of KServe's own controller; not part of the project, read where they lie beside it. */
export const CASES = join(__dirname, '..', '..', '..', 'shared', 'cases');

/** What KServe's controller made of one input, and the configuration it had. */
export interface KserveCase {
  readonly id: string;
  readonly input: readonly KubeObject[];
  /** Bodies that KServe sent, before API server defaults; undefined when it sent none. */
  readonly sent: readonly KubeObject[] | undefined;
  /** What it complained of. */
  readonly error: string | undefined;
  /** Runtimes, storage containers and the ConfigMap with this case's changes. */
  readonly world: readonly KubeObject[];
}

export function haveCases(): boolean {
  return existsSync(join(CASES, 'kserve'));
}

export function kserveCases(): readonly KserveCase[] {
  const world = readdirSync(join(CASES, 'world')).flatMap((file) => readObjects(join(CASES, 'world', file)));
  return readdirSync(join(CASES, 'kserve')).sort().map((id) => loadCase(id, world));
}

function loadCase(id: string, world: readonly KubeObject[]): KserveCase {
  const folder = join(CASES, 'kserve', id);
  const config = /^config: (.*)$/m.exec(readFileSync(join(folder, 'mode.txt'), 'utf8'))?.[1] ?? '{}';
  return {
    id,
    input: readObjects(join(folder, 'input.yaml')),
    sent: existsSync(join(folder, 'sent.yaml')) ? readObjects(join(folder, 'sent.yaml')) : undefined,
    error: existsSync(join(folder, 'error.txt')) ? readFileSync(join(folder, 'error.txt'), 'utf8') : undefined,
    world: world.map((o) => (o.metadata.name === CONFIG_MAP_NAME ? withConfig(o, JSON.parse(config) as Sections) : o)),
  };
}

type Sections = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A case changes keys of a section, each as a whole. */
function withConfig(configMap: KubeObject, changes: Sections): KubeObject {
  const data: Record<string, string> = { ...(configMap['data'] as Record<string, string>) };
  for (const [section, keys] of Object.entries(changes)) {
    data[section] = JSON.stringify({ ...(JSON.parse(data[section] ?? '{}') as object), ...keys });
  }
  return { ...configMap, data };
}

function readObjects(file: string): KubeObject[] {
  return parseObjects(readFileSync(file, 'utf8'));
}
