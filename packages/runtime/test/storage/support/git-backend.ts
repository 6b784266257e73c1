import { execFileSync, spawn, spawnSync } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tempFolder } from '../../support/temp-folder';
import { listen } from './servers';

/** Whether this machine has git and its web server. The fetcher itself needs neither. */
export const HAS_GIT = spawnSync('git', ['http-backend'], { env: { PATH: process.env['PATH'] ?? '', REQUEST_METHOD: 'GET' } }).status !== null
  && String(spawnSync('git', ['--exec-path']).stdout).length > 0;

/** A repository made with git itself, in `models.git` below `root`. */
export class GitRepository {
  readonly root = tempFolder();
  private readonly work = tempFolder();

  constructor() {
    this.git('init', '-q', '-b', 'main');
  }

  /** Adds files and commits. @returns the commit. */
  commit(files: Readonly<Record<string, string | Buffer>>, message = 'more'): string {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.work, path)), { recursive: true });
      writeFileSync(join(this.work, path), content);
    }
    this.git('add', '-A');
    this.git('commit', '-q', '-m', message);
    return this.git('rev-parse', 'HEAD').trim();
  }

  git(...args: readonly string[]): string {
    return this.gitInput('', ...args);
  }

  /** The same with text on its standard input. */
  gitInput(input: string, ...args: readonly string[]): string {
    const identity = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
    return execFileSync('git', args, { cwd: this.work, env: { ...process.env, ...identity }, encoding: 'utf8', input });
  }

  /** Puts it where the server has it, packed. */
  publish(): void {
    this.git('clone', '-q', '--bare', '--no-local', this.work, join(this.root, 'models.git'));
    this.git('-C', join(this.root, 'models.git'), 'repack', '-q', '-a', '-d', '-f', '--depth=50', '--window=50');
  }
}

export interface GitServerOptions {
  /** `user:password` that it wants to see. */
  readonly login?: string;
  /** What answers before git does. @returns whether it has answered. */
  readonly before?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** Serves a repository by `git http-backend`. */
export function gitBackend({ root }: GitRepository, { login, before }: GitServerOptions = {}): Promise<string> {
  return listen((request, response) => {
    if (before?.(request, response)) return;
    if (login !== undefined && request.headers.authorization !== `Basic ${Buffer.from(login).toString('base64')}`) {
      return void response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
    }
    const { pathname, search } = new URL(request.url ?? '/', 'http://x');
    const cgi = spawn('git', ['http-backend'], {
      env: {
        PATH: process.env['PATH'] ?? '', GIT_PROJECT_ROOT: root, GIT_HTTP_EXPORT_ALL: '1', REQUEST_METHOD: request.method ?? 'GET', PATH_INFO: decodeURIComponent(pathname),
        QUERY_STRING: search.slice(1), CONTENT_TYPE: request.headers['content-type'] ?? '', HTTP_GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
        GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: '*',
      },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    request.pipe(cgi.stdin);
    response.on('close', () => cgi.kill());
    const chunks: Buffer[] = [];
    cgi.stdout.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      if (response.destroyed) return;
      const answer = Buffer.concat(chunks);
      const end = answer.indexOf('\r\n\r\n');
      const headers = Object.fromEntries(answer.toString('latin1', 0, end).split('\r\n').map((line) => line.split(': ') as [string, string]));
      response.writeHead(parseInt(headers['Status'] ?? '200', 10), headers).end(answer.subarray(end + 4));
    });
  });
}
