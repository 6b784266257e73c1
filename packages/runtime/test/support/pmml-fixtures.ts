import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { compileDocument } from '../../src/formats/pmml/compile-document';
import { readXml } from '../../src/formats/pmml/xml/read-xml';

/** Files that scripts/fixtures/pmml_models.py has written, and documents by hand with answers that it has written. */
const FIXTURES = join(__dirname, '../fixtures/pmml');

type Cell = string | number | boolean | null;

/** What JPMML-Evaluator answered; a row it refuses is `{ error }`. */
export interface PmmlAnswers {
  readonly inputs: readonly string[];
  readonly rows: readonly Readonly<Record<string, Cell>>[];
  readonly answers: readonly Readonly<Record<string, Cell>>[];
}

export function pmmlNames(): readonly string[] {
  const inFolder = (folder: string): string[] => readdirSync(join(FIXTURES, folder)).filter((file) => file.endsWith('.pmml')).map((file) => join(folder, file.slice(0, -5)));
  return [...inFolder('.'), ...(existsSync(join(FIXTURES, 'handmade')) ? inFolder('handmade') : [])];
}

export function pmmlPath(name: string): string {
  return join(FIXTURES, `${name}.pmml`);
}

export function pmmlBytes(name: string): Buffer {
  return readFileSync(pmmlPath(name));
}

export function pmmlAnswers(name: string): PmmlAnswers {
  return JSON.parse(gunzipSync(readFileSync(join(FIXTURES, `${name}.expected.json.gz`))).toString('utf8')) as PmmlAnswers;
}

/** Compiles the text of a document. */
export function documentOf(text: string): ReturnType<typeof compileDocument> {
  return compileDocument(readXml(Buffer.from(text), 'model.pmml'));
}
