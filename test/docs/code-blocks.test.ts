import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { ERROR_CATALOGUE } from '../../src/api';
import { parseObjects } from '../support/canonical';

const ROOT = join(__dirname, '..', '..');

interface Block {
  readonly file: string;
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

function pages(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
    .filter((e) => e.isFile() && e.name.endsWith('.md'))
    .map((e) => relative(ROOT, join(e.parentPath, e.name)));
}

const PAGES = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...pages('docs'), ...pages('examples')];

function blocksOf(file: string): Block[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map((m) => ({
    file, language: m[1] ?? '', text: m[2] ?? '', line: text.slice(0, m.index).split('\n').length + 1,
  }));
}

const blocks = PAGES.flatMap(blocksOf);
const named = (language: string): [string, Block][] => blocks.filter((b) => b.language === language).map((b) => [`${b.file}:${b.line}`, b]);

/** Type-checks all blocks in one program, each as a module of its own beside this test. */
function compileErrors(sources: ReadonlyMap<string, string>): readonly string[] {
  const config = ts.readConfigFile(join(ROOT, 'tsconfig.test.json'), (f) => ts.sys.readFile(f)).config as { compilerOptions: object };
  const { options } = ts.convertCompilerOptionsFromJson({ ...config.compilerOptions, noUnusedLocals: false }, ROOT);
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (file) => sources.has(file) || fileExists(file);
  host.getSourceFile = (file, target) => {
    const text = sources.get(file);
    return text === undefined ? getSourceFile.call(host, file, target) : ts.createSourceFile(file, text, target);
  };
  const program = ts.createProgram([...sources.keys()], options, host);
  return [...sources.keys()].flatMap((file) => {
    const source = program.getSourceFile(file);
    const found = source ? [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)] : [];
    return found.map((d) => `${file.slice(ROOT.length + 1)}: ${ts.flattenDiagnosticMessageText(d.messageText, ' ')}`);
  });
}

describe('code blocks of the documentation', () => {
  it('compile, when they are TypeScript', () => {
    const sources = named('ts').map(([place, b]) => [join(ROOT, 'test', `${place.replace(/[^\w]/g, '-')}.ts`), `export {};\n${b.text}`] as const);
    expect(sources.length).toBeGreaterThan(0);
    expect(compileErrors(new Map(sources))).toEqual([]);
  });

  it('parse, when they are YAML', () => {
    for (const [, block] of named('yaml')) expect(() => parseObjects(block.text)).not.toThrow();
  });

  it('show the first example as it is', () => {
    const main = readFileSync(join(ROOT, 'examples/01-first-model/main.ts'), 'utf8');
    expect(named('ts').map(([, b]) => b.text)).toContain(main);
  });
});

describe('links of the documentation', () => {
  const links = PAGES.flatMap((file) =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(/\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)/g)].map((m) => [`${file} -> ${m[1]}`, file, m[1] ?? ''] as const),
  );

  it.each(links)('lead somewhere: %s', (_name, file, target) => expect(existsSync(resolve(ROOT, dirname(file), target))).toBe(true));
});

describe('the error reference', () => {
  it('has exactly one anchor a code', () => {
    const text = readFileSync(join(ROOT, 'docs/reference/errors.md'), 'utf8');
    expect([...text.matchAll(/^### (\w+)$/gm)].map((m) => m[1])).toEqual(Object.keys(ERROR_CATALOGUE));
  });

  it('is used: every code stands somewhere in the sources', () => {
    const sources = ['src', 'packages'].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
        .filter((e) => e.isFile() && e.name.endsWith('.ts') && /(^|\/)src(\/|$)/.test(relative(ROOT, e.parentPath)) && !e.parentPath.includes('node_modules') && e.name !== 'catalogue.ts')
        .map((e) => readFileSync(join(e.parentPath, e.name), 'utf8')),
    ).join('\n');
    expect(Object.keys(ERROR_CATALOGUE).filter((code) => !sources.includes(code))).toEqual([]);
  });
});
