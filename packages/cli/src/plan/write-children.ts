import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { KubeObject } from 'cdk8s-kserve/api';
import type { ResourceChildren } from 'cdk8s-kserve/plan';

/** Writes each child to `FOLDER/namespace/kind.name.yaml`; files of others in the folder are left alone. */
export async function writeChildren(folder: string, resources: readonly ResourceChildren[]): Promise<number> {
  const children = resources.flatMap((s) => s.children);
  for (const child of children) {
    const group = child.apiVersion.startsWith('serving.knative.dev/') ? 'knative-' : '';
    const path = join(folder, child.metadata.namespace ?? '_cluster');
    await mkdir(path, { recursive: true });
    await writeFile(join(path, `${group}${child.kind.toLowerCase()}.${child.metadata.name}.yaml`), text(child));
  }
  return children.length;
}

function text(object: KubeObject): string {
  return stringify(object, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
}
