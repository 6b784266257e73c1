import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

/**
 * Starts `isvc run ... --json` as a process of its own and follows its events.
 *
 * @returns `ready`: resolves with the ready event, or rejects with the reason why it will never come; `ended`: resolves
 * when the process is gone; `stop()`: ends it and waits for that.
 */
export function startIsvcRun(root, args, say) {
  const child = spawn(process.execPath, [join(root, 'packages/cli/bin/isvc.js'), 'run', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const causes = [];
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  const ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
  const ready = new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const event = JSON.parse(line);
      if (event.event === 'started') say(`  API server ${event.apiServer}`);
      if (event.event === 'problem') causes.push(`${event.problem.file}: ${event.problem.message}`);
      if (event.event === 'failed') causes.push(`InferenceService ${event.service}: ${event.message}`);
      if (event.event === 'ready') resolve(event);
    });
    child.once('error', reject);
    void ended.then((code) => reject(new Error([...new Set(causes), stderr.trim()].filter(Boolean).join('\n  ') || `isvc run ended with ${code}`)));
  });
  ready.catch(() => {});
  return {
    ready,
    ended,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await ended;
    },
  };
}
