import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KubeObject } from 'cdk8s-kserve/api';
import { parseObjects } from '../../support/canonical';

/** The CustomResourceDefinitions in the YAML files of a folder. */
export async function readCrds(folder: string): Promise<readonly KubeObject[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.yaml'));
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return texts.flatMap(parseObjects).filter(({ kind }) => kind === 'CustomResourceDefinition');
}
