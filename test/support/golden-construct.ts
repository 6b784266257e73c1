import { App, Chart } from 'cdk8s';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseObjects } from './canonical';
import type { GoldenCase, GoldenMode } from './golden';
import { MODES } from './golden';
import { isInferenceGraph, isInferenceService, type KubeObject } from '../../src/api';
import type { ServiceObjectProps, Target } from '../../src';

/** What the constructs of a case are built with, to be spread into their properties. */
export type BuildProps = Required<Pick<ServiceObjectProps, 'mode' | 'output'>> & { readonly target?: Target };

/** The one export of `construct.ts`: the input as a user of the library would write it. */
export type Build = (chart: Chart, as: BuildProps, world: readonly KubeObject[]) => void;

export function hasConstruct(golden: GoldenCase): boolean {
  return existsSync(join(golden.folder, 'construct.ts'));
}

/**
 * What the constructs of a case write, without the objects of its world: runtimes, accounts and, for a graph, the
 * services that it calls are written by constructs too, and must be the world's to the letter.
 */
export function constructObjects(golden: GoldenCase, mode: GoldenMode, as: Omit<BuildProps, 'mode'>): readonly KubeObject[] {
  const { build } = jest.requireActual<{ build: Build }>(join(golden.folder, 'construct.ts'));
  const chart = new Chart(new App(), 'golden', { namespace: golden.service.metadata.namespace ?? 'default' });
  build(chart, { ...as, mode: MODES[mode] }, golden.worldObjects);
  const around = [...golden.worldObjects, ...inputBeside(golden)];
  return (chart.toJson() as KubeObject[]).filter((object) => {
    const told = around.find((o) => identity(o) === identity(object));
    if (told) expect(object).toEqual(told);
    return !told;
  });
}

/** Objects of input.yaml other than the resource of the case. */
function inputBeside({ folder, service }: GoldenCase): readonly KubeObject[] {
  const input = parseObjects(readFileSync(join(folder, 'input.yaml'), 'utf8'));
  return input.filter((o) => !(isInferenceGraph(o) || isInferenceService(o)) || identity(o) !== identity(service));
}

export function identity({ apiVersion, kind, metadata }: KubeObject): string {
  return `${apiVersion} ${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
}
