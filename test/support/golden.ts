import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ANNOTATION, isInferenceService, problemLine, type InferenceService, type KubeObject } from '../../src/api';
import { render, worldFromObjects, type RenderResult, type World } from '../../src/render';
import { canonicalYaml, parseObjects } from './canonical';

export const GOLDEN = join(__dirname, '..', 'golden');
export const MODES = { raw: 'RawDeployment', serverless: 'Serverless' } as const;
export type GoldenMode = keyof typeof MODES;

/** One golden case: an input in its world, and what must come of it in each mode. */
export interface GoldenCase {
  readonly name: string;
  readonly folder: string;
  readonly service: InferenceService;
  readonly world: World;
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

function loadCase(name: string): GoldenCase {
  const folder = join(GOLDEN, name);
  const input = parseObjects(readFileSync(join(folder, 'input.yaml'), 'utf8'));
  const service = input.find(isInferenceService) as InferenceService | undefined;
  if (!service) throw new Error(`${folder}/input.yaml holds no InferenceService`);
  const worldFile = join(folder, 'world.yaml');
  const worldObjects = existsSync(worldFile) ? parseObjects(readFileSync(worldFile, 'utf8')) : [];
  const { world, problems } = worldFromObjects(worldObjects);
  if (problems.length > 0) throw new Error(`${worldFile}: ${problems.map(problemLine).join('; ')}`);
  const annotated = service.metadata.annotations?.[ANNOTATION.deploymentMode];
  const modes = (Object.keys(MODES) as GoldenMode[]).filter((m) => annotated === undefined || MODES[m] === annotated);
  return { name, folder, service, world, worldObjects, modes };
}

/** The input with the mode's annotation, as a user would write it. */
export function inMode(service: InferenceService, mode: GoldenMode): InferenceService {
  const annotations = { ...service.metadata.annotations, [ANNOTATION.deploymentMode]: MODES[mode] };
  return { ...service, metadata: { ...service.metadata, annotations } };
}

export function renderCase(golden: GoldenCase, mode: GoldenMode): RenderResult {
  return render(inMode(golden.service, mode), golden.world);
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
  const written = ['input.yaml', 'world.yaml', 'construct.ts'];
  return new Map(readdirSync(golden.folder).filter((f) => !written.includes(f)).map((f) => [f, readFileSync(join(golden.folder, f), 'utf8')]));
}
