import childProcess from 'node:child_process';
import dgram from 'node:dgram';
import dns from 'node:dns';
import fs from 'node:fs';
import net from 'node:net';
import vm from 'node:vm';
import worker from 'node:worker_threads';

/** What a model file must not bring about, by the module that does it. */
const FORBIDDEN: readonly (readonly [what: string, owner: object, names: readonly string[]])[] = [
  ['child_process', childProcess, ['exec', 'execFile', 'execFileSync', 'execSync', 'fork', 'spawn', 'spawnSync']],
  ['worker_threads', worker, ['Worker']],
  ['net', net, ['connect', 'createConnection', 'createServer']],
  ['net.Socket', net.Socket.prototype, ['connect']],
  ['net.Server', net.Server.prototype, ['listen']],
  ['dgram', dgram, ['createSocket']],
  ['dns', dns, ['lookup', 'resolve']],
  ['vm', vm, ['compileFunction', 'runInContext', 'runInNewContext', 'runInThisContext', 'Script']],
  ['process', process, ['dlopen', 'kill', 'chdir', 'setuid']],
  ['fs', fs, [
    'appendFile', 'appendFileSync', 'chmodSync', 'copyFile', 'copyFileSync', 'cpSync', 'createWriteStream', 'linkSync', 'mkdir', 'mkdirSync', 'mkdtempSync', 'openSync', 'rename', 'renameSync', 'rm',
    'rmSync', 'symlinkSync', 'truncateSync', 'unlink', 'unlinkSync', 'writeFile', 'writeFileSync',
  ]],
  ['fs/promises', fs.promises, ['appendFile', 'copyFile', 'cp', 'link', 'mkdir', 'mkdtemp', 'open', 'rename', 'rm', 'symlink', 'unlink', 'writeFile']],
];

/** Runs actions during which every way to the outside fails, and lists who tried one. */
export class SideEffectGuard {
  private readonly attempts: string[] = [];
  private watching = false;

  constructor() {
    for (const [what, owner, names] of FORBIDDEN) for (const name of names) this.replace(what, owner as Record<string, (...args: unknown[]) => unknown>, name);
  }

  /** @returns the answer of the action, and the calls that were kept from it. */
  async watch<T>(action: () => Promise<T>): Promise<{ readonly answer: T; readonly attempts: readonly string[] }> {
    this.watching = true;
    try {
      const answer = await action();
      return { answer, attempts: this.attempts.splice(0) };
    } finally {
      this.watching = false;
    }
  }

  private replace(what: string, owner: Record<string, (...args: unknown[]) => unknown>, name: string): void {
    const original = owner[name];
    if (!original) throw new Error(`this Node has no ${what}.${name}`);
    const isWatching = (): boolean => this.watching;
    const note = (): number => this.attempts.push(`${what}.${name}`);
    Object.defineProperty(owner, name, {
      configurable: true,
      value: function watched(this: unknown, ...args: unknown[]): unknown {
        if (!isWatching()) return Reflect.apply(original, this, args);
        note();
        throw new Error(`${what}.${name} was called`);
      },
    });
  }
}
