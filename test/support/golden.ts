import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ANNOTATION, isInferenceGraph, isInferenceService, problemLine, type ComponentRole, type InferenceGraph, type InferenceService, type KubeObject } from '../../src/api';
import { render, renderGraph, worldFromObjects, type RenderResult, type World } from '../../src/render';
import { canonicalYaml, parseObjects } from './canonical';

export const GOLDEN = join(__dirname, '..', 'golden');
export const MODES = { raw: 'RawDeployment', serverless: 'Serverless' } as const;
export type GoldenMode = keyof typeof MODES;

/** One golden case: an input in its world, and what must come of it in each mode. */
export interface GoldenCase {
  readonly name: string;
  readonly folder: string;
  readonly service: InferenceService | InferenceGraph;
  readonly world: World;
  /** The world is fully told by worldObjects: no facts that only a running cluster has. */
  readonly plain: boolean;
  /** Objects of world.yaml, for harnesses that apply them. */
  readonly worldObjects: readonly KubeObject[];
  /** Modes it is rendered in: the one its annotation names, or both. */
  readonly modes: readonly GoldenMode[];
}

export function goldenCases(): readonly GoldenCase[] {
  return readdirSync(GOLDEN, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => loadCase(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What world-facts.yaml may say: things that no manifest tells. */
interface WorldFacts {
  readonly apis?: readonly string[];
  readonly rolledOut?: Partial<Record<ComponentRole, string>>;
  readonly unavailable?: readonly string[];
}

function loadCase(name: string): GoldenCase {
  const folder = join(GOLDEN, name);
  const input = parseObjects(readFileSync(join(folder, 'input.yaml'), 'utf8'));
  const service = (input.find(isInferenceGraph) ?? input.find(isInferenceService)) as GoldenCase['service'] | undefined;
  if (!service) throw new Error(`${folder}/input.yaml holds no InferenceService or InferenceGraph`);
  const worldFile = join(folder, 'world.yaml');
  const worldObjects = existsSync(worldFile) ? parseObjects(readFileSync(worldFile, 'utf8')) : [];
  const { world: told, problems } = worldFromObjects([...worldObjects, ...input.filter((o) => o !== service)]);
  if (problems.length > 0) throw new Error(`${worldFile}: ${problems.map(problemLine).join('; ')}`);
  const annotated = service.metadata.annotations?.[ANNOTATION.deploymentMode];
  const modes = (Object.keys(MODES) as GoldenMode[]).filter((m) => annotated === undefined || MODES[m] === annotated);
  const factsFile = join(folder, 'world-facts.yaml');
  const facts = existsSync(factsFile) ? (parse(readFileSync(factsFile, 'utf8')) as WorldFacts) : undefined;
  const plain = facts === undefined && input.length === 1 && isInferenceService(service);
  return { name, folder, service, world: facts ? withFacts(told, facts) : told, worldObjects, modes, plain };
}

function withFacts(world: World, { apis, rolledOut, unavailable }: WorldFacts): World {
  const observed = { ...(rolledOut ? { rolledOut } : {}), ...(unavailable ? { unavailable: new Set(unavailable) } : {}) };
  return { ...world, ...(apis ? { apis: new Set(apis) } : {}), observed };
}

/** The input with the mode's annotation, as a user would write it. */
export function inMode<T extends KubeObject>(service: T, mode: GoldenMode): T {
  const annotations = { ...service.metadata.annotations, [ANNOTATION.deploymentMode]: MODES[mode] };
  return { ...service, metadata: { ...service.metadata, annotations } };
}

/** @param given a resource to put in the place of the case's own. */
export function renderCase(golden: GoldenCase, mode: GoldenMode, given: KubeObject = golden.service): RenderResult {
  const resource = inMode<KubeObject>(given, mode);
  return isInferenceGraph(resource) ? renderGraph(resource as InferenceGraph, golden.world) : render(resource as InferenceService, golden.world);
}

/** All files that a case must have, by name. */
export function expectedFiles(golden: GoldenCase): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const decisions: string[] = [];
  const problems: string[] = [];
  for (const mode of golden.modes) {
    const result = renderCase(golden, mode);
    if (result.children.length > 0) files.set(`${mode}.yaml`, canonicalYaml(result.children));
    decisions.push(`${mode}`, ...result.decisions.map((d) => `  ${d.topic}: ${d.choice} (${d.because})`));
    if (result.problems.length > 0) problems.push(`${mode}`, ...result.problems.map((p) => `  ${p.severity} ${problemLine(p)} [${p.code}]`));
  }
  files.set('decisions.txt', `${decisions.join('\n')}\n`);
  if (problems.length > 0) files.set('problems.txt', `${problems.join('\n')}\n`);
  return files;
}

/** Files that a case has now, other than what a person writes. */
export function presentFiles(golden: GoldenCase): ReadonlyMap<string, string> {
  const written = ['input.yaml', 'world.yaml', 'world-facts.yaml', 'construct.ts'];
  return new Map(readdirSync(golden.folder).filter((f) => !written.includes(f)).map((f) => [f, readFileSync(join(golden.folder, f), 'utf8')]));
}
