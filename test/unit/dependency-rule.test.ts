import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const LIB = 'cdk8s-kserve';

/** What each part may import of the others: the rule of ARCHITECTURE.md. A part may always import itself. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'src/api': [],
  'src/render': ['src/api'],
  'src/status': ['src/api', 'src/render'],
  'src/plan': ['src/api', 'src/render', 'src/status'],
  'src/lint': ['src/api', 'src/render', 'src/status'],
  'src/constructs': ['src/api', 'src/render', 'src/status'],
  'src/gitops': ['src/api'],
  'src': ['src/api', 'src/render', 'src/status', 'src/lint', 'src/constructs', 'src/gitops'],
  'packages/controller': ['src/api', 'src/render', 'src/status'],
  'packages/runtime': ['src/api'],
  'packages/local': ['src/api', 'src/render', 'src/status', 'packages/controller', 'packages/runtime'],
  'packages/cli': ['src/api', 'src/render', 'src/status', 'src/plan', 'src/lint', 'packages/controller', 'packages/runtime', 'packages/local'],
};
/** Third-party packages of the library itself; what servers need stays in packages/. */
const LIBRARY_PACKAGES = ['cdk8s', 'constructs', 'yaml'];
/** Pure parts import nothing from Node. */
const PURE = ['src/api', 'src/render', 'src/status', 'src/plan', 'src/lint'];

interface Import {
  readonly file: string;
  readonly target: string;
}

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
    .filter((e) => e.isFile() && e.name.endsWith('.ts'))
    .map((e) => relative(ROOT, join(e.parentPath, e.name)));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const found = [...text.matchAll(/(?:\bfrom\s+|\bimport\s*\(\s*|\brequire\s*\(\s*|^import\s+)['"]([^'"]+)['"]/gm)].map((m) => m[1] ?? '');
  return found.map((target) => ({ file, target }));
}

function partOf(path: string): string {
  const [first = '', second = ''] = path.split('/');
  if (first === 'packages') return `packages/${second}`;
  return second.endsWith('.ts') || second === '' ? 'src' : `src/${second}`;
}

/** The part that an import leads to, or undefined for a third-party or Node module. */
function targetPart({ file, target }: Import): string | undefined {
  if (target.startsWith('.')) return partOf(relative(ROOT, resolve(ROOT, dirname(file), target)));
  const inner = new RegExp(`^${LIB}(?:-(controller|runtime|local|cli))?(?:/(api|render|status|plan|lint))?(?:/|$)`).exec(target);
  if (!inner) return undefined;
  const [, workspace, subpath] = inner;
  if (workspace) return `packages/${workspace}`;
  return subpath ? `src/${subpath}` : 'src';
}

const imports = ['src', 'packages/controller/src', 'packages/runtime/src', 'packages/local/src', 'packages/cli/src'].flatMap(sources).flatMap(importsOf);

describe('the dependency rule', () => {
  it('sees the imports', () => expect(imports.length).toBeGreaterThan(100));

  it('holds for every import between parts', () => {
    const broken = imports
      .map((i) => ({ ...i, from: partOf(i.file), to: targetPart(i) }))
      .filter(({ from, to }) => to !== undefined && to !== from && !ALLOWED[from]?.includes(to));
    expect(broken.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });

  it('keeps the library to its few packages and its pure parts free of Node', () => {
    const library = imports.filter((i) => i.file.startsWith('src/') && targetPart(i) === undefined);
    const writesFiles = (i: Import): boolean => partOf(i.file) === 'src/gitops' && i.target.startsWith('node:');
    const foreign = library.filter((i) => !writesFiles(i) && !LIBRARY_PACKAGES.includes(i.target.split('/')[0] ?? ''));
    const impure = library.filter((i) => PURE.includes(partOf(i.file)));
    expect([...foreign, ...impure].map((i) => `${i.file} imports ${i.target}`)).toEqual([]);
  });

  it('allows no import cycle', () => {
    const graph = new Map<string, string[]>();
    for (const { file, target } of imports) {
      if (!target.startsWith('.')) continue;
      const base = relative(ROOT, resolve(ROOT, dirname(file), target));
      graph.set(file, [...(graph.get(file) ?? []), `${base}.ts`, `${base}/index.ts`]);
    }
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
      if (done.has(file) || path.includes(file)) return;
      for (const next of graph.get(file) ?? []) if (graph.has(next)) visit(next, [...path, file]);
      done.add(file);
    };
    for (const file of graph.keys()) visit(file, []);
    expect(cycles).toEqual([]);
  });
});
