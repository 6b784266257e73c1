import type { IncomingMessage, ServerResponse } from 'node:http';
import { FLUSH, DELIMITER, pktLine } from '../../../src/storage/git/pkt-line';
import { type GitObject, packed, packOf } from './git-objects';
import { listen } from './servers';

export interface FakeGitOptions {
  /** Names and what they stand for; `HEAD` too. @default - HEAD, main: the first object */
  readonly refs?: Readonly<Record<string, GitObject>>;
  /** What tag objects are of, by name of the ref. */
  readonly peeled?: Readonly<Record<string, GitObject>>;
  /** @default - of all objects */
  readonly pack?: Buffer;
  /** `user:password` that it wants to see. */
  readonly login?: string;
  /** What the server says it can do. */
  readonly abilities?: readonly string[];
  /** What answers before git does. @returns whether it has answered. */
  readonly before?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

const BAND_BYTES = 65_515;

/** A repository `models.git` in memory, by git's smart HTTP protocol, version 2, as far as one shallow fetch goes. */
export function fakeGit(objects: readonly GitObject[], options: FakeGitOptions = {}): Promise<string> {
  const { login, before, abilities = ['version 2', 'agent=fake', 'ls-refs=unborn', 'fetch=shallow wait-for-done', 'object-format=sha1'] } = options;
  return listen((request, response) => {
    if (before?.(request, response)) return;
    if (login !== undefined && request.headers.authorization !== `Basic ${Buffer.from(login).toString('base64')}`) {
      return void response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
    }
    const answer = (type: string, body: Buffer | string): void => void response.writeHead(200, { 'content-type': `application/x-git-upload-pack-${type}` }).end(body);
    if (request.url === '/models.git/info/refs?service=git-upload-pack') {
      return answer('advertisement', pktLine('# service=git-upload-pack') + FLUSH + abilities.map(pktLine).join('') + FLUSH);
    }
    if (request.url !== '/models.git/git-upload-pack') return void response.writeHead(404).end();
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const lines = linesOf(Buffer.concat(chunks));
      answer('result', lines.includes('command=ls-refs') ? refLines(objects, lines, options) : packAnswer(objects, lines, options));
    });
  });
}

function linesOf(body: Buffer): readonly string[] {
  const lines: string[] = [];
  for (let at = 0; at < body.length; ) {
    const length = parseInt(body.toString('latin1', at, at + 4), 16);
    if (length >= 4) lines.push(body.toString('utf8', at + 4, at + length).trimEnd());
    at += Math.max(length, 4);
  }
  return lines;
}

function refLines(objects: readonly GitObject[], lines: readonly string[], { refs, peeled = {} }: FakeGitOptions): string {
  const [first] = objects;
  const all = refs ?? (first ? { HEAD: first, 'refs/heads/main': first } : {});
  const prefixes = lines.filter((line) => line.startsWith('ref-prefix ')).map((line) => line.slice('ref-prefix '.length));
  const wanted = Object.entries(all).filter(([name]) => prefixes.some((prefix) => name.startsWith(prefix)));
  return wanted.map(([name, { oid }]) => pktLine(`${oid} ${name}${peeled[name] ? ` peeled:${peeled[name].oid}` : ''}`)).join('') + FLUSH;
}

function packAnswer(objects: readonly GitObject[], lines: readonly string[], { pack }: FakeGitOptions): Buffer {
  const wanted = lines.find((line) => line.startsWith('want '))?.slice('want '.length) ?? '';
  if (!objects.some(({ oid }) => oid === wanted)) return Buffer.from(pktLine(`ERR upload-pack: not our ref ${wanted}`));
  const bytes = pack ?? packOf(objects.map(packed));
  const parts: Buffer[] = [Buffer.from(pktLine('shallow-info') + pktLine(`shallow ${wanted}`) + DELIMITER + pktLine('packfile')), band(2, Buffer.from('Enumerating objects\n'))];
  for (let at = 0; at < bytes.length; at += BAND_BYTES) parts.push(band(1, bytes.subarray(at, at + BAND_BYTES)));
  return Buffer.concat([...parts, Buffer.from(FLUSH)]);
}

function band(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from((bytes.length + 5).toString(16).padStart(4, '0')), Buffer.from([number]), bytes]);
}
